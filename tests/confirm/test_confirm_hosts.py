"""`gaoshi confirm` on hosts as they are: in a folder, packed, with a clock of their own, on time and too late."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from public_server import PublicServer, files_of, kind_of, send
from questions import both_ways

from gaoshi.core.alongside import NOWHERE

AT = "2026-11-24 10:00"
LIVE = "2026-11/live"
_KEPT: dict[str, Any] = {}


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project whose board lies in a folder of its host; its next change is at 10:30."""
    if not _KEPT:
        estate = make_estate("hosted")
        estate.edit("mkdocs.yml", "https://board.cloudtop.example/", "https://host.example/estate/")
        estate.notice(LIVE, valid_until="2026-11-24 10:30")
        estate.commit()
        assert estate.build(at=AT).status == 0
        _KEPT["estate"] = estate
    return _KEPT["estate"]


@pytest.fixture
def public(project: Any) -> Iterator[PublicServer]:
    """A host that has the board in its folder."""
    server = PublicServer(files_of(project.site), "/estate/")
    yield server
    server.close()


# ── in a folder ──────────────────────────────────────────────────────────────────────────────────


def test_a_board_in_a_folder_of_its_host_is_proved(project: Any, public: PublicServer) -> None:
    """With the page for what is not there, which names its style sheet from the host's root."""
    assert both_ways(project, public) == (set(), set())
    assert NOWHERE in public.paths
    assert b'href="/estate/assets/board.' in public.files["404.html"]


def test_a_folder_may_be_called_like_a_language(make_estate: Any) -> None:
    """It is not taken for one."""
    estate = make_estate("english")
    estate.edit("mkdocs.yml", "https://board.cloudtop.example/", "https://host.example/en/")
    estate.notice(LIVE)
    estate.commit()
    assert estate.build(at=AT).status == 0
    server = PublicServer(files_of(estate.site), "/en/")
    try:
        assert both_ways(estate, server) == (set(), set())
    finally:
        server.close()


def test_a_board_in_another_folder_than_it_was_built_for_is_found(project: Any) -> None:
    """Its page for what is not there names a style sheet that is not there either."""
    moved = PublicServer(files_of(project.site), "/other/")
    try:
        assert both_ways(project, moved) == ({("asset", NOWHERE, "")},) * 2
    finally:
        moved.close()


def test_an_address_may_leave_its_slash_out(project: Any, public: PublicServer) -> None:
    """Given with or without it, and where a host leads from the folder's name to the folder."""
    bare = public.address.removesuffix("/")
    public.lies["/estate"] = lambda handler, _: send(handler, b"", status=301, Location="/estate/")
    for name in (f"notices/{LIVE}", "en"):
        public.lies[f"{name}/"] = lambda handler, number, name=name: (
            send(handler, b"", status=301, Location=f"/estate/{name}/index.html")
            if number == 0
            else public.serve(handler, f"{name}/")
        )
        public.files[f"{name}/index.html"] = public.files[f"{name}/"]
    run = project.run("confirm", bare, "--at", "2026-11-24 10:05", "--within", "0m", "--lang", "en")
    assert (run.status, run.out) == (0, "")
    assert {f"notices/{LIVE}/index.html", "en/index.html"} <= set(public.paths)


# ── on time, and too late ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "sentence", "verdict"),
    [
        (
            "en",
            (
                "THE BOARD IS OVERDUE: it had to be made anew by 2026-11-24T10:30:00+08:00, and it is "
                "2026-11-24T11:00:01+08:00. The pipeline has probably stopped; look at it now, and run it by hand.\n"
            ),
            "The public board differs in one place, see above.\n",
        ),
        (
            "zh",
            (
                "公告栏没有按时更新：最迟应在 2026-11-24T10:30:00+08:00 重新生成，现在已是 2026-11-24T11:00:01+08:00。"
                "发布流程可能已停，请尽快查看并手动运行一次。\n"
            ),
            "公开的公告栏有 1 处不对，见上。\n",
        ),
    ],
)
def test_the_switch_fires_at_its_second(
    project: Any, public: PublicServer, tmp_path: Any, language: str, sentence: str, verdict: str
) -> None:
    """From anywhere: half an hour after it was due to the second all is well, and one second later it is not."""
    anywhere = type(project)(tmp_path)

    def asked(at: str) -> Any:
        options = ("--fresh-within", "30m", "--within", "0m", "--at", at, "--lang", language)
        return anywhere.run("confirm", public.address, *options)

    good = asked("2026-11-24T11:00:00+08:00")
    assert (good.status, good.out) == (0, "")
    bad = asked("2026-11-24T11:00:01+08:00")
    assert (bad.status, bad.out, bad.err) == (1, sentence, verdict)


