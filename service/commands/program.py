"""The command `precedent`: one subcommand an act."""

import sys

import typer

from search.errors import SearchError
from service.commands import backups, library, maintenance, serving, tokens, transfer
from service.domain.errors import LibraryError

app = typer.Typer(
    name="precedent",
    help="Precedent 先例: a case library for social-account crises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serving.serve)
app.command("import")(transfer.import_files)
app.command("export")(transfer.export)
app.command("seed")(transfer.seed)
app.command("rebuild")(maintenance.rebuild)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("doctor")(maintenance.doctor)
app.command("export-schema")(maintenance.export_schema)
app.command("library-page")(library.write_library_page)
app.add_typer(tokens.app, name="token")


def run() -> None:
    """Run a subcommand. What is refused is said in one line, without a stack trace."""
    try:
        app()
    except (LibraryError, SearchError) as error:
        print(f"precedent: {error}", file=sys.stderr)
        sys.exit(1)
