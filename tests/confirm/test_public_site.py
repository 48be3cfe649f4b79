"""A public site is asked politely, and whatever it answers, the answer ends and nothing else is asked."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from public_server import PublicServer, drip, endless, send

from gaoshi.core.answer import Answer
from gaoshi.sources import public_site
from gaoshi.sources.public_site import MOST_BYTES, NotAnAddress, PublicSite

HTML = b"<!doctype html><html data-board=x></html>"


@pytest.fixture
def public() -> Iterator[PublicServer]:
    """A server with two files."""
    server = PublicServer({"": HTML, "board.json": b"{}"})
    yield server
    server.close()


@pytest.fixture
def other() -> Iterator[PublicServer]:
    """Another site."""
    server = PublicServer({"": HTML, "board.json": b"{}"})
    yield server
    server.close()


def ask(public: PublicServer, path: str = "", *, each: float = 5, every: float = 20) -> Answer:
    """What the site answers at a path."""
    return PublicSite(public.address, seconds_each=each, seconds_all=every).ask([path])[path]


def test_an_answer_is_status_type_and_body(public: PublicServer) -> None:
    """The type without its parameters; a 404 is an answer like any other; every path is asked once."""
    public.lies["board.json"] = lambda handler, _: send(handler, b"{}", kind="Application/JSON ; charset=utf-8")
    answers = PublicSite(public.address).ask(["", "board.json", "nothing/", ""])
    assert answers[""] == Answer(200, "text/html", HTML)
    assert answers["board.json"] == Answer(200, "application/json", b"{}", charset="utf-8")
    assert (answers["nothing/"].status, answers["nothing/"].problem) == (404, "")
    assert sorted(public.paths) == ["", "board.json", "nothing/"]
    assert PublicSite(public.address).ask([]) == {}


def test_it_can_be_asked_beside_a_running_loop(public: PublicServer) -> None:
    """Whoever asks may be in the middle of something asynchronous."""

    async def inside() -> Answer:
        return ask(public)

    assert asyncio.run(inside()).status == 200


def test_eight_at_once_and_no_more(public: PublicServer) -> None:
    """Many pages are asked for side by side, but a site is never flooded."""

    def slowly(handler: Any, _: int) -> None:
        time.sleep(0.05)
        send(handler, HTML)

    public.any_lie = slowly
    answers = PublicSite(public.address).ask([f"{number}/" for number in range(40)])
    assert all(answer.status == 200 for answer in answers.values())
    assert 2 <= public.most_at_once <= 8


def test_no_cookie_is_kept(public: PublicServer) -> None:
    """What a site wants to be reminded of, it is not."""
    public.any_lie = lambda handler, _: send(handler, HTML, Set_Cookie="seen=1; Path=/")
    PublicSite(public.address).ask([f"{number}/" for number in range(40)])
    assert len(public.asked) == 40
    assert not [headers for _, headers in public.asked if "Cookie" in headers]


# ── what is too much ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("size", "problem"), [(MOST_BYTES, ""), (MOST_BYTES + 1, "huge")])
@pytest.mark.parametrize("packed", [False, True])
def test_a_body_has_its_limit(public: PublicServer, size: int, problem: str, *, packed: bool) -> None:
    """Ten million bytes, whether sent as they are or packed."""
    body = b"x" * size
    public.lies[""] = lambda handler, _: (
        send(handler, gzip.compress(body), Content_Encoding="gzip") if packed else send(handler, body)
    )
    answer = ask(public)
    assert answer.problem == problem
    assert len(answer.body) == (0 if problem else size)


def test_all_bodies_together_have_their_limit(public: PublicServer) -> None:
    """A site with endlessly many large pages fills nobody's memory: what is beyond the sum is not kept."""
    public.any_lie = lambda handler, _: send(handler, b"x" * 1000)
    answers = PublicSite(public.address, bytes_all=20_000).ask([f"{number}/" for number in range(60)])
    kept = [answer for answer in answers.values() if answer.body]
    assert 20 <= len(kept) <= 20 + 8, "what is under way at once may go over"
    assert {answer.problem for answer in answers.values() if not answer.body} == {"huge"}


