"""What a public board should be: that of an edition, or one that agrees with itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gaoshi.core.alongside import Kept
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.instants import exact_or_none
from gaoshi.core.markup import Page, read_words, squeezed
from gaoshi.core.notice import ROOT
from gaoshi.core.published import LONGEST, Published, Shown
from gaoshi.core.schedule import State

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,2}", re.ASCII)
_TELLING = re.compile(r"[^\W_][^\W_，。；、！？]{7,}")
"""Words that Markdown leaves as they are, and enough of them to be a notice's own."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a public board should be.

    `board` is what its `board.json` should say, `homes` the path of the home page by language. `gone` are the
    notices that must not be there, by id, each with a line of its text (or nothing) that no page may hold.
    `texts` are those of the live ones by id and language, without white space; empty where they are not known.

    `stale` is from when on its pages call themselves old, `policy` their content policy, `assets` their style sheets
    and scripts (empty: not known). `pages` are the board's own, such as the one about it, by path, each with some of
    its words. `files` are the pictures and files that must be there, by path, `dropped` those that must not. `root` is
    the path of the site's address. `soft` tells that the site answers as if there were a page where there is none.
    `screens` is what the screens' manifest should be (empty: not known), `screen_pages` are their pages by path, each
    with a word that it must hold. `built` are the pages and lists as they were built, by path (empty: not known).
    """

    board: Published
    homes: Mapping[str, str]
    stale: datetime
    policy: str
    gone: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    assets: frozenset[str] = frozenset()
    pages: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Kept] = field(default_factory=dict)
    dropped: Mapping[str, Kept] = field(default_factory=dict)
    root: str = "/"
    soft: bool = False
    screens: bytes = b""
    screen_pages: Mapping[str, str] = field(default_factory=dict)
    built: Mapping[str, bytes] = field(default_factory=dict)


def of_edition(edition: Edition, board: Published, policy: str) -> Expected:
    """What the public board of `edition` should be, as far as that tells; `board` is its manifest."""
    first, *others = edition.board.languages
    homes = {first: "", **{language: f"{language}/" for language in others}}
    gone = {entry.id: _telling(entry) for entry in edition.entries.values() if entry.state is not State.LIVE}
    texts = {entry.id: {language: read_words(html) for language, html in entry.html.items()} for entry in edition.live}
    return Expected(board, homes, edition.due + edition.board.standard.grace, policy, gone, texts)


def of_itself(board: Published, home: Page, root: str = "/") -> Expected:
    """What a board should be by its own manifest and what its home page says."""
    homes = {language: path for shown in board.notices.values() for language, path in _homes(shown)}
    if not homes:
        homes = {"": ""}
    for language, path in home.switches.items():
        if path == f"{language}/" and _LANGUAGE.fullmatch(language):
            homes.setdefault(language, path)
    stale = exact_or_none(home.stale)
    if stale is None or not board.due <= stale <= board.due + LONGEST:
        stale = board.due
    return Expected(board, homes, stale, home.policy, root=root)


def _homes(shown: Shown) -> Iterator[tuple[str, str]]:
    """The home page of each language that a notice is shown in, as its address tells; a strange address tells none."""
    for language, path in shown.url.items():
        for home in ("", f"{language}/"):
            if _LANGUAGE.fullmatch(language) and path == f"{home}{ROOT}/{shown.id}/":
                yield language, home


def _telling(entry: Entry) -> str:
    """Words of a notice's text that every page with the text would hold, and none that only says what it was."""
    texts = entry.notice.texts.values()
    told = [squeezed(value) for text in texts for value in text.fields.values()]
    return longest_words((text.body for text in texts), but=told)


def longest_words(markdown: Iterable[str], but: Iterable[str] = ()) -> str:
    """The longest words of texts that a page made of them holds as they are, without white space, and not in `but`."""
    but = list(but)
    lines = (squeezed(line) for text in markdown for line in _COMMENT.sub("\n", text).splitlines())
    runs = (run for line in lines for run in _TELLING.findall(line))
    return max((run for run in runs if not any(run in value for value in but)), key=len, default="")
