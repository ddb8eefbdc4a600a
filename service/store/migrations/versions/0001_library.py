"""The library, its entries and their projection."""

import sqlalchemy as sa
from alembic import op

from service.store.columns import BigId, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("sharing", sa.String(length=24), nullable=False),
        sa.Column("revision", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("library_revision", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("kind", "slug", name="uq_entries_kind_slug"),
        sa.UniqueConstraint("number", name="uq_entries_number"),
    )
    op.create_index("ix_entries_library_revision", "entries", ["library_revision"])

    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "library",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("library_id", sa.String(length=36), nullable=False),
        sa.Column("revision", BigId, nullable=False),
        sa.Column("index_epoch", sa.Integer(), nullable=False),
        sa.Column("seeded_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_library"),
    )
    op.create_table(
        "publications",
        sa.Column("revision", BigId, autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=36), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_publications"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_table(
        "cases",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("verdict", sa.String(length=24), nullable=True),
        sa.Column("first_statement_from_hours", sa.Double(), nullable=True),
        sa.Column("first_statement_to_hours", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_cases_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_cases"),
    )
    op.create_table(
        "cited_sources",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_cited_sources_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "key", name="pk_cited_sources"),
    )
    op.create_index("ix_cited_sources_identity_entry_id", "cited_sources", ["identity", "entry_id"])

    op.create_table(
        "entry_links",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("target_kind", sa.String(length=24), nullable=False),
        sa.Column("target_slug", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_entry_links_entry_id"),
        sa.PrimaryKeyConstraint(
            "entry_id", "item", "relation", "target_kind", "target_slug", name="pk_entry_links"
        ),
    )
    op.create_index(
        "ix_entry_links_target_kind_target_slug", "entry_links", ["target_kind", "target_slug"]
    )

    op.create_table(
        "entry_terms",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("vocabulary", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_entry_terms_entry_id"),
        sa.PrimaryKeyConstraint(
            "entry_id", "item", "field", "vocabulary", "code", name="pk_entry_terms"
        ),
    )
    op.create_index(
        "ix_entry_terms_vocabulary_code_entry_id", "entry_terms", ["vocabulary", "code", "entry_id"]
    )

    op.create_table(
        "outbox",
        sa.Column("id", BigId, nullable=False),
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("library_revision", BigId, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_outbox_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_table(
        "outcome_metrics",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("comparator", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_outcome_metrics_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "position", name="pk_outcome_metrics"),
    )
    op.create_index("ix_outcome_metrics_metric_value", "outcome_metrics", ["metric", "value"])

    op.create_table(
        "revisions",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_revisions_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "number", name="pk_revisions"),
    )
    op.create_table(
        "statements",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_hours", sa.Double(), nullable=True),
        sa.Column("to_hours", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_statements_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "key", name="pk_statements"),
    )


def downgrade() -> None:
    op.drop_table("statements")
    op.drop_table("revisions")
    op.drop_index("ix_outcome_metrics_metric_value", table_name="outcome_metrics")

    op.drop_table("outcome_metrics")
    op.drop_table("outbox")
    op.drop_index("ix_entry_terms_vocabulary_code_entry_id", table_name="entry_terms")

    op.drop_table("entry_terms")
    op.drop_index("ix_entry_links_target_kind_target_slug", table_name="entry_links")

    op.drop_table("entry_links")
    op.drop_index("ix_cited_sources_identity_entry_id", table_name="cited_sources")

    op.drop_table("cited_sources")
    op.drop_table("cases")
    op.drop_table("tokens")
    op.drop_table("publications")
    op.drop_table("library")
    op.drop_table("leases")
    op.drop_index("ix_entries_library_revision", table_name="entries")

    op.drop_table("entries")
