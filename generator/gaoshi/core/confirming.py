"""Is a public board what it should be? What is to be asked of it, and how an answer differs; pure comparison."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from urllib.parse import unquote, urlsplit

from gaoshi.core.alongside import NOWHERE, asset_checks, file_checks, judge_policy, named_checks
from gaoshi.core.answer import GONE, MISSING, OK, Answer, Check, Difference, not_had, shortened
from gaoshi.core.expected import Expected
from gaoshi.core.instants import exact_or_none
from gaoshi.core.manifests import as_told
from gaoshi.core.markup import Marked, Page, read_locations
from gaoshi.core.notice import ID_PATTERN, ROOT
from gaoshi.core.published import Shown
from gaoshi.core.screen_manifest import KIOSK, check_screen_page, check_screens

_PAGE = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,60}/){1,3}", re.ASCII)
_MOST_OWN = 50
"""So many pages of its own a board has at most, by what it says itself."""


def learned(expected: Expected, answers: Mapping[str, Answer]) -> Expected:
    """The same, with what only the site's answers tell: what it does where there is nothing, and its own pages."""
    pages = expected.pages
    if not pages and not expected.assets:
        pages = {path: "" for name, read in LISTS.items() for path in _own_pages(read(answers[name].body), expected)}
    return replace(expected, pages=pages, soft=answers[NOWHERE].status == OK)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def checks(expected: Expected) -> dict[str, Check]:
    """Every address that is to be asked, from the site's root, and how its answer is judged.

    Addresses are made from ids and languages that were checked, never taken from what a site said.
    """
    made: dict[str, Check] = {}
    for language, home in expected.homes.items():
        made[home] = partial(_check_home, home, language, expected)
        for notice in expected.board.notices.values():
            path = f"{home}{ROOT}/{notice.id}/"
            made[path] = partial(_check_notice, path, language, notice, expected)
        for notice_id, telling in expected.gone.items():
            path = f"{home}{ROOT}/{notice_id}/"
            made[path] = partial(_check_gone, path, notice_id, telling, expected)
    for path, telling in expected.pages.items():
        made[path] = partial(_check_own, path, telling, expected)
    made[NOWHERE] = partial(_check_nowhere, expected)
    for path, read in LISTS.items():
        made[path] = partial(_check_list, path, read, expected)
    made[KIOSK] = partial(check_screens, expected.board, expected.screens)
    for path, word in expected.screen_pages.items():
        made[path] = partial(check_screen_page, path, word)
    return made


def _check_home(path: str, language: str, expected: Expected, answer: Answer) -> Iterator[Difference]:
    page = answer.page
    wrong = list(_judge_page(path, expected, answer))
    yield from wrong
    if wrong:
        return
    shown = {card.id for card in page.cards}
    yield from (
        Difference("missing", path, notice_id) for notice_id in expected.board.notices if notice_id not in shown
    )
    for card in page.cards:
        notice = expected.board.notices.get(card.id)
        if notice is None:
            yield Difference("stranger", path, card.id)
        elif card.hidden_by:
            yield Difference("hidden", path, card.id, found=shortened(card.hidden_by))
        else:
            yield from _compare_shown(path, language, card, notice, expected.board.zone)


def _check_notice(path: str, language: str, notice: Shown, expected: Expected, answer: Answer) -> Iterator[Difference]:
    page = answer.page
    wrong = list(_judge_page(path, expected, answer))
    yield from wrong
    if wrong:
        return
    ids = list(dict.fromkeys(shown.id for shown in page.notices))
    seen = [shown for shown in page.notices if not shown.waiting]
    if ids != [notice.id]:
        yield Difference("other", path, notice.id, notice.id, ", ".join(ids))
    elif len(seen) != 1 or seen[0].over or not seen[0].has_text:
        yield Difference("over", path, notice.id)
    elif seen[0].hidden_by:
        yield Difference("hidden", path, notice.id, found=shortened(seen[0].hidden_by))
    else:
        yield from _compare_shown(path, language, seen[0], notice, expected.board.zone)
        texts = expected.texts.get(notice.id, {})
        wanted = [texts[language]] if language in texts else texts.values()
        if texts and not any(text in seen[0].text for text in wanted):
            yield Difference("words", path, notice.id)


def _compare_shown(path: str, language: str, shown: Marked, notice: Shown, zone: tzinfo) -> Iterator[Difference]:
    if shown.content_id != notice.content_id:
        yield Difference("content", path, notice.id, notice.content_id, shown.content_id)
    title = " ".join(_title(notice, language).split())
    if shown.title != title:
        yield Difference("title", path, notice.id, title, shown.title)
    if exact_or_none(shown.until) != notice.leaves:
        yield Difference("until", path, notice.id, as_told(notice.leaves, zone), shown.until)


def _title(notice: Shown, language: str) -> str:
    """The title in a language; where it has none, the one that it was written with first."""
    return notice.title.get(language) or next(iter(notice.title.values()), notice.id)


def _check_gone(path: str, notice_id: str, telling: str, expected: Expected, answer: Answer) -> Iterator[Difference]:
    page = answer.page
    if not _is_nothing(notice_id, expected, answer):
        wrong = list(_judge_page(path, expected, answer))
        yield from wrong
        if wrong:
            return
        shown = page.notices
        told = [one for one in shown if one.over and not (one.waiting or one.content_id or one.has_text)]
        if [one.id for one in shown] != [notice_id] or told != shown:
            yield Difference("still", path, notice_id)
            return
    if telling and telling in page.words:
        yield Difference("text", path, notice_id)


