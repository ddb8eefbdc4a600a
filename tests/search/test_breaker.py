import pytest

from search.breaker import CircuitBreaker
from search.errors import (
    EmbedderUnavailable,
    IndexMissing,
    SearchError,
    SearchRejected,
    SearchUnavailable,
)

AWAY = SearchUnavailable("it does not answer")
RESTS = "failed a moment ago"


class Clock:
    """A clock that is put forward by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(rest_seconds=2, clock=clock)


def ask(breaker: CircuitBreaker, error: SearchError | None = None) -> str:
    """Ask an engine that answers, or fails with this: what became of the question."""
    try:
        with breaker.asking():
            if error is not None:
                raise error
    except SearchError as raised:
        return raised.reason
    return "answered"


def test_an_engine_that_answers_is_asked_each_time(breaker: CircuitBreaker) -> None:
    assert [ask(breaker) for _ in range(3)] == ["answered"] * 3


def test_an_engine_that_failed_is_left_alone_for_a_while(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    ask(breaker, AWAY)

    clock.seconds = 1.9
    told = ask(breaker)

    assert RESTS in told


def test_one_question_alone_finds_out_whether_it_is_back(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    ask(breaker, AWAY)
    clock.seconds = 2

    with breaker.asking():
        meanwhile = ask(breaker)

    assert RESTS in meanwhile
    assert ask(breaker) == "answered"


def test_a_probe_that_fails_begins_the_rest_anew(breaker: CircuitBreaker, clock: Clock) -> None:
    ask(breaker, AWAY)
    clock.seconds = 2
    probed = ask(breaker, AWAY)

    clock.seconds = 3.9
    rests = ask(breaker)
    clock.seconds = 4
    again = ask(breaker)

    assert probed == AWAY.reason
    assert RESTS in rests
    assert again == "answered"


def test_a_probe_that_was_given_up_leaves_the_next_one_to_find_out(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    ask(breaker, AWAY)
    clock.seconds = 2

    with pytest.raises(KeyboardInterrupt), breaker.asking():
        raise KeyboardInterrupt

    assert ask(breaker) == "answered"


def test_an_answer_from_before_the_failure_ends_no_rest(breaker: CircuitBreaker) -> None:
    with breaker.asking():
        ask(breaker, AWAY)

    assert RESTS in ask(breaker)


@pytest.mark.parametrize(
    "error",
    [IndexMissing("no index"), EmbedderUnavailable("no embedder"), SearchRejected("no such field")],
)
def test_an_engine_that_says_what_is_wrong_is_not_away(
    breaker: CircuitBreaker, error: SearchError
) -> None:
    ask(breaker, error)

    assert ask(breaker) == "answered"
