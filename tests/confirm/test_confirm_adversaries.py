"""`gaoshi confirm` on servers that mean ill: each ends in time and in memory, with a sentence that says what is wrong."""

from __future__ import annotations

import gzip
import resource
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from public_server import PublicServer, drip, endless, files_of, send

from gaoshi.sources.public_site import PublicSite

AT = "2026-11-24 10:00"
LIVE = "2026-11/live"
EACH, ALL = 2.0, 30.0
_KEPT: dict[str, Any] = {}
Lying = Callable[[Any, int], None]


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project with one notice."""
    if not _KEPT:
        estate = make_estate("attacked")
        estate.notice(LIVE)
        estate.commit()
        assert estate.build(at=AT).status == 0
        _KEPT["estate"] = estate
    return _KEPT["estate"]


@pytest.fixture
def public(project: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicServer]:
    """A server with the board as it was built, asked by somebody of less patience than usual."""
    assert PublicSite.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(PublicSite.__init__.__kwdefaults__, "seconds_each", EACH)
    monkeypatch.setitem(PublicSite.__init__.__kwdefaults__, "seconds_all", ALL)
    server = PublicServer(files_of(project.site))
    yield server
    server.close()


@pytest.fixture
def other() -> Iterator[PublicServer]:
    """Another host's server, which must never be asked."""
    server = PublicServer({})
    yield server
    assert server.asked == []
    server.close()


def ask(project: Any, public: PublicServer, language: str = "en") -> Any:
    """Ask, and hold that it took neither long nor much memory."""
    begun, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run = project.run("confirm", public.address, "--at", AT, "--within", "0m", "--lang", language)
    assert time.monotonic() - begun < ALL
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 400_000, "in kilobytes"
    return run


def headers(handler: Any, _: int) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        handler.wfile.write(b"X-%d: %s\r\n" % (number, b"x" * 1000))
    handler.wfile.write(b"\r\n")


@cache
def large_in_small() -> bytes:
    """A third of a gigabyte, packed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(10**7)) for _ in range(30)) + packer.flush()


def bomb(handler: Any, _: int) -> None:
    send(handler, large_in_small(), Content_Encoding="gzip")


def bombs_within_bombs(handler: Any, _: int) -> None:
    send(handler, gzip.compress(gzip.compress(bytes(10**7))), Content_Encoding="gzip, gzip")


def circle(handler: Any, _: int) -> None:
    send(handler, b"", status=302, Location=handler.path)


def spiral(handler: Any, number: int) -> None:
    send(handler, b"", status=302, Location=f"{handler.path}x/")


SERVERS: list[tuple[Lying, str, str]] = [
    (endless, "too large, and not read to its end.", "内容过大，没有读完。"),
    (drip, "no answer in time.", "没有在限定时间内答复。"),
    (headers, "an answer that cannot be understood (", "答复看不懂（"),
    (bomb, "too large, and not read to its end.", "内容过大，没有读完。"),
    (bombs_within_bombs, "packed as gzip, gzip, which was not asked for.", "用了没有要求的压缩方式 gzip, gzip。"),
    (circle, "leads in a circle.", "反复跳转，没有结果。"),
    (spiral, "leads in a circle.", "反复跳转，没有结果。"),
]


@pytest.mark.parametrize(("lie", "english", "chinese"), SERVERS, ids=[one[0].__name__ for one in SERVERS])
@pytest.mark.parametrize("path", ["board.json", f"notices/{LIVE}/"])
def test_a_server_that_means_ill_gets_a_sentence(
    project: Any, public: PublicServer, lie: Lying, english: str, chinese: str, path: str
) -> None:
    """On the manifest and on a page, in both languages, once, and everything else is looked at all the same."""
    large_in_small()
    public.lies[path] = lie
    if lie is spiral:
        public.any_lie = lambda handler, number: (
            spiral(handler, number) if "x/" in handler.path else public.serve(handler, handler.path[1:])
        )
    for language, sentence, mark in (("en", english, ": "), ("zh", chinese, "：")):
        run = ask(project, public, language)
        assert run.status in {1, 3}
        assert run.out.startswith(f"/{path}{mark}{sentence}")
        assert run.out.count("\n") == 1
    assert len([asked for asked in public.paths if asked.startswith(path)]) <= 2 * 6


@pytest.mark.parametrize("target", ["{other}", "file:///etc/passwd", "ftp://127.0.0.1/", "//127.0.0.2/"])
@pytest.mark.parametrize("path", ["board.json", "", f"notices/{LIVE}/"])
def test_whoever_leads_away_is_not_followed(
    project: Any, public: PublicServer, other: PublicServer, target: str, path: str
) -> None:
    """To another host, another scheme, a file of this machine: told with the place that it leads to, and not asked."""
    target = target.format(other=other.address)
    public.lies[path] = lambda handler, _: send(handler, b"", status=302, Location=target)
    run = ask(project, public)
    assert run.status == 1
    assert run.out.startswith(f"/{path}: leads to ")
    assert "was not followed" in run.out
    assert "root:" not in run.out + run.err


def test_a_way_back_from_https_is_not_followed() -> None:
    """What was asked for safely is never fetched unsafely, not even from the same host."""
    import httpx  # noqa: PLC0415

    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "http://board.example/board.json"})

    real = httpx.AsyncClient
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "AsyncClient", lambda **options: real(transport=httpx.MockTransport(answer), **options))
        got = PublicSite("https://board.example/").ask(["board.json"])["board.json"]
    assert (got.problem, got.detail) == ("redirected", "http://board.example/board.json")
    assert asked == ["https://board.example/board.json"]


def test_a_look_has_one_deadline_and_not_one_for_each_step(project: Any, public: PublicServer) -> None:
    """A site whose every page takes almost as long as one may ends when the whole look's time is up."""

    def almost(handler: Any, _: int) -> None:
        time.sleep(0.8)
        public.serve(handler, handler.path[1:])

    public.any_lie = almost
    site = PublicSite(public.address, seconds_each=1.0, seconds_all=2.0)
    begun = time.monotonic()
    answers = [next(iter(site.ask([f"{number}.txt"]).values())) for number in range(6)]
    assert time.monotonic() - begun < 4.0
    assert [answer.problem for answer in answers] == ["", "", *["slow"] * 4]
    site.begin()
    assert site.ask(["7.txt"])["7.txt"].status == 404


def test_a_look_has_one_sum_of_bytes_and_not_one_for_each_step(public: PublicServer) -> None:
    """What the pages took, the files cannot take again."""
    public.any_lie = lambda handler, _: send(handler, b"x" * 1000)
    site = PublicSite(public.address, bytes_all=1500)
    first, second = (site.ask([path])[path] for path in ("a", "b"))
    assert (len(first.body), second.problem) == (1000, "huge")
    site.begin()
    assert len(site.ask(["c"])["c"].body) == 1000
