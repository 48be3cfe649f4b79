"""`gaoshi new KIND`: a notice from its kind's skeleton, with what can be inferred filled in."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

import click

from gaoshi.cli import USAGE
from gaoshi.cli.surroundings import at_option, instant, language_option, project_option, say, words
from gaoshi.core.board import Board
from gaoshi.core.notice import ROOT
from gaoshi.core.reading import suggest
from gaoshi.core.standard import Kind
from gaoshi.core.words import Catalogue

_SLUG = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)
_YES, _NO = frozenset({"y", "yes", "是"}), frozenset({"n", "no", "否", "不是"})


@click.command("new", epilog="Example: gaoshi new utility-outage --subtype water", short_help="Write a new notice.")
@click.argument("kind", required=False)
@click.option("--subtype", help="What is out, for a utility-outage: water, power, gas, lift or heating.")
@click.option("--unplanned/--planned", default=None, help="It has happened already, or not (asked on a terminal).")
@click.option("--slug", help="Name of the notice's folder.")
@click.option("--title", help="Title in the board's first language.")
@click.option("--department", help="Department that asks for the notice (default: yours, by your git e-mail address).")
@click.option("--approver", help="Roster id of who is asked to approve (default: the first who may and is not you).")
@click.option("--languages", help="Languages of the notice, such as zh,en (default: the board's first).")
@at_option
@language_option
@project_option
@click.pass_context
def command(
    ctx: click.Context,
    kind: str | None,
    subtype: str | None,
    *,
    unplanned: bool | None,
    slug: str | None,
    title: str | None,
    department: str | None,
    approver: str | None,
    languages: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Write a new notice of KIND; asks for what is missing and cannot be inferred.

    Your department is inferred from the roster by your git e-mail address, the approver from the
    policy, dates from the standard's lead times. What only you know is left as a blank (＿＿).
    """
    del language  # every question and answer asks for the one that was chosen
    from gaoshi.cli.skeleton import Plan, infer, write  # noqa: PLC0415
    from gaoshi.sources.settings import read_settings  # noqa: PLC0415
    from gaoshi.sources.snapshot import open_snapshot  # noqa: PLC0415

    with open_snapshot(root, None) as snapshot:
        settings = read_settings(snapshot)
        email = snapshot.repository.setting("user.email")
    with_root = snapshot.repository.root
    board, roster = settings.board, settings.roster
    moment = instant(at, board.zone)
    month = f"{moment.astimezone(board.zone):%Y-%m}"

    def folder_of(name: str) -> Path:
        return with_root / ROOT / month / name

    _refuse_unknown("--department", department, board.departments)
    _refuse_unknown("--approver", approver, roster.people)
    codes = _languages(languages, board)
    if slug is not None and (refusal := _slug_refusal(slug, folder_of)):
        raise click.BadParameter(refusal, param_hint="--slug")
    chosen = _kind(kind, board)
    subtype = _subtype(subtype, chosen)
    happened = _happened(unplanned, chosen)
    as_is = board.standard.kind_for(chosen.slug, unplanned=happened, values={})
    assert as_is is not None
    inferred = infer(settings, email, urgent=as_is.timeliness == "urgent", at=moment)
    department = department or inferred.department or _choose("department", "--department", _names(board))
    title = _one_line(title or "") or _ask("title", "--title", form=words().text(f"document_formats.{as_is.format}"))
    slug = slug or _ask_slug(_suggest_slug(chosen.slug, subtype, moment.astimezone(board.zone), folder_of), folder_of)
    plan = Plan(
        kind=chosen.slug,
        subtype=subtype,
        unplanned=happened,
        title=title,
        department=department,
        approver=approver or inferred.approver,
        at=moment,
        languages=codes,
    )
    folder = folder_of(slug)
    shown = folder.relative_to(with_root)
    try:
        blanks = write(folder, plan, board)
    except FileExistsError:
        say("cli.new.exists", path=shown)
        ctx.exit(USAGE)
    notice_id = f"{month}/{slug}"
    where = [words().text("cli.new.blanks", name=name, number=number) for name, number in blanks.items() if number]
    say("cli.new.written", path=shown, blanks=words().text("formats.list").join(where), id=notice_id)
    within = board.standard.timeliness[as_is.timeliness].within
    if happened and within is not None:
        limit = moment + within
        say("cli.new.public_by", limit=words().moment(limit, board.zone, year=limit.astimezone(board.zone).year))
    click.echo(notice_id)


# ── what was given ───────────────────────────────────────────────────────────────────────────────


def _refuse_unknown(option: str, value: str | None, known: Iterable[str]) -> None:
    """Raise click.BadParameter for a value that is none of `known`, with the one that was probably meant."""
    names = list(known)
    if value is None or value in names:
        return
    raise click.BadParameter(_unknown("cli.new.unknown", value, names), param_hint=option)


def _unknown(key: str, value: str, names: list[str]) -> str:
    catalogue = words()
    near = suggest(value, names)
    text = catalogue.text(key, value=value, choices=catalogue.text("formats.list").join(names))
    return text + (catalogue.text("cli.did_you_mean", value=near) if near else "")