# ── its clock ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def today(make_estate: Callable[[str], Any]) -> Iterator[tuple[Any, PublicServer]]:
    """A project without notices, and its board as it was made just now by the clock of this machine."""
    estate = make_estate("today")
    estate.commit()
    assert estate.build(at=datetime.now(UTC).isoformat(timespec="seconds")).status == 0
    server = PublicServer(files_of(estate.site))
    yield estate, server
    server.close()


def clock(public: PublicServer, wrong: timedelta, age: timedelta = timedelta()) -> None:
    """Let the server's clock be wrong, or what it answers be so old."""

    def lie(handler: Any, _: int) -> None:
        handler.date_time_string = lambda: format_datetime(datetime.now(UTC) + wrong - age, usegmt=True)
        sender = handler.send_response

        def with_age(status: int) -> None:
            sender(status)
            handler.send_header("Age", str(int(age.total_seconds())))

        handler.send_response = with_age
        public.serve(handler, handler.path[1:])

    public.any_lie = lie


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (timedelta(minutes=-6), "clock"),
        (timedelta(minutes=-4), None),
        (timedelta(minutes=4), None),
        (timedelta(minutes=6), "clock"),
        (timedelta(days=400), "clock"),
    ],
)
def test_a_server_with_a_wrong_clock_is_named(today: Any, wrong: timedelta, code: str | None) -> None:
    """Pages believe it, so that more than five minutes are too much; a cache's answer is as old as it says."""
    estate, public = today
    for age in (timedelta(), timedelta(hours=2)):
        clock(public, wrong, age)
        for more in ([], ["--fresh-within", "30m"]):
            run = estate.run("confirm", public.address, "--within", "0m", "--format", "json", "--lang", "en", *more)
            assert [one["code"] for one in run.data["differences"]] == ([code] if code else [])
            assert run.status == (1 if code else 0)


@pytest.mark.parametrize(("language", "words"), [("en", "the server’s clock says 20"), ("zh", "服务器的时钟是 20")])
def test_a_wrong_clock_is_told_in_both_languages(today: Any, language: str, words: str) -> None:
    """With what it says, and what it is."""
    estate, public = today
    clock(public, timedelta(hours=-3))
    run = estate.run("confirm", public.address, "--within", "0m", "--lang", language)
    assert run.out.count("\n") == 1
    assert words in run.out


def test_a_server_that_tells_no_time_or_nonsense_is_not_blamed(today: Any) -> None:
    """It is not wrong then; pages have the reader's own clock."""
    estate, public = today

    def lie(handler: Any, _: int) -> None:
        handler.date_time_string = lambda: "yesterday"
        public.serve(handler, handler.path[1:])

    public.any_lie = lie
    assert estate.run("confirm", public.address, "--within", "0m").status == 0


def test_at_another_instant_the_servers_clock_is_not_judged(project: Any, public: PublicServer) -> None:
    """Who asks how it would be then cannot expect the server to know."""
    assert both_ways(project, public) == (set(), set())


# ── packed ───────────────────────────────────────────────────────────────────────────────────────


def packing(public: PublicServer, *, forced: str = "") -> None:
    """Pack as the one who asks accepts it, brotli first, as large hosts do; or always by one way."""

    def lie(handler: Any, _: int) -> None:
        path = handler.path.removeprefix(public.prefix)
        accepted = handler.headers.get("Accept-Encoding", "")
        way = forced or ("br" if "br" in accepted else "gzip" if "gzip" in accepted else "")
        status = 200 if path in public.files else 404
        body = public.files.get(path, public.files["404.html"])
        headers = {"Content_Encoding": way} if way else {}
        send(handler, gzip.compress(body) if way == "gzip" else body, status=status, kind=kind_of(path), **headers)

    public.any_lie = lie


def test_a_host_that_packs_is_asked_for_what_we_can_unpack(project: Any, public: PublicServer) -> None:
    """Brotli is never asked for; what comes packed by gzip is proved as it was built."""
    packing(public)
    assert both_ways(project, public) == (set(), set())
    assert all(headers["Accept-Encoding"] == "gzip" for _, headers in public.asked)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "/board.json: packed as br, which was not asked for.\n"),
        ("zh", "/board.json：用了没有要求的压缩方式 br。\n"),
    ],
)
def test_a_host_that_packs_as_it_likes_is_told(
    project: Any, public: PublicServer, language: str, sentence: str
) -> None:
    """Readers with older phones could not unpack it either."""
    packing(public, forced="br")
    run = project.run("confirm", public.address, "--at", AT, "--within", "0m", "--lang", language)
    assert (run.status, run.out) == (1, sentence)
