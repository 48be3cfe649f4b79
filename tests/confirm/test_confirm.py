"""`gaoshi confirm`: the public board shows the edition, or it is said where it does not."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from public_server import CLOCK, PublicServer, files_of, send
from questions import SOON, ask, both_ways, differences

import approvals
from gaoshi.cli import confirm
from gaoshi.cli.inspection import told
from gaoshi.cli.surroundings import words
from gaoshi.core.alongside import NOWHERE
from gaoshi.core.answer import Difference
from gaoshi.core.confirming import LISTS
from gaoshi.core.instants import parse_exact

PROJECT = Path(__file__).resolve().parents[2]
A, SHORT, ENDED, WITHHELD, UPCOMING = "2026-11/a", "2026-11/b", "2026-11/c", "2026-11/d", "2026-11/e"
AT = "2026-11-24 10:00"
NEXT = "2026-11-24 10:30"
"""When SHORT ends."""
TEXT = "今晚请不要使用三号门的临时通道"
_PAGES = ("", "en/", f"notices/{A}/", f"en/notices/{A}/", f"notices/{SHORT}/", f"en/notices/{SHORT}/")
_OWN = ("about/", "en/about/")
_SEAL = {f"assets/{name}" for name in ("seal.png", "seal.svg", "share.png")}
_KEPT: dict[str, Any] = {}


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project with notices in every state; what it publishes at AT is in `project.site`. Made once, never changed."""
    if not _KEPT:
        estate = make_estate("confirmed")
        english = "---\ntitle: Beware of people who only claim to be staff\n---\nPlease ask for an identity card.\n"
        estate.notice(A, languages="[zh, en]", body="来访人员请出示证件。\n", texts={"en": english})
        estate.notice(SHORT, title="关于电梯口请勿堆物的温馨提示", valid_until=NEXT, body="请勿堆放杂物。\n")
        estate.notice(ENDED, title="关于已经结束之事的温馨提示", valid_until="2026-11-23 18:00", body=f"{TEXT}。\n")
        estate.notice(WITHHELD, title="关于未获批准之事的温馨提示", approver="nobody", body=f"{TEXT}，勿外传。\n")
        estate.notice(UPCOMING, title="关于尚未开始之事的温馨提示", valid_from="2026-11-25 09:00", body="明天再看。\n")
        estate.commit()
        assert estate.build(at=AT).status == 1
        _KEPT["estate"] = estate
    return _KEPT["estate"]


@pytest.fixture
def public(project: Any) -> Iterator[PublicServer]:
    """A server with the board as it was built."""
    server = PublicServer(files_of(project.site))
    yield server
    server.close()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits between two looks; how long it would have been."""
    waited: list[float] = []
    monkeypatch.setattr(confirm, "sleep", waited.append)
    return waited


# ── right ────────────────────────────────────────────────────────────────────────────────────────


def test_a_right_board_is_proved(project: Any, public: PublicServer) -> None:
    """Every notice in every language, what ended, the lists and the assets are asked for, and all is right."""
    run = ask(project, public)
    assert (run.status, run.out) == (0, "")
    assert run.err.startswith("Proved: the public board shows the edition. Notices: 2, languages: 2,")
    assets = {f"assets/{path.name}" for path in (project.site / "assets").glob("board.*")}
    gone = {f"{home}notices/{notice_id}/" for notice_id in (ENDED, WITHHELD, UPCOMING) for home in ("", "en/")}
    screens = {path for path in public.files if path.startswith("kiosk")}
    known = {"board.json", CLOCK, *LISTS, *_PAGES, *_OWN, *gone, *assets, *_SEAL, *screens, NOWHERE}
    assert sorted(public.paths) == sorted(known)


def test_what_is_asked_goes_past_caches(project: Any, public: PublicServer) -> None:
    """Every request asks caches to look again, and has no query but the one for the time."""
    assert ask(project, public).status == 0
    assert all(headers.get("Cache-Control") == "no-cache" for _, headers in public.asked)
    assert [path for path in public.paths if "?" in path] == [CLOCK]


def test_a_packed_board_is_proved(project: Any, public: PublicServer) -> None:
    """As hosts send it, compressed."""

    def packed(handler: Any, number: int) -> None:
        path = handler.path[1:]
        if path not in public.files:
            return public.serve(handler, path)
        kind = {"board.json": "application/json", "sitemap.xml": "text/xml"}.get(path, "text/html")
        kind = {"css": "text/css", "js": "application/javascript"}.get(path.rpartition(".")[2], kind)
        return send(handler, gzip.compress(public.files[path]), kind=f"{kind}; charset=utf-8", Content_Encoding="gzip")

    public.any_lie = packed
    assert differences(project, public) == set()


def test_an_ended_notice_may_have_its_ended_page(project: Any, public: PublicServer) -> None:
    """A page that says that it is over, without its text, is as good as none; and it is no live notice's page."""
    page = public.files[f"notices/{A}/"].decode()
    over = re.sub(
        r'<article class="notice".*</article>',
        f'<article class="notice notice--over" data-id="{ENDED}" data-state="expired"><h1>已结束</h1></article>',
        page,
        flags=re.DOTALL,
    )
    public.files[f"notices/{ENDED}/"] = over.encode()
    assert differences(project, public) == set()
    public.files[f"notices/{ENDED}/"] = over.replace("已结束", f"已结束<p hidden>{TEXT[:9]}\n{TEXT[9:]}").encode()
    assert differences(project, public) == {("text", f"notices/{ENDED}/", ENDED)}
    public.files[f"notices/{ENDED}/"] = over.replace(ENDED, UPCOMING).encode()
    assert differences(project, public) == {("still", f"notices/{ENDED}/", ENDED)}
    del public.files[f"notices/{ENDED}/"]
    public.files[f"notices/{A}/"] = over.replace(ENDED, A).encode()
    assert differences(project, public) == {("over", f"notices/{A}/", A)}


