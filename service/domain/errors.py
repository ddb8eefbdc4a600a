"""What the library refuses, each with a stable code and a message fit for a reader."""

from dataclasses import dataclass
from typing import ClassVar


class LibraryError(Exception):
    """An expected refusal. The message says what was wrong and what would be right."""

    code: ClassVar[str] = "LIBRARY_ERROR"


class BadInput(LibraryError):
    """An argument cannot be used as it is."""

    code = "BAD_INPUT"


_QUOTED_MOST = 80


def quoted(text: str) -> str:
    """What was typed, as a message may hold it: short, in quotes, without half characters."""
    shown = text if len(text) <= _QUOTED_MOST else f"{text[:_QUOTED_MOST]}…"
    return f"'{shown.encode(errors='replace').decode()}'"


class NotAllowed(LibraryError):
    """The actor's role does not permit the action."""

    code = "NOT_ALLOWED"

    def __init__(self, action: str) -> None:
        super().__init__(f"Your role does not permit you to {action}.")
        self.action = action


class NotReady(LibraryError):
    """The service has not finished starting."""

    code = "NOT_READY"


class TooManySubscriptions(LibraryError):
    """There is no room for another subscription."""

    code = "TOO_MANY_SUBSCRIPTIONS"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} subscriptions run already; end one, or try again later.")
        self.most = most


class ServiceStopping(LibraryError):
    """The service ends, and every subscription with it."""

    code = "STOPPING"

    def __init__(self) -> None:
        super().__init__("The service is stopping; subscribe again, after your last cursor.")


class AccessChanged(LibraryError):
    """Whoever subscribed may not, or may see something else by now."""

    code = "ACCESS_CHANGED"

    def __init__(self) -> None:
        super().__init__("Your access has changed since you subscribed; subscribe again.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a document: where it stands, what it is, what would be right."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return (
            f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


PROBLEMS_SHOWN = 50


class InvalidDocuments(LibraryError):
    """Documents cannot be taken in; every problem is named."""

    code = "INVALID_DOCUMENTS"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