def _languages(given: str | None, board: Board) -> tuple[str, ...]:
    """The notice's languages, the board's first one leading."""
    codes = [code for code in re.split(r"[\s,，、]+", given or "") if code]
    for code in codes:
        _refuse_unknown("--languages", code, board.languages)
    return tuple(dict.fromkeys((board.language, *codes)))


def _kind(given: str | None, board: Board) -> Kind:
    """The kind that was given, by its slug or its label, or is chosen now."""
    catalogue, kinds = words(), board.standard.kinds
    labels = {slug: _label(kind, catalogue) for slug, kind in kinds.items()}
    if given is None:
        given = _choose("kind", "KIND", labels)
    given = _slug_of(given, labels)
    if given not in kinds:
        raise click.BadParameter(_unknown("cli.new.unknown_kind", given, list(kinds)), param_hint="KIND")
    return kinds[given]


def _label(kind: Kind, catalogue: Catalogue) -> str:
    found = catalogue.find(f"kinds.{kind.slug}")
    return kind.label.get(catalogue.language) or (found if isinstance(found, str) else kind.slug)


def _subtype(given: str | None, kind: Kind) -> str:
    """What is out, for a kind that has subtypes; nothing for any other."""
    if not kind.subtypes:
        if given is not None:
            raise click.BadParameter(words().text("cli.new.no_subtypes", kind=kind.slug), param_hint="--subtype")
        return ""
    labels = {slug: words().text(f"subtypes.{slug}") for slug in kind.subtypes}
    if given is None:
        return _choose("subtype", "--subtype", labels)
    given = _slug_of(given, labels)
    _refuse_unknown("--subtype", given, labels)
    return given


def _happened(given: bool | None, kind: Kind) -> bool:
    """Whether the matter has happened already: by its kind, as told, or as answered on a terminal."""
    if "occurred_at" in kind.requires:
        return True
    if not kind.unplanned:
        if given:
            raise click.BadParameter(words().text("cli.new.always_planned", kind=kind.slug), param_hint="--unplanned")
        return False
    if given is None and _on_terminal():
        return _confirm("unplanned", "--unplanned")
    return bool(given)


def _slug_of(text: str, labels: Mapping[str, str]) -> str:
    """The slug that `text` is, or is the label of; `text` itself when it is neither."""
    text = text.strip()
    return next((slug for slug, label in labels.items() if text == label), text)


def _slug_refusal(slug: str, folder_of: Callable[[str], Path]) -> str:
    """Why a folder cannot have this name, or nothing."""
    if not _SLUG.fullmatch(slug):
        return words().text("cli.new.bad_slug")
    folder = folder_of(slug)
    return words().text("cli.new.exists", path=Path(*folder.parts[-3:])) if os.path.lexists(folder) else ""


def _suggest_slug(kind: str, subtype: str, day: datetime, folder_of: Callable[[str], Path]) -> str:
    """A name by kind and day that is still free."""
    name = "-".join(part for part in (kind, subtype, f"{day:%d}") if part)
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, 1000))
    return next(name for name in names if not os.path.lexists(folder_of(name)))


def _names(board: Board) -> dict[str, str]:
    language = words().language
    return {slug: board.words(name, language) for slug, name in board.departments.items()}


def _one_line(text: str) -> str:
    return " ".join(text.encode(errors="replace").decode().split())


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(name: str, option: str, default: str = "", **values: str) -> str:
    """One line from whoever runs this. Raises click.UsageError naming `option` when there is no more input.

    Everything that is asked goes to standard error, so that standard output is the notice's id alone.
    """
    question = words().text(f"cli.new.{name}", **values)
    question += (f" [{default}]" if default else "") + words().text("formats.colon")
    while True:
        if _on_terminal():
            line = click.prompt(question, default="", show_default=False, prompt_suffix="", err=True)
        else:
            click.echo(question, nl=False, err=True)
            line = sys.stdin.readline()
            click.echo(line.strip(), err=True)
            if not line:
                raise click.UsageError(words().text("cli.new.missing", option=option))
        answer = _one_line(line) or default
        if answer:
            return answer


def _choose(name: str, option: str, choices: Mapping[str, str]) -> str:
    """One of `choices`, by its slug or its label."""
    for slug, label in choices.items():
        click.echo(f"  {slug:22} {label}", err=True)
    while True:
        answer = _slug_of(_ask(name, option), choices)
        if answer in choices:
            return answer
        click.echo(_unknown("cli.new.unknown", answer, list(choices)), err=True)


def _confirm(name: str, option: str) -> bool:
    while True:
        answer = _ask(name, option, default=words().text("cli.new.no")).lower()
        if answer in _YES | _NO:
            return answer in _YES


def _ask_slug(default: str, folder_of: Callable[[str], Path]) -> str:
    while True:
        answer = _ask("slug", "--slug", default)
        refusal = _slug_refusal(answer, folder_of)
        if not refusal:
            return answer
        click.echo(refusal, err=True)
