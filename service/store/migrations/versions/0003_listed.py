"""Since when an entry is found, ordered and counted by what it is now."""

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


def downgrade() -> None:
    op.drop_column("entries", "listed_revision")
