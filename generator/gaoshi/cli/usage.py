"""Wrong usage in the user's language: how the verb is called, where its help is, what was wrong."""

from __future__ import annotations

import click

from gaoshi.cli.surroundings import words


def show(error: click.ClickException) -> None:
    """Print the error with click's frame around it, in the language that was chosen; click's own sentences stay."""
    catalogue = words()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        pieces = " ".join(context.command.collect_usage_pieces(context))
        click.echo(catalogue.text("cli.usage.usage", command=context.command_path, pieces=pieces), err=True)
        click.echo(catalogue.text("cli.usage.help", command=context.command_path) + "\n", err=True)
    click.echo(catalogue.text("cli.usage.error", message=_message(error)), err=True)


def _message(error: click.ClickException) -> str:
    if type(error) is not click.BadParameter:  # those below it word their messages themselves
        return error.format_message()
    hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param else "")
    return words().text("cli.usage.bad_value", option=hint, message=error.message) if hint else error.format_message()