def test_a_live_page_may_hold_what_it_turns_into(project: Any, public: PublicServer) -> None:
    """The form for when it has ended waits in the page, unseen; seen, it says that a live notice is over."""
    path = f"notices/{A}/"
    waiting = f'<article class="notice notice--over" data-id="{A}" data-state="expired" hidden><h1>X</h1></article>'
    public.edit(path, "</article>", f"</article>{waiting}")
    assert differences(project, public) == set()
    public.edit(path, " hidden><h1>X</h1>", "><h1>X</h1>")
    assert differences(project, public) == {("over", path, A)}
    public.edit(path, 'class="notice"', 'class="notice" hidden')
    assert differences(project, public) == {("over", path, A)}
    public.files[f"notices/{ENDED}/"] = public.files[path].replace(A.encode(), ENDED.encode())
    assert ("still", f"notices/{ENDED}/", ENDED) in differences(project, public)


def test_nobody_needs_git_to_look_at_a_board(
    project: Any, public: PublicServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without git, the board is compared with itself."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for more in ([], ["--fresh-within", "30m"]):
        assert ask(type(project)(tmp_path), public, *more, at="2026-11-24T02:05Z").status == 0


def test_without_a_project_the_board_is_compared_with_itself(
    public: PublicServer, tmp_path: Path, project: Any
) -> None:
    """From anywhere: manifest, pages, lists and assets agree with each other."""
    elsewhere = type(project)(tmp_path / "nowhere")
    elsewhere.root.mkdir()
    run = ask(elsewhere, public, at="2026-11-24T02:05Z")
    assert (run.status, run.out) == (0, "")
    assert "agrees with itself. Notices: 2, languages: 2" in run.err
    gone = f"notices/{ENDED}/"
    assert gone not in public.paths
    assert set(_PAGES) <= set(public.paths)


# ── lies ─────────────────────────────────────────────────────────────────────────────────────────

Lying = Callable[[PublicServer], None]
Found = set[tuple[str, str, str]]
OLD = "2026-11-24T09:45:00+08:00"


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


def age(public: PublicServer, *paths: str) -> None:
    """Make pages those of an older edition."""
    for path in paths:
        public.edit(path, 'data-at="2026-11-24T10:00:00+08:00"', f'data-at="{OLD}"')


def other_content(public: PublicServer, path: str) -> None:
    public.files[path] = re.sub(rb'data-content="[0-9a-f]{40}"', b'data-content="%s"' % (b"0" * 40), public.files[path])


def portal(public: PublicServer, *paths: str) -> None:
    for path in paths:
        public.files[path] = b"<!doctype html><html lang=en><title>Sign in</title><h1>Sign in</h1></html>"


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
    ("an old board under a new manifest", lambda p: age(p, *_PAGES), {("stale", path, "") for path in _PAGES}),
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
    assert both_ways(project, public) == (found, found)


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
    found = {("stale", path, "") for path in (*_PAGES, *_OWN, NOWHERE, "kiosk.json")}
    over = {("stale", path, "") for home in ("", "en/") if (path := f"{home}notices/{ENDED}/") in public.files}
    assert both_ways(project, public) == (found | over, found)


def test_a_page_that_cannot_be_had_is_a_difference(project: Any, public: PublicServer) -> None:
    """The board is there, one page of it breaks off or leads away: it differs, and only there."""
    page = public.files["en/"]
    public.lies["en/"] = lambda handler, _: send(handler, page[:-9], Content_Length=str(len(page)), Connection="close")
    assert both_ways(project, public) == ({("cut", "en/", "")},) * 2
    public.lies["en/"] = lambda handler, _: send(handler, b"", status=302, Location="https://other.example/")
    assert both_ways(project, public) == ({("redirected", "en/", "")},) * 2
    public.lies["en/"] = lambda handler, _: send(handler, page, kind="application/octet-stream")
    assert both_ways(project, public) == ({("type", "en/", "")},) * 2


def test_a_manifest_with_endless_notices_is_not_followed(project: Any, public: PublicServer) -> None:
    """Whoever invents thousands of notices does not get them all asked for."""
    in_notices(public, lambda n: n.extend(n[0] | {"id": f"2026-11/x{number}"} for number in range(10_001)))
    assert differences(project, public, "--fresh-within", "30m", at="2026-11-24T02:05Z") == {("many", "board.json", "")}
    assert set(public.paths) == {"board.json", "", CLOCK}


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


def manifest(public: PublicServer, **fields: Any) -> None:
    """Change fields of the manifest."""
    public.files["board.json"] = json.dumps(json.loads(public.files["board.json"]) | fields).encode()


def in_notices(public: PublicServer, change: Callable[[list[dict[str, Any]]], object]) -> None:
    notices = json.loads(public.files["board.json"])["notices"]
    change(notices)
    manifest(public, notices=notices)


MANIFESTS: list[tuple[str, Lying, Found]] = [
    ("another revision", lambda p: manifest(p, revision="0" * 40), {("revision", "board.json", "")}),
    ("another board", lambda p: manifest(p, board="elsewhere"), {("field", "board.json", "board")}),
    ("another roster", lambda p: manifest(p, roster="0" * 40), {("field", "board.json", "roster")}),
    ("records that are not here", lambda p: manifest(p, records=["0" * 40]), {("records", "board.json", "")}),
    ("records that are no commit", lambda p: manifest(p, records=["--all"]), {("no-board", "board.json", "")}),
    ("records by another name", lambda p: manifest(p, records=["HEAD"]), {("no-board", "board.json", "")}),
    (
        "due a day later",
        lambda p: manifest(p, next=None, due="2026-11-25T10:00:00+08:00"),
        {("field", "board.json", "next"), ("field", "board.json", "due")},
    ),
    ("a notice less", lambda p: in_notices(p, lambda n: n.pop(0)), {("missing", "board.json", SHORT)}),
    (
        "a notice more",
        lambda p: in_notices(p, lambda n: n.append(n[0] | {"id": ENDED})),
        {("stranger", "board.json", ENDED)},
    ),
    (
        "other content",
        lambda p: in_notices(p, lambda n: n[0].update(content_id="0" * 40)),
        {("content", "board.json", SHORT)},
    ),
    (
        "another approval",
        lambda p: in_notices(p, lambda n: n[0].update(approval="0000-0000")),
        {("approval", "board.json", SHORT)},
    ),
    (
        "another address",
        lambda p: in_notices(p, lambda n: n[0]["url"].update(en="../../secret/")),
        {("address", "board.json", SHORT)},
    ),
    ("made in time to come", lambda p: manifest(p, at="2026-11-24T10:10:01+08:00"), {("future", "board.json", "")}),
    (
        "made days before",
        lambda p: manifest(p, at="2026-11-20T09:30:00+08:00"),
        {("field", "board.json", "next"), ("missing", "board.json", ENDED)},
    ),
    ("a portal", lambda p: portal(p, "board.json"), {("no-board", "board.json", "")}),
    (
        "half of it",
        lambda p: p.files.update({"board.json": p.files["board.json"][:200]}),
        {("no-board", "board.json", "")},
    ),
    ("none", lambda p: p.files.pop("board.json") and None, {("status", "board.json", "")}),
]


@pytest.mark.parametrize(("lie", "found"), [one[1:] for one in MANIFESTS], ids=[one[0] for one in MANIFESTS])
def test_a_wrong_manifest_is_found(project: Any, public: PublicServer, lie: Lying, found: Found) -> None:
    """What the manifest says is compared field by field, and pages are not asked for what it says wrongly."""
    lie(public)
    assert differences(project, public) == found
    assert set(public.paths) <= {"board.json", CLOCK}


def test_a_path_that_leads_out_is_never_asked(project: Any, public: PublicServer) -> None:
    """Whatever addresses and ids a manifest names, only pages of notices below the board are asked for."""
    out = ["../../etc/passwd", "//other.example/", "http://other.example/", "en/../../x/", f"notices/{A}/?x", "%2e%2e/"]
    for path in out:
        in_notices(public, lambda n, path=path: n[0].update(url={"zh": path, "..": f"../notices/{SHORT}/", "en": path}))
        found = differences(project, public, "--fresh-within", "30m", at="2026-11-24T02:05Z")
        assert ("address", "board.json", SHORT) in found
    assert set(public.paths) <= {
        CLOCK,
        "board.json",
        "kiosk.json",
        *LISTS,
        *_PAGES,
        *_OWN,
        NOWHERE,
        *(path for path in public.paths if "assets/" in path),
    }


# ── time ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("option", "good", "bad", "code"),
    [
        (["--at"], "2026-11-24 09:55:00", "2026-11-24 09:54:59", "future"),
        (["--at", SOON, "--not-before"], "2026-11-24 10:00:00", "2026-11-24 10:00:01", "early"),
        (["--fresh-within", "30m", "--at"], "2026-11-24T11:00:00+08:00", "2026-11-24T11:00:01+08:00", "overdue"),
        (["--fresh-within", "0m", "--at"], "2026-11-24T10:30:00+08:00", "2026-11-24T10:30:01+08:00", "overdue"),
    ],
)
def test_the_instant_of_a_board_has_its_limits(
    project: Any, public: PublicServer, option: list[str], good: str, bad: str, code: str
) -> None:
    """To the second: five minutes ahead of our clock, not before what was deployed, not long after it was due."""
    for text, found in ((good, set()), (bad, {(code, "board.json", "")})):
        run = project.run("confirm", public.address, "--within", "0m", "--format", "json", *option, text)
        assert {(one["code"], one["page"], "") for one in run.data["differences"]} == found
        assert run.status == (1 if found else 0)


