"""What evidence is counted from: remedies, secondary effects, and more of each case."""

import sqlalchemy as sa
from alembic import op

from service.store.columns import BigId

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CASE_COLUMNS = {
    "resolved_from_hours": sa.Double,
    "resolved_to_hours": sa.Double,
    "subsided_from_days": sa.Double,
    "subsided_to_days": sa.Double,
    "reversed": sa.Boolean,
    "promise_broken": sa.Boolean,
}


def upgrade() -> None:
    for name, kind in _CASE_COLUMNS.items():
        op.add_column("cases", sa.Column(name, kind(), nullable=True))
    op.create_table(
        "remedies",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_remedies_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "position", name="pk_remedies"),
    )
    op.create_index("ix_remedies_kind", "remedies", ["kind"])

    op.create_table(
        "secondary_effects",
        sa.Column("entry_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("from_hours", sa.Double(), nullable=True),
        sa.Column("to_hours", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_secondary_effects_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", "position", name="pk_secondary_effects"),
    )


def downgrade() -> None:
    op.drop_table("secondary_effects")
    op.drop_index("ix_remedies_kind", table_name="remedies")

    op.drop_table("remedies")
    for name in reversed(_CASE_COLUMNS):
        op.drop_column("cases", name)
