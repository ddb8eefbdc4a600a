"""Whether the process lives, and whether it can answer."""

from service.app import Application
from service.http.health import Readiness
from service.operations.ports import Desk
from service.settings import Settings
from tests.library import Client, a_case, publish, small_vocabularies


async def test_a_process_that_lives_says_so_without_a_token(ask: Client) -> None:
    response = await ask.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_a_library_that_is_not_indexed_is_not_ready(ask: Client) -> None:
    response = await ask.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unready", "reasons": ["the library is being indexed"]}


async def test_without_the_engine_it_answers_degraded(
    application: Application, desk: Desk, ask: Client
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await application.indexer.look()

    response = await ask.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "reasons": ["the search engine is away"]}


async def test_with_everything_up_it_is_ready(application: Application, ask: Client) -> None:
    application.indexer.state.lexical_ready = True
    application.indexer.state.engine_ready = True

    response = await ask.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready", "reasons": []})


async def test_without_the_database_it_is_not_ready(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/no/such/folder/precedent.db"
    application = Application(Settings(database_url=url))
    application.indexer.state.lexical_ready = True

    found = await application.readiness()

    await application.database.aclose()
    assert found == Readiness(ready=False, degraded=True, reasons=("the database does not answer",))
