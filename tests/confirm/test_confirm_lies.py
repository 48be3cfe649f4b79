"""`gaoshi confirm` finds what pages show otherwise than the edition, on the very page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from confirmed import ENDED, OWN, PAGES, SHORT, TEXT, UPCOMING, WITHHELD, A, Found, Lying, age, portal
from public_server import PublicServer, files_of, send
from questions import both_ways, differences

from gaoshi.core.alongside import NOWHERE


def card(page: bytes, notice_id: str) -> str:
    """A notice's card, as the home page has it."""
    match = re.search(rf'<li class="card" data-id="{notice_id}".*?</li>', page.decode(), re.DOTALL)
    assert match
    return match[0]


def drop_card(public: PublicServer, home: str, notice_id: str) -> None:
    public.edit(home, card(public.files[home], notice_id), "")


def leave_card(public: PublicServer, home: str, notice_id: str) -> None:
    old = card(public.files[home], A)
    public.edit(home, old, old + old.replace(A, notice_id))


def other_content(public: PublicServer, path: str) -> None:
    public.files[path] = re.sub(rb'data-content="[0-9a-f]{40}"', b'data-content="%s"' % (b"0" * 40), public.files[path])


LIES: list[tuple[str, Lying, Found]] = [
    ("a card is missing", lambda p: drop_card(p, "", SHORT), {("missing", "", SHORT)}),
    ("a card is missing in English", lambda p: drop_card(p, "en/", A), {("missing", "en/", A)}),
    ("an ended card is left", lambda p: leave_card(p, "", ENDED), {("stranger", "", ENDED)}),
    ("a card that nobody knows", lambda p: leave_card(p, "en/", "2026-11/z"), {("stranger", "en/", "2026-11/z")}),
    ("other content on a page", lambda p: other_content(p, f"notices/{A}/"), {("content", f"notices/{A}/", A)}),
    ("other content on cards", lambda p: other_content(p, "en/"), {("content", "en/", A), ("content", "en/", SHORT)}),
    (
        "another title",
        lambda p: p.edit(f"en/notices/{A}/", "Beware of people who only claim to be staff</h1>", "Welcome</h1>"),
        {("title", f"en/notices/{A}/", A)},
    ),
    (
        "another end on a card",
        lambda p: p.edit("", 'data-until="2026-11-24T10:30:00+08:00"', 'data-until="2026-11-24T22:30:00+08:00"'),
        {("until", "", SHORT)},
    ),
    (
        "no end on a page",
        lambda p: p.edit(f"notices/{SHORT}/", ' data-until="2026-11-24T10:30:00+08:00"', ""),
        {("until", f"notices/{SHORT}/", SHORT)},
    ),
    ("a page is gone", lambda p: p.files.pop(f"notices/{A}/") and None, {("status", f"notices/{A}/", "")}),
    ("a home page is gone", lambda p: p.files.pop("en/") and None, {("status", "en/", "")}),
    ("a stale language", lambda p: age(p, "en/"), {("stale", "en/", "")}),
    ("a stale page", lambda p: age(p, f"en/notices/{SHORT}/"), {("stale", f"en/notices/{SHORT}/", "")}),
    ("an old board under a new manifest", lambda p: age(p, *PAGES), {("stale", path, "") for path in PAGES}),
    (
        "a page in the place of another",
        lambda p: p.files.update({f"notices/{A}/": p.files[f"notices/{SHORT}/"]}),
        {("other", f"notices/{A}/", A)},
    ),
    ("a portal on a page", lambda p: portal(p, f"notices/{A}/"), {("foreign", f"notices/{A}/", "")}),
    ("a page of another estate", lambda p: p.edit("", '"cloudtop"', '"elsewhere"'), {("board", "", "")}),
    (
        "half a page",
        lambda p: p.files.update({f"notices/{A}/": p.files[f"notices/{A}/"].partition(b"</article>")[0]}),
        {("cut", f"notices/{A}/", "")},
    ),
    (
        "a list without a page",
        lambda p: p.edit("sitemap.xml", f"example/en/notices/{A}/", "example/"),
        {("missing", "sitemap.xml", f"en/notices/{A}/")},
    ),
    (
        "a list with a page too many",
        lambda p: p.edit("sitemap.xml", "example/about/", f"example/notices/{ENDED}/"),
        {("stranger", "sitemap.xml", f"notices/{ENDED}/")},
    ),
    (
        "a script from elsewhere",
        lambda p: p.edit("", 'src="assets/board', 'src="https://cdn.example/assets/board'),
        {("asset", "", "")},
    ),
    (
        "a script under another page's address",
        lambda p: p.edit("en/", 'src="../assets/board', 'src="assets/board'),
        {("asset", "en/", "")},
    ),
    ("no style sheet", lambda p: p.edit("", 'rel="stylesheet"', 'rel="none"'), {("bare", "", "")}),
]


