"""Run by Alembic on the connection it was given."""

from alembic import context

from service.store.rows import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
context.run_migrations()
