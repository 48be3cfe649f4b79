"""`gaoshi confirm` looks at what the screens get: the right notices, of the right moment, and whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from public_server import PublicServer
from questions import ask, both_ways, differences

PROJECT = Path(__file__).resolve().parents[2]
LIVE, ENDED, UPCOMING, SECRET = "2026-11/live", "2026-11/past", "2026-11/soon", "2026-11/secret"
PICTURE = (PROJECT / "notices/2026-11/leaf-volunteers/ginkgo.webp").read_bytes()
KIOSK = "kiosk.json"
_KEPT: dict[str, Any] = {}


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project with notices for screens in every state, as published at ten. Made once, never changed."""
    if not _KEPT:
        estate = make_estate("screens")
        estate.own_templates()
        estate.notice(LIVE, body="![银杏](tree.webp)\n", files={"tree.webp": PICTURE})
        estate.notice(ENDED, title="关于已经结束之事的温馨提示", valid_until="2026-11-23 18:00")
        estate.notice(UPCOMING, title="关于明天之事的温馨提示", valid_from="2026-11-25 09:00")
        estate.notice(SECRET, title="关于后天之事的温馨提示", valid_from="2026-11-26 09:00", embargo="true")
        estate.commit()
        assert estate.build().status == 0
        _KEPT["estate"] = estate
    return _KEPT["estate"]


def change(public: PublicServer, how: Callable[[Any], object]) -> None:
    """Change what the screens get."""
    data = json.loads(public.files[KIOSK])
    how(data)
    public.files[KIOSK] = json.dumps(data, ensure_ascii=False).encode()


def entry(data: Any, notice_id: str) -> Any:
    """A notice among those that the screens get."""
    return next(each for each in data["notices"] if each["id"] == notice_id)


def test_what_screens_get_is_proved(project: Any, public: PublicServer) -> None:
    """What is live and what is to come, without what is kept secret, is right in both ways; all of it is asked for."""
    assert [each["id"] for each in json.loads(public.files[KIOSK])["notices"]] == [LIVE, UPCOMING]
    assert differences(project, public) == set()
    assert {path for path in public.files if path.startswith("kiosk")} <= set(public.paths)
    assert both_ways(project, public) == (set(), set())


@pytest.mark.parametrize(
    ("how", "edition", "alone"),
    [
        (lambda data: data["notices"].pop(0), {("missing", LIVE)}, set()),
        (lambda data: data["notices"].pop(1), {("missing", UPCOMING)}, set()),
        (
            lambda data: data["notices"].append(entry(data, LIVE) | {"id": ENDED}),
            {("stranger", ENDED)},
            {("stranger", ENDED)},
        ),
        (
            lambda data: data["notices"].append(entry(data, UPCOMING) | {"id": SECRET}),
            {("stranger", SECRET)},
            set(),
        ),
        (
            lambda data: entry(data, LIVE).update(content_id="0" * 40),
            {("content", LIVE)},
            {("content", LIVE)},
        ),
        (lambda data: entry(data, LIVE).update(valid_until="2027-01-01T00:00:00+08:00"), {("until", LIVE)}, set()),
        (lambda data: entry(data, LIVE).update(leaves=None), {("field", f"{LIVE} leaves")}, set()),
        (lambda data: entry(data, LIVE).update(screens=["gate"]), {("field", f"{LIVE} screens")}, set()),
        (lambda data: entry(data, LIVE)["html"].update(zh="<p>别的话</p>"), {("words", LIVE)}, set()),
        (
            lambda data: entry(data, LIVE).update(channels=["board"]),
            {("field", f"{LIVE} channels")},
            {("stranger", LIVE)},
        ),
        (lambda data: entry(data, LIVE).update(channels=7), {("field", f"{LIVE} channels")}, {("stranger", LIVE)}),
        (lambda data: entry(data, UPCOMING).update(valid_from=7), {("since", UPCOMING)}, {("stranger", UPCOMING)}),
        (lambda data: data.update(board="other"), {("board", "")}, {("board", "")}),
        (lambda data: data.update(at="2026-11-24T09:59:59+08:00"), {("stale", "")}, {("stale", "")}),
        (lambda data: data.update(sequence=data["sequence"] - 1), {("field", "sequence")}, {("field", "sequence")}),
        (lambda data: data.update(desk=None), {("field", "desk")}, set()),
        (lambda data: data.pop("notices"), {("no-kiosk", "")}, {("no-kiosk", "")}),
    ],
)
def test_a_wrong_manifest_is_told(
    project: Any,
    public: PublicServer,
    how: Callable[[Any], object],
    edition: set[tuple[str, str]],
    alone: set[tuple[str, str]],
) -> None:
    """Whatever differs from the edition is named; without a project, whatever cannot be right beside the board."""
    change(public, how)
    found, found_alone = both_ways(project, public)
    assert found == {(code, KIOSK, of) for code, of in edition}
    assert found_alone == {(code, KIOSK, of) for code, of in alone}