def test_an_instant_that_is_none_is_said_of_its_own_option(project: Any, public: PublicServer) -> None:
    """`--not-before` and `--at` are two."""
    run = project.run("confirm", public.address, "--not-before", "yesterday")
    assert (run.status, "--not-before" in run.err, "--at" in run.err) == (2, True, False)


def test_a_board_without_a_next_change_is_overdue_a_day_and_the_margin_after_it_was_made(
    public: PublicServer, tmp_path: Path, project: Any
) -> None:
    """The switch fires a day after the pipeline stopped, at the latest."""
    manifest(public, next=None, due="2026-11-25T10:00:00+08:00")
    times = {"due": ("24T10:30", "25T10:00"), "stale": ("24T11:30", "25T11:00")}
    for path in (*_PAGES, *_OWN, "404.html"):
        for name, (old, new) in times.items():
            public.edit(path, f'data-{name}="2026-11-{old}', f'data-{name}="2026-11-{new}')
    elsewhere = type(project)(tmp_path)
    assert ask(elsewhere, public, "--fresh-within", "30m", at="2026-11-25T10:30:00+08:00").status == 0
    run = ask(elsewhere, public, "--fresh-within", "30m", at="2026-11-25T10:30:01+08:00")
    assert (run.status, run.out.count("\n")) == (1, 1)
    assert run.out.startswith("THE BOARD IS OVERDUE: it had to be made anew by 2026-11-25T10:00:00+08:00")