@pytest.mark.parametrize(("lie", "found"), [one[1:] for one in LIES], ids=[one[0] for one in LIES])
def test_a_lie_is_found_where_it_is(project: Any, public: PublicServer, lie: Lying, found: Found) -> None:
    """What is wrong is named by page and notice, once, compared with the edition and with itself alike."""
    lie(public)
    # By the edition it is known, too, that the board's own script is not there.
    lost = {("page", page, "") for code, page, _ in found if code == "asset"}
    assert both_ways(project, public) == (found | lost, found)


@pytest.mark.parametrize("home", ["", "en/"])
def test_another_text_under_the_right_names_is_found(project: Any, public: PublicServer, home: str) -> None:
    """A page that bears the notice's id, content id and title but says something else is not the notice."""
    path = f"{home}notices/{A}/"
    text = re.search(rb'<div class="notice__text[^>]*>.*?</div>', public.files[path], re.DOTALL)
    assert text is not None
    public.files[path] = public.files[path].replace(
        text[0], b'<div class="notice__text text"><p>All is well.</p></div>'
    )
    assert differences(project, public) == {("words", path, A)}


def asset(public: PublicServer, suffix: str) -> str:
    """Where the style sheet or the script lies."""
    (path,) = (path for path in public.files if path.startswith("assets/board.") and path.endswith(suffix))
    return path


@pytest.mark.parametrize("suffix", [".css", ".js"])
def test_what_pages_need_is_what_its_name_says(project: Any, public: PublicServer, suffix: str) -> None:
    """A style sheet or script that is gone, changed, or sent as something else, is found, and once."""
    path = asset(public, suffix)
    data = public.files[path]
    public.files[path] = data + b"/* more */"
    assert both_ways(project, public) == ({("fingerprint", path, "")},) * 2
    public.files[path] = data
    public.lies[path] = lambda handler, _: send(handler, data, kind="text/plain")
    assert both_ways(project, public) == ({("type", path, "")},) * 2
    del public.lies[path], public.files[path]
    assert both_ways(project, public) == ({("status", path, "")},) * 2


def test_an_old_manifest_over_new_pages_is_found(project: Any, public: PublicServer, tmp_path: Path) -> None:
    """The same revision, made a few minutes later: every page is of another edition than the manifest."""
    later = tmp_path / "later"
    assert project.run("build", "-o", str(later), "--at", "2026-11-24 10:04").status == 1
    old = public.files["board.json"]
    public.files = files_of(later)
    assert differences(project, public) == set()
    public.files["board.json"] = old
    found = {("stale", path, "") for path in (*PAGES, *OWN, NOWHERE, "kiosk.json")}
    over = {("stale", path, "") for home in ("", "en/") if (path := f"{home}notices/{ENDED}/") in public.files}
    screens = {("page", path, "") for path, data in public.files.items() if path[:6] == "kiosk/" and b'"made":' in data}
    assert screens
    assert both_ways(project, public) == (found | over | screens, found)


def test_a_page_that_cannot_be_had_is_a_difference(project: Any, public: PublicServer) -> None:
    """The board is there, one page of it breaks off or leads away: it differs, and only there."""
    page = public.files["en/"]
    public.lies["en/"] = lambda handler, _: send(handler, page[:-9], Content_Length=str(len(page)), Connection="close")
    assert both_ways(project, public) == ({("cut", "en/", "")},) * 2
    public.lies["en/"] = lambda handler, _: send(handler, b"", status=302, Location="https://other.example/")
    assert both_ways(project, public) == ({("redirected", "en/", "")},) * 2
    public.lies["en/"] = lambda handler, _: send(handler, page, kind="application/octet-stream")
    assert both_ways(project, public) == ({("type", "en/", "")},) * 2


@pytest.mark.parametrize("notice_id", [ENDED, WITHHELD, UPCOMING])
@pytest.mark.parametrize("home", ["", "en/"])
def test_the_page_of_what_is_not_live_is_found(project: Any, public: PublicServer, notice_id: str, home: str) -> None:
    """What has ended, was never approved or has not begun has no page in any language, whatever the home page says."""
    path = f"{home}notices/{notice_id}/"
    public.files[path] = public.files[f"{home}notices/{A}/"].replace(A.encode(), notice_id.encode())
    assert differences(project, public) == {("still", path, notice_id)}


def test_the_text_of_what_has_ended_is_found_under_a_404(project: Any, public: PublicServer) -> None:
    """A page that answers 404 and still shows the text is not gone."""
    public.files["404.html"] = f"<!doctype html><p>{TEXT}</p>".encode()
    pages = {f"{home}notices/{one}/" for home in ("", "en/") for one in (ENDED, WITHHELD)}
    for path in pages & set(public.files):
        del public.files[path]
    assert differences(project, public) == {("text", path, path[-10:-1]) for path in pages} | {("nowhere", NOWHERE, "")}