def _is_nothing(notice_id: str, expected: Expected, answer: Answer) -> bool:
    """Whether an answer is what a site says where there is nothing; a soft one says it in many ways."""
    soft = expected.soft and answer.status == OK
    return answer.status in {MISSING, GONE} or (soft and all(one.id != notice_id for one in answer.page.notices))


def _check_own(path: str, telling: str, expected: Expected, answer: Answer) -> Iterator[Difference]:
    """Whether one of the board's own pages is there, with its words."""
    wrong = list(_judge_page(path, expected, answer))
    yield from wrong
    if not wrong and telling not in answer.page.words:
        yield Difference("own", path)


def _check_nowhere(expected: Expected, answer: Answer) -> Iterator[Difference]:
    """Whether where there is nothing the board's own page says so, and the status, too."""
    if answer.status == OK:
        yield Difference("soft", NOWHERE)
        return
    for wrong in _judge_page(NOWHERE, expected, answer, status=MISSING):
        yield Difference("nowhere", NOWHERE) if wrong.code in {"foreign", "type"} else wrong


def _judge_page(path: str, expected: Expected, answer: Answer, status: int = OK) -> Iterator[Difference]:
    """Whether an answer is a whole page of this board, as of the manifest's instant."""
    page, board = answer.page, expected.board
    wrong = not_had(path, answer, "text/html", status=status)
    if wrong is not None:
        yield wrong
    elif not page.board:
        yield Difference("foreign", path)
    elif page.board != board.board:
        yield Difference("board", path, expected=board.board, found=page.board)
    elif not page.whole:
        yield Difference("cut", path)
    else:
        for code, should, said in (
            ("stale", board.at, page.at),
            ("due", board.due, page.due),
            ("old", expected.stale, page.stale),
        ):
            if exact_or_none(said) != should:
                yield Difference(code, path, expected=as_told(should, board.zone), found=said)
                return


# ── lists for machines ───────────────────────────────────────────────────────────────────────────

_Named = Callable[[bytes], Iterable[str]]


def _check_list(path: str, read: _Named, expected: Expected, answer: Answer) -> Iterator[Difference]:
    wrong = not_had(path, answer, "application/xml", "text/xml", "application/atom+xml", "application/rss+xml")
    if wrong is not None:
        yield wrong
        return
    named = _named(read(answer.body))
    should = {(home, notice_id) for home in expected.homes.values() for notice_id in expected.board.notices}
    for home, notice_id in sorted(should - named):
        yield Difference("missing", path, f"{home}{ROOT}/{notice_id}/")
    for home, notice_id in sorted(named - should):
        yield Difference("stranger", path, f"{home}{ROOT}/{notice_id}/")


def _named(addresses: Iterable[str]) -> set[tuple[str, str]]:
    """The notices' pages among addresses, each as the home that it lies below and the notice's id.

    The site may lie in a folder of its host: the shortest way to a notice is the first language's.
    """
    places = []
    for address in addresses:
        before, _, rest = unquote(urlsplit(address.strip()).path).rpartition(f"/{ROOT}/")
        if ID_PATTERN.fullmatch(rest.rstrip("/")):
            places.append((before, rest.rstrip("/")))
    root = min((before for before, _ in places), key=len, default="")
    return {(f"{before}/".removeprefix(f"{root}/"), notice_id) for before, notice_id in places}


LISTS: Mapping[str, _Named] = {"sitemap.xml": read_locations}
"""Lists of all live notices in all languages, and how the addresses that they name are read."""


def _own_pages(addresses: Iterable[str], expected: Expected) -> list[str]:
    """The board's own pages among the addresses that a list names."""
    paths = [unquote(urlsplit(address.strip()).path) for address in addresses]
    root = min(paths, key=len, default="")
    inside = dict.fromkeys(path.removeprefix(root) for path in paths)
    notices = tuple(f"{home}{ROOT}/" for home in expected.homes.values())
    own = [path for path in inside if _PAGE.fullmatch(path) and not path.startswith(notices)]
    return [path for path in own if path not in expected.homes.values()][:_MOST_OWN]


# ── what comes along ─────────────────────────────────────────────────────────────────────────────


def whole_pages(expected: Expected, answers: Mapping[str, Answer]) -> dict[str, Page]:
    """The board's pages among `answers`, by path."""
    nothing = {
        path
        for notice_id in expected.gone
        for home in expected.homes.values()
        if _is_nothing(notice_id, expected, answers[path := f"{home}{ROOT}/{notice_id}/"])
    }
    pages = {
        path: answer.page
        for path, answer in answers.items()
        if answer.status == (MISSING if path == NOWHERE else OK) and answer.page.board and answer.page.whole
    }
    return {path: page for path, page in pages.items() if path not in nothing}


def alongside(expected: Expected, pages: Mapping[str, Page]) -> tuple[dict[str, Check], list[Difference]]:
    """The style sheets and scripts of `pages` and how they are judged; and what the pages should not hold."""
    made, wrong = asset_checks(pages, expected.root, expected.assets)
    for path, page in pages.items():
        wrong += judge_policy(path, page, expected.policy)
    return made, wrong


def attached(expected: Expected, pages: Mapping[str, Page]) -> tuple[dict[str, Check], int]:
    """The pictures and files that are to be looked at and how; and how many were left out.

    Those that `pages` name, where it is not known which there should be.
    """
    return file_checks(expected.files, expected.dropped) if expected.assets else named_checks(pages)
