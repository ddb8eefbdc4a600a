"""The tables. Entries, revisions, tokens and the library row are the truth.

The rest is a projection that only publishing writes and `rebuild` recreates from the revisions.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.store.columns import BigId, UtcTime


class Row(DeclarativeBase):
    """What all tables share: names for constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class LibraryRow(Row):
    """One row: which library this is, and its revision, which grows with each publish.

    `index_epoch` grows when the indexes are to be made anew whatever they hold.
    """

    __tablename__ = "library"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    library_id: Mapped[str] = mapped_column(String(36))
    revision: Mapped[int] = mapped_column(BigId)
    index_epoch: Mapped[int]
    seeded_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PublicationRow(Row):
    """One library revision: when it was published, by whom, and a stamp of its own.

    The stamp tells two histories apart that have the same numbers, as after a restored backup.
    """

    __tablename__ = "publications"

    revision: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    stamp: Mapped[str] = mapped_column(String(36))
    author: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class EntryRow(Row):
    """An entry and the revision it has published; `library_revision` is when it last did.

    `listed_revision` is when that last changed what the entry is found, ordered and counted by.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        Index(None, "library_revision"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[str | None] = mapped_column(String(16), unique=True)
    sharing: Mapped[str] = mapped_column(String(24))
    revision: Mapped[int] = mapped_column(BigId)
    digest: Mapped[str] = mapped_column(String(64))
    library_revision: Mapped[int] = mapped_column(BigId)
    listed_revision: Mapped[int] = mapped_column(BigId, server_default="0")


class RevisionRow(Row):
    """One saved body of an entry, never changed once written."""

    __tablename__ = "revisions"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class OutboxRow(Row):
    """A published entry that the search index has not confirmed yet."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    library_revision: Mapped[int] = mapped_column(BigId)


class LeaseRow(Row):
    """Who alone may do something, until when.

    A lease has an end, so that what a dead holder left is taken over; SQLite has no row locks to
    skip, and one code path serves both databases.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    ends_at: Mapped[datetime] = mapped_column(UtcTime)


class TokenRow(Row):
    """An API token, kept only as its hash."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CaseRow(Row):
    """What cases are filtered, ordered and compared by; `number` is 9999 for CASE-9999.

    Of a length of time the lower end says whether it is known; without an upper end it has none.
    """

    __tablename__ = "cases"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigId, server_default="0", index=True)
    country: Mapped[str | None] = mapped_column(String(2))
    year: Mapped[int | None]
    level: Mapped[str | None] = mapped_column(String(24))
    verdict: Mapped[str | None] = mapped_column(String(24))
    first_statement_from_hours: Mapped[float | None]
    first_statement_to_hours: Mapped[float | None]
    resolved_from_hours: Mapped[float | None]
    resolved_to_hours: Mapped[float | None]
    subsided_from_days: Mapped[float | None]
    subsided_to_days: Mapped[float | None]
    reversed: Mapped[bool | None]
    promise_broken: Mapped[bool | None]


class StatementRow(Row):
    """A statement of a case, by its key; `position` is its place in the case."""

    __tablename__ = "statements"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    from_hours: Mapped[float | None]
    to_hours: Mapped[float | None]


class OutcomeMetricRow(Row):
    """One measured outcome of a case."""

    __tablename__ = "outcome_metrics"
    __table_args__ = (Index(None, "metric", "value"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    metric: Mapped[str] = mapped_column(String(120))
    value: Mapped[float | None]
    comparator: Mapped[str] = mapped_column(String(8))
    unit: Mapped[str] = mapped_column(String(120))


class RemedyRow(Row):
    """Something a case's owner paid or offered; `position` is its place in the case."""

    __tablename__ = "remedies"
    __table_args__ = (Index(None, "kind"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(120))


class SecondaryEffectRow(Row):
    """What a case set off elsewhere, and how many hours after the first signal."""

    __tablename__ = "secondary_effects"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(120))
    verified: Mapped[bool]
    from_hours: Mapped[float | None]
    to_hours: Mapped[float | None]


class EntryTermRow(Row):
    """A vocabulary code an entry uses, and each code above it with `direct` false.

    `item` is the key of the statement or step that uses it, empty for the entry itself.
    """

    __tablename__ = "entry_terms"
    __table_args__ = (Index(None, "vocabulary", "code", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    vocabulary: Mapped[str] = mapped_column(String(60), primary_key=True)
    code: Mapped[str] = mapped_column(String(120), primary_key=True)
    direct: Mapped[bool]


class EntryLinkRow(Row):
    """An entry that names another: a curated link between cases, an example, a template."""

    __tablename__ = "entry_links"
    __table_args__ = (Index(None, "target_kind", "target_slug"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    relation: Mapped[str] = mapped_column(String(24), primary_key=True)
    target_kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    target_slug: Mapped[str] = mapped_column(String(80), primary_key=True)


class CitedSourceRow(Row):
    """A source as an entry names it; the same publication has the same identity everywhere."""

    __tablename__ = "cited_sources"
    __table_args__ = (Index(None, "identity", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    identity: Mapped[str] = mapped_column(String(64))


PROJECTION: tuple[type[Row], ...] = (
    CaseRow,
    StatementRow,
    OutcomeMetricRow,
    RemedyRow,
    SecondaryEffectRow,
    EntryTermRow,
    EntryLinkRow,
    CitedSourceRow,
)
