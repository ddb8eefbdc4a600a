"""The subcommands of `precedent`."""
