"""Languages (P-2.3): each declared language has its text, complete and really translated."""

from __future__ import annotations

from collections.abc import Iterator

from gaoshi.core.finding import Position, Severity
from gaoshi.core.notice import Text
from gaoshi.rules.problems import unread
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import listed, unknown

_NOT_WORDS = frozenset({"number", "register.reference"})
"""Text fields that are codes: the same in every language."""


def _path(case: Case, language: str) -> str:
    return f"{case.notice.path.removesuffix('notice.md')}notice.{language}.md"


def _translations(case: Case) -> Iterator[Text]:
    own = case.board.language
    return (text for code, text in case.notice.texts.items() if code != own)


def _names(case: Case, language: str) -> dict[str, str]:
    return {"language": language, "file": f"notice.{language}.md", "own": case.board.language}


@rule("L101", clause="P-2.3")
def own_language_is_declared(case: Case) -> Iterator[Report]:
    """The languages include the board's own (P-2.3), in which notice.md is written."""
    notice = case.notice
    if notice.has("languages") and case.board.language not in notice.languages:
        yield Report(notice.where("languages"), "", {"own": case.board.language, "value": listed(notice.languages)})


@rule("L102", clause="P-2.3")
def languages_are_known(case: Case) -> Iterator[Report]:
    """Each language is one that this board is shown in (P-2.3)."""
    for index, language in enumerate(case.notice.languages):
        if language not in case.board.languages:
            variant, values = unknown(language, case.board.languages)
            position = case.notice.where_item("languages", index)
            yield Report(position, variant, values)


@rule("L103", clause="P-2.3")
def declared_languages_have_a_text(case: Case) -> Iterator[Report]:
    """Each declared language has its text file (P-2.3)."""
    notice = case.notice
    for index, language in enumerate(notice.languages):
        if language == case.board.language or language in notice.texts or language not in case.board.languages:
            continue
        if unread(case, _path(case, language)):
            continue  # it is there and cannot be read, which R102 or R104 says
        position = notice.where_item("languages", index)
        yield Report(position, "", _names(case, language))


@rule("L104", clause="P-2.3", severity=Severity.WARNING)
def texts_are_declared(case: Case) -> Iterator[Report]:
    """Each text file's language is declared (P-2.3); an undeclared one is not shown."""
    for text in _translations(case):
        if case.notice.languages and text.language not in case.notice.languages:
            yield Report(Position(text.path), "", _names(case, text.language))


@rule("L105", clause="P-2.4")
def translations_have_title_and_text(case: Case) -> Iterator[Report]:
    """A translation has a title and a text (P-2.4)."""
    for text in _translations(case):
        if text.language not in case.notice.languages or unread(case, text.path):
            continue
        if not text.title.strip():
            yield Report(Position(text.path), "title", _names(case, text.language))
        if not text.body.strip():
            yield Report(Position(text.path, text.body_line), "body", _names(case, text.language))


@rule("L106", clause="P-2.3", severity=Severity.WARNING)
def translations_are_complete(case: Case) -> Iterator[Report]:
    """A translation gives every text field that the original has (P-2.3): no language is told less."""
    original = case.notice.texts.get(case.board.language)
    if original is None:
        return
    for text in _translations(case):
        if text.language not in case.notice.languages or unread(case, text.path):
            continue
        wanted = original.fields.keys() - text.fields.keys() - _NOT_WORDS - {"title"}
        if wanted:
            missing = listed(name for name in original.fields if name in wanted)
            yield Report(Position(text.path), "", {**_names(case, text.language), "fields": missing})


@rule("L107", clause="P-2.3", severity=Severity.HINT)
def translations_are_translated(case: Case) -> Iterator[Report]:
    """A translation says the same in other words (P-2.3): identical text was forgotten."""
    original = case.notice.texts.get(case.board.language)
    if original is None:
        return
    for text in _translations(case):
        if text.title and text.title == original.title:
            yield Report(Position(text.path), "title", _names(case, text.language))
        body = text.body.strip()
        if body and body == original.body.strip():
            yield Report(Position(text.path, text.body_line + 1), "body", _names(case, text.language))
