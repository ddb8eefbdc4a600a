"""What can be set, by environment variables that begin with PRECEDENT_."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from search.embedders import Embedder
from service.domain.access import AccessRole
from service.domain.errors import LibraryError

PREFIX = "PRECEDENT_"


class WrongSettings(LibraryError):
    """A setting cannot be used; the message names the variable and what would be right."""

    code = "WRONG_SETTINGS"


def _is_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url


def _embedder(given: object) -> object:
    return Embedder.from_json(given) if isinstance(given, str) else given


class Settings(BaseSettings):
    """The settings of one process, read once at start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True
    )

    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port it listens on; 0 takes a free one."
    )
    var: Path = Field(
        default=Path("var"), description="Data folder: database, indexes, logs, the engine."
    )
    database_url: str | None = Field(
        default=None,
        description="`postgresql://…` or `sqlite:///…`; by default SQLite in the data folder.",
    )
    meili_url: Annotated[str, AfterValidator(_is_address)] | None = Field(
        default=None, description="A Meilisearch to use; by default the service starts its own."
    )
    meili_key: str = Field(default="", description="The key of that Meilisearch.")
    meili_seconds: float = Field(
        default=0.2,
        gt=0,
        le=10,
        description="A search by words that takes Meilisearch longer is answered without it.",
    )
    embedder: Annotated[Embedder | None, NoDecode, BeforeValidator(_embedder)] = Field(
        default=None,
        description="One embedder of Meilisearch, as a JSON object: turns on search by meaning.",
    )
    semantic_ratio: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share by which meaning counts in `searchLibrary` where there is an embedder.",
    )
    anonymous_role: AccessRole | None = Field(
        default=None, description="Role of a request without a token; by default it is refused."
    )
    graphiql: bool = Field(default=True, description="Whether GraphiQL is served at /graphql.")
    seed: bool = Field(
        default=True, description="Whether a new library is filled with the seed library."
    )
    database_pool: int = Field(
        default=8, ge=2, le=200, description="How many database connections one process keeps."
    )
    metrics: Literal["off", "token", "loopback", "open"] = Field(
        default="loopback",
        description="Who may read `/metrics`: nobody, a token, also this machine, or everybody.",
    )
    slow_seconds: float = Field(
        default=1.0, ge=0, description="An operation that takes longer is logged as slow."
    )
    otlp_endpoint: Annotated[str, AfterValidator(_is_address)] | None = Field(
        default=None,
        description="Where traces are sent by OTLP over HTTP; by default none are made.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least grave event that is logged."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="`json`, `text`, or text on a terminal and JSON elsewhere."
    )

    @classmethod
    def read(cls) -> Self:
        """The settings of the environment. Raises `WrongSettings` that names each wrong one."""
        try:
            return cls()
        except ValidationError as error:
            wrong = [
                f"{PREFIX}{str(part['loc'][0]).upper()}: {part['msg']}" for part in error.errors()
            ]
            raise WrongSettings("\n".join(wrong)) from None

    def with_address(self, host: str | None, port: int | None) -> Self:
        """These settings with what a command line says of the address."""
        given = {"host": host, "port": port}
        return self.model_copy(
            update={name: value for name, value in given.items() if value is not None}
        )

    @property
    def effective_database_url(self) -> str:
        """The database that is used."""
        return self.database_url or f"sqlite:///{self.var.absolute() / 'precedent.db'}"