@pytest.mark.parametrize("body", [b"", b"<!doctype html><title>Sign in</title>", b"[]", b'{"notices": [7]}', b"null"])
def test_something_else_is_no_manifest(project: Any, public: PublicServer, body: bytes) -> None:
    """A sign-in page, a truncated file, anything that is not the screens' manifest is said to be none."""
    public.files[KIOSK] = body
    assert differences(project, public) == {("no-kiosk", KIOSK, "")}


def test_every_part_of_a_screen_is_there(project: Any, public: PublicServer) -> None:
    """A missing picture, a missing or changed script, a page of another version: each is named."""
    picture = next(path for path in public.files if path.startswith("kiosk/files/"))
    script = next(path for path in public.files if path.endswith("/main.js"))
    del public.files[picture]
    public.files[script] += b"\n"
    version = script.split("/")[2]
    public.files["kiosk/lobby-1/"] = public.files["kiosk/lobby-1/"].replace(version.encode(), b"0000000000")
    assert differences(project, public) == {
        ("status", picture, ""),
        ("file", script, ""),
        ("own", "kiosk/lobby-1/", ""),
    }


UNSEEN: dict[str, tuple[Callable[[Any], object], str]] = {
    "a second entry of a notice": (lambda data: data["notices"].insert(0, entry(data, LIVE) | {"html": {}}), "notices"),
    "another order": (lambda data: data["notices"].reverse(), "notices[0]"),
    "something more of a notice": (lambda data: entry(data, LIVE).update(more="x"), "notices[0].more"),
    "something more of all": (lambda data: data.update(more="x"), "more"),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_the_whole_manifest_of_the_screens_is_compared(project: Any, public: PublicServer, what: str) -> None:
    """Whatever a screen could read in it, also where every notice is right by itself."""
    how, field = UNSEEN[what]
    change(public, how)
    (difference,) = differences(project, public)
    assert difference[:2] == ("field", KIOSK)
    assert difference[2].startswith(field)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("kiosk/lobby-1/", '"heartbeat":null', '"heartbeat":"https://evil.example/"'),
        ("kiosk/lobby-1/", "</body>", '<script src="https://evil.example/x.js"></script></body>'),
        ("kiosk/", "</body>", "<h1>停水</h1></body>"),
        ("kiosk/sw.js", "const VERSION", "const OTHER=1, VERSION"),
    ],
)
def test_what_screens_run_is_what_was_built(project: Any, public: PublicServer, path: str, old: str, new: str) -> None:
    """Pages with all that they know, and their scripts: what differs there may show anything, and is never right."""
    public.edit(path, old, new)
    data = ask(project, public, "--format", "json").data
    assert {(one["code"], one["page"]) for one in data["differences"]} == {
        ("file" if path.endswith(".js") else "page", path)
    }
    assert not data["notices_right"]