def test_a_bomb_does_not_go_off(public: PublicServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gigabyte packed into a megabyte is never unpacked further than a page may be large."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(10**7)) for _ in range(100)) + packer.flush()
    assert len(bomb) < 1_100_000
    public.lies[""] = lambda handler, _: send(handler, bomb, Content_Encoding="gzip")
    most = []

    async def counted(response: Any, unpacked: Any = public_site._unpacked) -> Any:
        async for part in unpacked(response):
            most.append(len(part))
            yield part

    monkeypatch.setattr(public_site, "_unpacked", counted)
    assert ask(public).problem == "huge"
    assert sum(most) <= 2 * MOST_BYTES + 2


def test_an_endless_answer_ends(public: PublicServer) -> None:
    """One that goes on for ever is left when it is too large."""
    public.lies[""] = endless
    assert ask(public).problem == "huge"


def drip_head(handler: Any, _: int) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def say_nothing(_handler: Any, _: int) -> None:
    time.sleep(3)


@pytest.mark.parametrize("slowly", [drip_head, drip, say_nothing])
def test_a_slow_answer_ends_in_time(public: PublicServer, slowly: Any) -> None:
    """A byte now and then does not keep anybody waiting longer than a whole page may take."""
    public.lies[""] = slowly
    begun = time.monotonic()
    assert ask(public, each=0.5).problem == "slow"
    assert time.monotonic() - begun < 3


def test_all_answers_together_end_in_time(public: PublicServer) -> None:
    """What has not come when time is up is slow; what came in time counts."""
    public.any_lie = say_nothing
    public.lies["quick/"] = lambda handler, _: send(handler, HTML)
    site = PublicSite(public.address, seconds_each=10, seconds_all=0.7)
    begun = time.monotonic()
    answers = site.ask(["quick/", *(f"{number}/" for number in range(30))])
    assert time.monotonic() - begun < 3
    assert answers.pop("quick/").status == 200
    assert {answer.problem for answer in answers.values()} == {"slow"}


# ── what is too little ───────────────────────────────────────────────────────────────────────────


def short_body(handler: Any, _: int) -> None:
    send(handler, HTML, Content_Length=str(len(HTML) + 10))
    handler.close_connection = True


def short_packed(handler: Any, _: int) -> None:
    send(handler, gzip.compress(HTML)[:-12], Content_Encoding="gzip")


def no_gzip(handler: Any, _: int) -> None:
    send(handler, HTML, Content_Encoding="gzip")


def brotli(handler: Any, _: int) -> None:
    send(handler, HTML, Content_Encoding="br")


def no_http(handler: Any, _: int) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    handler.close_connection = True


def nothing(handler: Any, _: int) -> None:
    handler.close_connection = True


@pytest.mark.parametrize(
    ("lie", "problem"),
    [
        (short_body, "cut"),
        (short_packed, "cut"),
        (no_gzip, "garbled"),
        (brotli, "packed"),
        (no_http, "garbled"),
        (nothing, "garbled"),
    ],
)
def test_half_an_answer_is_none(public: PublicServer, lie: Any, problem: str) -> None:
    """A body that breaks off, or that cannot be unpacked, or no HTTP at all: no answer, and why."""
    public.lies[""] = lie
    answer = ask(public)
    assert (answer.status, answer.problem, answer.body) == (0, problem, b"")


def test_a_body_that_is_longer_than_it_says_is_read_as_long_as_it_says(public: PublicServer) -> None:
    """What comes after the length is not part of the answer."""
    public.lies[""] = lambda handler, _: send(handler, HTML, Content_Length="10", Connection="close")
    assert ask(public).body == HTML[:10]


# ── where it leads ───────────────────────────────────────────────────────────────────────────────


def leads(to: str) -> Any:
    """Answer with a redirection."""
    return lambda handler, _: send(handler, b"", status=301, Location=to)


def test_a_redirection_below_the_address_is_followed(public: PublicServer) -> None:
    """To another page of the site, relative or whole."""
    public.lies["old/"] = leads("../")
    public.lies["older/"] = leads(f"{public.address}old/")
    assert ask(public, "older/").body == HTML


def test_a_redirection_to_another_host_is_not_followed(public: PublicServer, other: PublicServer) -> None:
    """Neither to another host, nor to another port of this one."""
    for target in (other.address, f"http://localhost:{public.port}/", f"//localhost:{public.port}/board.json"):
        public.lies[""] = leads(target)
        answer = ask(public)
        assert answer.problem == "redirected"
        assert answer.detail.endswith(target.removeprefix("http:"))
    assert other.asked == []
    assert public.paths == ["", "", ""]


@pytest.mark.parametrize(
    "target",
    [
        "http://name:word@127.0.0.1:{port}/board/",
        "https://127.0.0.1:{port}/board/",
        "ftp://127.0.0.1:{port}/board/",
        "file:///etc/passwd",
        "http://127.0.0.1:{port}/",
        "/board",
        "/boardroom/",
        "/board/../secret/",
        "/board/%2e%2e/secret/",
        "http://[::1/",
    ],
)
def test_a_redirection_out_of_the_folder_is_not_followed(target: str) -> None:
    """Nor with a password, nor in another scheme, nor to the rest of the host."""
    public = PublicServer({"": HTML}, "/board/")
    try:
        public.lies[""] = leads(target.format(port=public.port))
        assert ask(public).problem in {"redirected", "unreachable", "garbled"}
        assert [path for path in public.paths if path] == []
        assert len(public.paths) == 1
    finally:
        public.close()


@pytest.mark.parametrize(
    ("here", "there", "ours"),
    [
        ("http://board.example/", "https://board.example/", True),
        ("https://board.example/", "http://board.example/", False),
        ("http://board.example:8080/", "https://board.example/", False),
        ("http://board.example/", "https://board.example:8443/", False),
        ("https://board.example/", "https://www.board.example/", False),
        ("https://board.example/", "https://BOARD.example/x/", True),
        ("https://board.example/x/", "https://board.example/y/", False),
    ],
)
def test_a_redirection_may_go_over_to_https_and_not_back(here: str, there: str, *, ours: bool) -> None:
    """On the same host, at the usual ports."""
    import httpx  # noqa: PLC0415

    site = PublicSite(here)
    assert site._is_ours(httpx.URL(here), httpx.URL(there)) is ours


def test_a_circle_of_redirections_ends(public: PublicServer) -> None:
    """After a few turns."""
    public.lies["a/"], public.lies["b/"] = leads("../b/"), leads("../a/")
    assert ask(public, "a/").problem == "circle"
    assert len(public.asked) <= 6


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "../x",
        "a/../../x",
        "//other.example/",
        "http://other.example/",
        "a//b",
        "?x",
        "a/?x",
        "#x",
        "%2e%2e/",
        "a\\b",
        "a/./b",
        ".git/config",
        "a\nb",
        "a b",
    ],
)
def test_only_paths_of_a_board_are_asked(public: PublicServer, path: str) -> None:
    """Whatever names it, an address that no board has is not asked."""
    assert ask(public, path).problem == "outside"
    assert public.asked == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://board.example", "https://board.example/"),
        ("https://board.example/estate", "https://board.example/estate/"),
        ("HTTP://Board.Example:8080/x/", "http://board.example:8080/x/"),
        ("https://board.example//", "https://board.example/"),
    ],
)
def test_an_address_is_a_folder(text: str, address: str) -> None:
    """With one slash at its end."""
    assert PublicSite(text).address == address


@pytest.mark.parametrize("text", ["https://board.example/%2e%2e/x/", "javascript:alert(1)", "http:///x"])
def test_what_leads_elsewhere_is_no_address(text: str) -> None:
    """Nothing that leads out of itself, and no other scheme."""
    with pytest.raises(NotAnAddress):
        PublicSite(text)
