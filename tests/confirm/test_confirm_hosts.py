"""`gaoshi confirm` on hosts as they are: in a folder, packed, with a clock of their own, on time and too late."""

from __future__ import annotations

import gzip
import time
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


def clock(public: PublicServer, wrong: timedelta, age: timedelta = timedelta(), *, anew: bool = False) -> None:
    """Let the server's clock be wrong, or what it answers be so old; dated `anew` whenever it is given away."""

    def lie(handler: Any, _: int) -> None:
        made = datetime.now(UTC) + wrong - (timedelta() if anew else age)
        handler.date_time_string = lambda: format_datetime(made, usegmt=True)
        sender = handler.send_response

        def with_age(status: int) -> None:
            sender(status)
            handler.send_header("Age", str(int(age.total_seconds())))

        handler.send_response = with_age
        public.serve(handler, handler.path[1:])

    public.any_lie = lie


def codes(today: Any, *more: str) -> list[str]:
    """What differs on a host now."""
    estate, public = today
    run = estate.run("confirm", public.address, "--within", "0m", "--format", "json", "--lang", "en", *more)
    assert run.status == (1 if run.data["differences"] else 0)
    return [one["code"] for one in run.data["differences"]]


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
    """Pages believe it, so that more than five minutes are too much."""
    clock(today[1], wrong)
    assert codes(today) == codes(today, "--fresh-within", "30m") == ([code] if code else [])


@pytest.mark.parametrize("anew", [False, True])
def test_a_cache_may_date_its_answer_anew_or_leave_it_as_it_was(today: Any, *, anew: bool) -> None:
    """Hours old by its own word, the answer is right either way; dated later than now it is not."""
    clock(today[1], timedelta(), timedelta(hours=2), anew=anew)
    assert codes(today) == []
    clock(today[1], timedelta(hours=3) if not anew else timedelta(minutes=6), timedelta(hours=2), anew=anew)
    assert codes(today) == ["clock"]


def test_a_date_of_no_zone_is_one_of_utc(today: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the one who asks lives."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        said = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S -0000")
        today[1].lies["?clock"] = lambda handler, _: dated(handler, said, today[1])
        assert codes(today) == []
    finally:
        monkeypatch.undo()
        time.tzset()


def dated(handler: Any, said: str, public: PublicServer) -> None:
    """Answer with this Date."""
    handler.date_time_string = lambda: said
    public.serve(handler, "?clock")


def test_a_wrong_clock_hides_nothing_else(today: Any) -> None:
    """What else is wrong is told besides: on a page, in the manifest, or that it is overdue."""
    _, public = today
    clock(public, timedelta(hours=-3))
    whole = dict(public.files)
    del public.files["about/"]
    assert codes(today) == ["clock", "status"]
    public.files = dict(whole)
    public.edit("board.json", '"roster"', '"roster": "x", "was"')
    assert "field" in codes(today)
    assert codes(today)[0] == "clock"
    public.files = dict(whole)
    assert codes(today, "--not-before", "2099-01-01 00:00") == ["clock", "early"]


@pytest.mark.parametrize(("language", "words"), [("en", "the server’s clock says 20"), ("zh", "服务器的时钟显示为 20")])
def test_a_wrong_clock_is_told_in_both_languages(today: Any, language: str, words: str) -> None:
    """With what it says, and what it is."""
    estate, public = today
    clock(public, timedelta(hours=-3))
    run = estate.run("confirm", public.address, "--within", "0m", "--lang", language)
    assert run.out.count("\n") == 1
    assert words in run.out


def test_a_host_that_refuses_the_question_for_the_time_is_named(today: Any) -> None:
    """Pages ask by `HEAD ?clock`: refused, sent elsewhere, or broken off, they cannot know the time."""
    estate, public = today
    assert codes(today) == []
    assert public.paths.count("?clock") == 1
    public.lies["?clock"] = lambda handler, _: send(handler, b"", status=405)
    assert codes(today) == codes(today, "--fresh-within", "30m") == ["head"]
    public.lies["?clock"] = lambda handler, _: send(handler, b"", status=302, Location="/")
    assert codes(today) == ["head"]
    for language, words in (("en", "by HEAD. Expected 200 without redirection, and it is 302"), ("zh", "实际是 302")):
        assert words in estate.run("confirm", public.address, "--within", "0m", "--lang", language).out


@pytest.mark.parametrize("hours", [-3, 3])
def test_with_a_wrong_clock_the_notices_are_not_right(today: Any, hours: int) -> None:
    """Pages go by it and drop what is live, so nothing is logged; where they cannot ask, they go by themselves."""
    estate, public = today

    def right() -> bool:
        run = estate.run("confirm", public.address, "--within", "0m", "--format", "json")
        assert not run.data["confirmed"]
        return bool(run.data["notices_right"])

    clock(public, timedelta(hours=hours))
    assert not right()
    public.any_lie = None
    public.lies["?clock"] = lambda handler, _: dated(handler, "yesterday", public)
    assert right()


@pytest.mark.parametrize("said", ["yesterday", ""])
def test_a_server_that_tells_no_time_or_nonsense_is_named(today: Any, said: str) -> None:
    """Its pages would never learn the time, and trust the reader's own clock."""
    estate, public = today
    public.lies["?clock"] = lambda handler, _: dated(handler, said, public)
    assert codes(today) == ["undated"]
    for language, words in (("en", "no Date that can be read"), ("zh", "没有可用的 Date")):
        assert words in estate.run("confirm", public.address, "--within", "0m", "--lang", language).out


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
