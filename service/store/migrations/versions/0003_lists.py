"""Since when an entry is found and ordered by what it is now, and cases by their number."""

import sqlalchemy as sa
from alembic import op

from service.store.columns import BigId

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "entries", sa.Column("listed_revision", BigId, nullable=False, server_default="0")
    )
    op.execute("UPDATE entries SET listed_revision = library_revision")
    op.add_column("cases", sa.Column("number", BigId, nullable=False, server_default="0"))
    op.create_index("ix_cases_number", "cases", ["number"])


def downgrade() -> None:
    op.drop_index("ix_cases_number", table_name="cases")
    op.drop_column("cases", "number")
    op.drop_column("entries", "listed_revision")
