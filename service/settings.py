"""What can be set, by environment variables that begin with PRECEDENT_."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from search.embedders import Embedder
from service.domain.access import AccessRole
from service.domain.errors import LibraryError

PREFIX = "PRECEDENT_"

_ORIGIN = re.compile(r"https?://([\w.-]+|\[[0-9a-f:]+\])(:\d+)?", re.ASCII | re.IGNORECASE)


class WrongSettings(LibraryError):
    """A setting cannot be used; the message names the variable and what would be right."""

    code = "WRONG_SETTINGS"


def _is_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url


def _listed(given: object) -> object:
    return tuple(filter(None, re.split(r"[,\s]+", given))) if isinstance(given, str) else given


def _are_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin} is no origin; give each as https://desk.example.org, without a path"
            )
    return tuple(origin.lower() for origin in origins)


def _are_networks(given: tuple[str, ...]) -> tuple[str, ...]:
    if given == ("none",):
        return ()
    for network in given:
        try:
            ip_network(network)
        except ValueError:
            raise ValueError(
                f"{network} is neither an address nor a network like 10.0.0.0/8"
            ) from None
    return given


def _embedder(given: object) -> object:
    return Embedder.from_json(given) if isinstance(given, str) else given


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


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
    production: bool = Field(
        default=False,
        description="Whether what helps development is off where it is not set by itself.",
    )
    graphiql: bool | None = Field(
        default=None,
        description="Whether GraphiQL is served at /graphql; by default not in production.",
    )
    introspection: bool | None = Field(
        default=None,
        description="Whether the schema can be asked for; by default not in production.",
    )
    suggestions: bool | None = Field(
        default=None,
        description="Whether a refusal names what the schema has near a misspelt name; by default not in production.",
    )
    batch: int = Field(
        default=0,
        ge=0,
        le=50,
        description="How many operations one body may hold as a list; 0 takes no list.",
    )
    origins: Annotated[Listed, AfterValidator(_are_origins)] = Field(
        default=(),
        description="Origins whose pages may ask from a browser, with commas between; by default none.",
    )
    trusted_proxies: Annotated[Listed, AfterValidator(_are_networks)] = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses and networks whose `X-Forwarded-For` and `-Proto` are believed.",
    )
    hsts_seconds: int = Field(
        default=0,
        ge=0,
        description="How long browsers are told to come by TLS only, over TLS; 0 tells them nothing.",
    )
    rate_by_token: int | None = Field(
        default=None,
        ge=0,
        description="Requests a second one token may send; 0 sets no limit. By default 50 in production.",
    )
    rate_by_address: int | None = Field(
        default=None,
        ge=0,
        description="Requests a second one address may send; 0 sets no limit. By default 200 in production.",
    )
    request_seconds: float = Field(
        default=10,
        gt=0,
        description="After how many seconds a request is given up, its body not yet read included.",
    )
    documents: Path | None = Field(
        default=None,
        description="A folder of `.graphql` files whose documents are known by their hash.",
    )
    only_persisted: bool = Field(
        default=False,
        validate_default=True,
        description="Whether the documents of that folder are the only ones that are answered.",
    )
    seed: bool = Field(
        default=True, description="Whether a new library is filled with the seed library."
    )
    database_pool: int = Field(
        default=8, ge=2, le=200, description="How many database connections one process keeps."
    )
    cached_entries: int = Field(
        default=3_000,
        ge=100,
        le=1_000_000,
        description="How many entries read last are kept in memory; a case takes some 50 KB.",
    )
    answers_mb: int = Field(
        default=64,
        ge=0,
        le=4_000,
        description="Megabytes of answers kept until what they were made from changes; 0 keeps none.",
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
    subscriptions: int = Field(
        default=2_000, ge=0, description="How many subscriptions one process holds at once."
    )
    subscriptions_per_connection: int = Field(
        default=20, ge=1, description="How many operations one WebSocket may run at once."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least grave event that is logged."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="`json`, `text`, or text on a terminal and JSON elsewhere."
    )

    @field_validator("only_persisted")
    @classmethod
    def _has_documents(cls, only_persisted: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic passes it
        if only_persisted and others.data.get("documents") is None:
            raise ValueError(f"needs {PREFIX}DOCUMENTS, or nothing would be answered")
        return only_persisted

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

    def helps(self, given: bool | None) -> bool:  # noqa: FBT001 - a setting's own value
        """Whether something that helps development is on: as it is set, else not in production."""
        return not self.production if given is None else given

    @property
    def most_by_token(self) -> int:
        """How many requests a second are answered to one token; 0 for as many as come."""
        return self._rate(self.rate_by_token, in_production=50)

    @property
    def most_by_address(self) -> int:
        """How many requests a second are answered to one address; 0 for as many as come."""
        return self._rate(self.rate_by_address, in_production=200)

    def _rate(self, given: int | None, *, in_production: int) -> int:
        if given is not None:
            return given
        return in_production if self.production else 0

    @property
    def effective_database_url(self) -> str:
        """The database that is used."""
        return self.database_url or f"sqlite:///{self.var.absolute() / 'precedent.db'}"
