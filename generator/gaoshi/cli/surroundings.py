"""What every verb needs of its surroundings: where the board is, what time it is, in which language."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import click

from gaoshi.cli import DEFECT, SURROUNDINGS
from gaoshi.core.failure import Failure
from gaoshi.core.instants import NotAnInstant, parse_instant
from gaoshi.core.published import NotABoard, Published, read_published
from gaoshi.core.words import Catalogue
from gaoshi.sources.settings import parse_board
from gaoshi.sources.settings_reader import SettingsError
from gaoshi.sources.templates import load_catalogue, own_templates

LANGUAGES = ("zh", "en")


def user_language() -> str:
    """Chinese or English, by the user's locale as POSIX orders its variables."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


_chosen: list[str] = []
"""The language that `--lang` asked for, so that an error speaks it too."""


def words(language: str | None = None) -> Catalogue:
    """What the command line says, in `language`, in the one that was chosen, or in the user's."""
    return _words(language or (_chosen[-1] if _chosen else user_language()))


def forget_language() -> None:
    """Begin a command: no language is chosen yet."""
    _chosen.clear()
    _words.cache_clear()


def _choose(_ctx: click.Context, _parameter: click.Parameter, language: str | None) -> str | None:
    if language:
        _chosen.append(language)
    return language


@functools.cache
def _words(language: str) -> Catalogue:
    catalogue = load_catalogue(own_templates(), language, sections=("cli", "rules", "words"))
    assert catalogue is not None
    return catalogue


def language_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--lang`."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(LANGUAGES),
        callback=_choose,
        is_eager=True,
        help="Language of messages (default: your locale's).",
    )(function)


def at_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--at`."""
    return click.option(
        "--at",
        "at",
        metavar="TIME",
        help='Judge at this instant, e.g. "2026-11-24 10:00" (board time) or 2026-11-24T02:00Z (default: now).',
    )(function)


def project_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--project`."""
    return click.option(
        "--project",
        "root",
        type=click.Path(path_type=Path),
        default=Path(),
        help="The board's repository (default: the one you stand in).",
    )(function)


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--format`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Form of the output.",
    )


def root_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--root`."""
    return click.option(
        "--root",
        "trusted",
        metavar="DIGEST",
        envvar="GAOSHI_ROOT",
        help="The first roster to trust, as git names it: git rev-parse REV:.github/approvers.yml.",
    )(function)


def judging_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What every verb takes that judges approval: `--root`, `--at`, `--lang`, `--project`."""
    return root_option(at_option(language_option(project_option(function))))


def published_board(path: Path, option: str) -> Published:
    """The `board.json` that `option` names. Raises click.BadParameter when it cannot be read or is none of ours."""
    try:
        return read_published(path.read_bytes())
    except (OSError, NotABoard):
        raise click.BadParameter(words().text("cli.no_manifest", path=path), param_hint=option) from None


def now() -> datetime:
    """The clock, read once a command: whole seconds, UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def instant(text: str | None, zone: tzinfo, option: str = "--at") -> datetime:
    """The instant that `option` names; now when it was not given. Raises click.BadParameter."""
    if text is None:
        return now()
    try:
        return parse_instant(text, zone).replace(microsecond=0)
    except NotAnInstant as error:
        raise click.BadParameter(
            words().text(f"cli.not_an_instant.{error.why}", value=text), param_hint=option
        ) from None


def zone_of(data: bytes | None) -> tzinfo:
    """The time zone of the board whose `mkdocs.yml` is `data`. Raises SettingsError."""
    return parse_board(data)[0].zone


def say(key: str, **values: object) -> None:
    """A sentence to people, on standard error."""
    click.echo(words().text(key, **values), err=True)


def explain_failure(error: Exception) -> int:
    """Say what went wrong in one sentence; the exit status that it asks for."""
    if isinstance(error, Failure):
        say(error.sentence, **error.values)
        return SURROUNDINGS
    if isinstance(error, SettingsError):
        say(f"cli.settings.{error.what}", line=error.position.line, column=error.position.column, **error.values)
        return SURROUNDINGS
    if type(error).__name__ in {"EngineError", "NotOurs", "Busy"}:
        say(f"cli.engine.{type(error).__name__}", detail=error)
        return SURROUNDINGS
    if isinstance(error, OSError):
        say("cli.system", detail=error.strerror or error, path=error.filename or "")
        return SURROUNDINGS
    if os.environ.get("GAOSHI_DEBUG"):
        import traceback  # noqa: PLC0415

        traceback.print_exception(error, file=sys.stderr)
    say("cli.defect", detail=f"{type(error).__name__}: {error}")
    return DEFECT