def test_a_board_that_says_nothing_of_when_it_is_due_is_overdue(
    public: PublicServer, tmp_path: Path, project: Any
) -> None:
    """Nobody gets a living board by leaving `due` out."""
    data = json.loads(public.files["board.json"])
    del data["due"], data["next"]
    public.files["board.json"] = json.dumps(data).encode()
    assert ask(type(project)(tmp_path), public, "--fresh-within", "30m", at="2026-11-24T10:31:00+08:00").status == 1


def test_a_board_past_its_due_is_right_and_that_is_said(project: Any, public: PublicServer) -> None:
    """What ended since is taken out by the page itself; the board is proved, with a note."""
    before, after = (ask(project, public, at=f"2026-11-24 10:{minute}") for minute in ("29:59", "30:00"))
    assert (before.status, after.status) == (0, 0)
    assert "Note: this board was due" not in before.err
    assert "Note: this board was due to be made anew at Tue 24 Nov 2026, 10:30" in after.err


# ── lagging ──────────────────────────────────────────────────────────────────────────────────────


def test_a_cache_that_lags_is_asked_again(project: Any, public: PublicServer, no_waiting: list[float]) -> None:
    """The old board for a while, then the new one: it is proved in the end, and each time it is said why not yet."""
    new, old = public.files["board.json"], json.dumps({**json.loads(public.files["board.json"]), "revision": "0" * 40})

    def lag(handler: Any, number: int) -> None:
        send(handler, old.encode() if number < 4 else new, kind="application/json")

    public.lies["board.json"] = lag
    run = ask(project, public, "--format", "json", within="5m")
    assert (run.status, run.data["tries"], run.data["differences"]) == (0, 5, [])
    assert run.err.count("looking again soon") == 4
    assert "expected revision" in run.err
    assert len(no_waiting) == 4
    assert all(2.0**number <= waited <= 2.0 ** (number + 1) for number, waited in enumerate(no_waiting))


