"""The command line: the only place that prints, prompts and exits. Verbs are imported when used."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module

import click

from gaoshi import __version__

VERBS = {
    "new": "Write a new notice from its skeleton.",
    "check": "Check notices; every finding with line, clause and fix.",
    "explain": "Explain a rule: what, why, how to fix.",
    "approve": "Approve a notice, or a change of the roster, with your SSH key.",
    "approvals": "Tell who approved what and what is missing; collect clicks.",
    "verify": "Prove the board again, from git and signatures alone.",
    "log": "Tell what owners could read, when and where; add to it.",
    "status": "List every notice and its state at an instant.",
    "screens": "List what each screen shows, and how long its round takes.",
    "next": "Tell the next instant at which the board changes.",
    "due": "Tell whether the public board has to be made anew.",
    "build": "Build the public board: approved and live notices only.",
    "watch": "Publish to a folder, always up to date: for a machine of one's own.",
    "confirm": "Prove that the public board shows the edition.",
    "serve": "Preview the working tree; reloads on save.",
    "summary": "Show changed notices as owners will read them, for a pull request.",
}

OK, WITHHELD, USAGE, SURROUNDINGS, DEFECT = 0, 1, 2, 3, 70
"""Exit statuses: fine; done, but something blocks; wrong usage; broken surroundings; a defect of ours."""


class _Verbs(click.Group):
    """Verbs by name, each in a module of its own that is imported only when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in VERBS:
            return None
        command = import_module(f"gaoshi.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gaoshi")
def group() -> None:
    """Gaoshi (告示): a git repository of notices in, an estate's public notice board out.

    Exit status: 0 fine; 1 done, but something is withheld or blocks; 2 wrong usage; 3 the
    surroundings are broken and nothing was published.

    Example: gaoshi check
    """


def main() -> None:
    """Run the command line; every error ends in one plain sentence and an exit status."""
    # Thousands of small frozen objects, hardly a cycle among them, and soon over (`serve` is another matter).
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a character shows a mark for it
            stream.reconfigure(errors="replace")
    try:
        sys.exit(group.main(standalone_mode=False) or OK)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("", err=True)
        sys.exit(USAGE)
    except click.ClickException as error:
        from gaoshi.cli.usage import show  # noqa: PLC0415

        show(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (as `| head` does); nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
    except Exception as error:  # noqa: BLE001  (the last resort)
        from gaoshi.cli.surroundings import explain_failure  # noqa: PLC0415

        sys.exit(explain_failure(error))