def test_a_page_that_lags_is_asked_again(project: Any, public: PublicServer, no_waiting: list[float]) -> None:
    """The manifest is new, a page still old: not proved before the page is new, too."""
    new = public.files["en/"]
    old = new.replace(b'data-at="2026-11-24T10:00', b'data-at="2026-11-24T09:00')

    def lag(handler: Any, number: int) -> None:
        send(handler, old if number < 2 else new)

    public.lies["en/"] = lag
    run = ask(project, public, within="5m")
    assert run.status == 0
    assert public.paths.count("en/") == 3
    assert run.err.count("Not right yet, looking again soon: /en/: expected the page") == 2  # of no others a number


def test_looking_again_ends(project: Any, public: PublicServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked again for as long as was said, ever more seldom, and then it is wrong."""
    clock = [0.0]
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(confirm, "sleep", wait)
    monkeypatch.setattr(confirm, "monotonic", lambda: clock[0])
    manifest(public, revision="0" * 40)
    assert ask(project, public, within="5m").status == 1
    assert clock[0] == pytest.approx(300)
    assert max(waited) <= 30
    assert public.paths.count("board.json") < 40


def test_a_new_board_in_between_is_compared_with_its_own_edition(
    project: Any, public: PublicServer, no_waiting: list[float], tmp_path: Path
) -> None:
    """A board that is made anew while it is looked at is composed anew, too."""
    later = tmp_path / "later"
    built = project.run("build", "-o", str(later), "--at", "2026-11-24 10:04")
    assert built.status == 1
    new, old = files_of(later), dict(public.files)

    def change(handler: Any, number: int) -> None:
        files = old if number < 1 else new
        public.files = new
        send(handler, files["board.json"], kind="application/json")

    public.lies["board.json"] = change
    assert ask(project, public, within="5m").status == 0


# ── whom it is compared with ─────────────────────────────────────────────────────────────────────


def test_an_old_board_is_not_yet_the_new_one(project: Any, public: PublicServer, tmp_path: Path) -> None:
    """After a commit the public board is that of another revision; with the old revision named, it is proved."""
    copy = type(project)(Path(shutil.copytree(project.root, tmp_path / "copy")))
    old = copy.git("rev-parse", "HEAD")
    copy.edit(f"notices/{A}/notice.md", "来访人员", "所有人员")
    copy.commit(when="2026-11-24 09:00")
    assert differences(copy, public) == {("revision", "board.json", "")}
    assert ask(copy, public, "--rev", old).status == 0


def test_records_that_came_since_do_not_make_a_board_wrong(project: Any, public: PublicServer, tmp_path: Path) -> None:
    """The edition is that of the records which the board was made from; what is pushed meanwhile is for the next."""
    copy = type(project)(Path(shutil.copytree(project.root, tmp_path / "copy")))
    copy.record({"records/readme.txt": b"first"})
    site = tmp_path / "copy-site"
    assert copy.run("build", "-o", str(site), "--at", AT).status == 1
    server = PublicServer(files_of(site))
    try:
        assert ask(copy, server).status == 0
        copy.record(rejection_of(copy, A))
        assert ask(copy, server).status == 0
        assert copy.run("due", "--site", server.address, "--at", SOON, "--exit-code").status == 1
    finally:
        server.close()


def rejection_of(estate: Any, notice_id: str) -> dict[str, bytes]:
    """Somebody's rejection of a notice as it is, signed before AT and not pushed until now."""
    content = estate.contents("HEAD")[notice_id]
    word = approvals.Word("publish", approvals.HEAD, "2026-11-24T09:59:00+08:00", "reject", "写错了")
    return dict(word.files(notice_id, content))


def test_a_named_revision_needs_a_project(public: PublicServer, tmp_path: Path, project: Any) -> None:
    """Who names a revision is told when there is none, or no project."""
    assert ask(type(project)(tmp_path), public, "--rev", "HEAD").status == 3
    assert ask(project, public, "--rev", "nothing").status == 3


@pytest.mark.parametrize("what", ["empty", "another"])
def test_another_repository_is_no_project(public: PublicServer, make_estate: Any, what: str) -> None:
    """In a repository that is no board's, with commits or without, the board is compared with itself."""
    other = make_estate("other")
    for path in (".github/approvers.yml", "mkdocs.yml"):
        (other.root / path).unlink()
    if what == "another":
        other.write("readme.txt", "nothing")
        other.commit()
    run = ask(other, public, "--format", "json", at="2026-11-24T02:05Z")
    assert (run.status, run.data["compared_with"]) == (0, "itself")


def test_a_board_without_notices_has_its_languages_all_the_same(make_estate: Any, tmp_path: Path) -> None:
    """An empty board is proved in every language, from its project and from elsewhere."""
    estate = make_estate("quiet")
    estate.commit()
    estate.build()
    public = PublicServer(files_of(estate.site))
    try:
        assert ask(estate, public).status == 0
        public.asked.clear()
        assert ask(estate, public, "--fresh-within", "30m", at="2026-11-24T02:05Z").status == 0
        assert "en/" in public.paths
        age(public, "en/")
        assert differences(estate, public, "--fresh-within", "30m", at="2026-11-24T02:05Z") == {("stale", "en/", "")}
    finally:
        public.close()


# ── telling it ───────────────────────────────────────────────────────────────────────────────────


def test_json_has_the_documented_keys(project: Any, public: PublicServer) -> None:
    """Fixed names, the same when it is right, when it differs and when there is nothing."""
    right = ask(project, public, "--format", "json").data
    portal(public, "board.json")
    nothing = ask(project, public, "--format", "json").data
    assert list(right) == list(nothing) == list(documented("confirm --format json"))
    assert (right["format"], right["board"], right["made_at"]) == (1, "cloudtop", "2026-11-24T10:00:00+08:00")
    assert (right["next"], right["due"], right["past_due"]) == ("2026-11-24T10:30:00+08:00",) * 2 + (False,)
    assert (right["notices"], right["languages"], right["compared_with"]) == (2, ["zh", "en"], "edition")
    assert parse_exact(right["at"]) - parse_exact(right["made_at"]) == timedelta(minutes=5)
    assert nothing["board"] is None


def documented(heading: str) -> Any:
    """The JSON that stands under a heading of docs/formats.md."""
    section = (PROJECT / "docs/formats.md").read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return json.loads(section.split("```json\n")[1].split("```")[0])


def test_every_code_is_documented() -> None:
    """docs/formats.md names every code of a difference, and no other."""
    text = (PROJECT / "docs/formats.md").read_text(encoding="utf-8")
    [listed] = re.findall(r"^- `differences\[\].code`: (.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    codes = re.findall(r"`([a-z-]+)`", listed)
    assert len(codes) == len(set(codes))
    assert set(codes) == set(words("en").find("cli.confirm.differs"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_difference_has_its_sentence(language: str) -> None:
    """Every code that can be told has a sentence in both languages, with no blank that nobody fills."""
    source = "".join(
        (Path(confirm.__file__).parents[1] / path).read_text(encoding="utf-8")
        for path in (
            "core/answer.py",
            "core/alongside.py",
            "core/confirming.py",
            "core/screen_manifest.py",
            "core/manifests.py",
            "sources/public_site.py",
            "engine/inspection.py",
        )
    )
    codes = set(re.findall(r'(?:Difference\(|_NoAnswer\(|problem=|_unless_same\()\s*"([a-z-]+)"', source))
    codes |= {
        "huge",
        "cut",
        "garbled",
        "stale",
        "due",
        "old",
        "content",
        "approval",
        "since",
        "until",
        "title",
        "address",
    }
    catalogue = words(language)
    known = set(catalogue.find("cli.confirm.differs"))
    assert codes == known
    for code in codes:
        sentence = told(Difference(code, "x/", "i", "e", "f"), catalogue)
        assert "{" not in sentence
        assert sentence.endswith((".", "。"))


def test_what_a_site_says_cannot_play_with_the_terminal(project: Any, public: PublicServer) -> None:
    """Control characters and endless words of a page are made harmless in the sentence."""
    public.edit(f"notices/{A}/", "</h1>", "\x1b[2J\n::error::hit" + "x" * 5000 + "</h1>")
    run = ask(project, public)
    assert run.status == 1
    assert "\x1b" not in run.out
    assert run.out.count("\n") == 1
    assert len(run.out) < 1000


def test_a_board_that_cannot_be_reached_is_exit_status_3(project: Any, public: PublicServer) -> None:
    """A dead host, a server error: the surroundings are broken; a host without a board: it differs."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = project.run("confirm", f"http://127.0.0.1:{closed.getsockname()[1]}/", "--within", "0m", "--lang", "en")
    assert dead.status == 3
    assert dead.out.startswith("/board.json: cannot be reached (")
    for status, exits in ((500, 3), (503, 3), (404, 1), (403, 1)):
        public.any_lie = lambda handler, _, status=status: send(handler, b"no", status=status)
        assert ask(project, public).status == exits


@pytest.mark.parametrize(
    "address",
    [
        "board.example",
        "ftp://board.example/",
        "file:///etc/passwd",
        "https://",
        "https://name:word@board.example/",
        "https://board.example/?x=1",
        "https://board.example/#x",
        "https://[::1/",
        "",
    ],
)
def test_only_an_address_is_taken_for_one(project: Any, address: str) -> None:
    """Anything but the plain address of a site is wrong usage, told in one sentence."""
    run = project.run("confirm", address, "--lang", "en")
    assert (run.status, run.out) == (2, "")
    assert "is not the address of a board" in run.err


def test_a_clone_that_is_only_fetched_into_compares_with_what_it_follows(project: Any, tmp_path: Path) -> None:
    """As a publisher's: HEAD stays where it was cloned; the public board is the one that was fetched since."""
    origin = type(project)(Path(shutil.copytree(project.root, tmp_path / "origin")))
    clone = type(project)(tmp_path / "clone")
    origin.git("clone", "--quiet", str(origin.root), str(clone.root))
    origin.write("readme.txt", "x")
    origin.commit()
    assert origin.build(at=AT).status == 1
    server = PublicServer(files_of(origin.site))
    try:
        assert differences(clone, server) == {("revision", "board.json", "")}
        clone.git("fetch", "--quiet")
        assert differences(clone, server) == set()
        assert differences(clone, server, "--rev", "HEAD") == {("revision", "board.json", "")}
    finally:
        server.close()


@pytest.mark.parametrize("length", ["soon", "5", "-5m", "5w"])
def test_only_a_length_is_taken_for_one(project: Any, public: PublicServer, length: str) -> None:
    """As elsewhere: 45s, 30m, 4h or 7d; the answer names the units."""
    run = ask(project, public, "--fresh-within", length)
    assert run.status == 2
    assert "is not a length of time; write a number and its unit, s, m, h or d" in run.err
