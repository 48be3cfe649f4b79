"""The folder behind a real web server, Caddy and nginx as Debian has them, with the configurations of tools/watch."""

from __future__ import annotations

import configparser
import contextlib
import gzip
import http.client
import itertools
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import httpx
import pytest

from gaoshi.cli import group

TOOLS = Path(__file__).parents[2] / "tools/watch"
ADDRESS, FOLDER = "board.example.org", "/srv/gaoshi/public"
PAGES = ("/", "/notices/2026-11/a/", "/board.json", "/sitemap.xml", "/en/", "/about/")
HEADERS = {
    "content-security-policy": "frame-ancestors 'self'",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
YEAR = "public, max-age=31536000, immutable"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(command: list[str], port: int, home: Path) -> Iterator[httpx.Client]:
    """A server at work, and somebody who asks it."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
    }
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home)
    try:
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (home / "server.log").read_text()
            assert time.monotonic() < end, (home / "server.log").read_text()
            time.sleep(0.05)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield client
    finally:
        process.terminate()
        process.wait(timeout=20)


def caddy(folder: Path, home: Path) -> tuple[list[str], int]:
    """Caddy with our configuration, its address and folder aside."""
    port = free_port()
    text = (TOOLS / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace(f"{ADDRESS} {{", f"http://127.0.0.1:{port} {{").replace(FOLDER, str(folder))
    (home / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text, encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(home / "Caddyfile")], port


def nginx(folder: Path, home: Path) -> tuple[list[str], int]:
    """The other one, nginx, with our configuration inside of one of its own, its address and folder aside."""
    port = free_port()
    text = (TOOLS / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(FOLDER, str(folder))
    (home / "board.conf").write_text(text, encoding="utf-8")
    temps = "".join(f"{kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root; " if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(
        f"{user}pid {home}/pid; error_log stderr; worker_processes 1; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {temps} include {home}/board.conf; }}\n",
        encoding="utf-8",
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-p", str(home), "-c", str(home / "nginx.conf"), "-g", "daemon off;"], port


@pytest.fixture
def board(estate: Any) -> Any:
    """A board as it is published, of one notice."""
    estate.notice("2026-11/a")
    estate.commit()
    assert estate.build().status == 0
    return estate


@pytest.fixture(params=[caddy, nginx])
def client(request: pytest.FixtureRequest, board: Any, tmp_path: Path) -> Iterator[httpx.Client]:
    """Somebody who asks a real server for the board."""
    home = tmp_path / "server"
    home.mkdir()
    command, port = request.param(board.site, home)
    with serving(command, port, home) as asker:
        yield asker


def test_pages_are_asked_for_again_and_assets_are_kept(client: httpx.Client, board: Any) -> None:
    """Pages, manifest and site map: no-cache, with validators. What is named by its content: immutable for a year."""
    for path in PAGES:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), path
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache"), path
        assert parsedate_to_datetime(answer.headers["last-modified"])
    assets = re.findall(r"assets/board\.\w+\.(?:css|js)", client.get("/").text)
    assert {path.rpartition(".")[2] for path in assets} == {"css", "js"}
    for path in assets:
        assert client.get(f"/{path}").headers["cache-control"] == YEAR
    for path in ("/assets/board.0123456789.css", "/assets/board.css"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-cache")


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    """What a page cannot say of itself is said of all of them, of errors too; HSTS only where TLS is."""
    for path in (*PAGES, "/nothing", "/notices/2026-11/a"):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
        assert "strict-transport-security" not in answer.headers
        assert not re.search(r"\d", answer.headers.get("server", ""))


def test_what_is_not_there_gets_the_boards_own_page(client: httpx.Client, board: Any) -> None:
    """Unknown addresses, folders without a page and hidden files: status 404 and the board's own 404 page."""
    (board.site / ".secret").write_text("hidden")
    (board.site / "notices" / ".git").mkdir()
    (board.site / "notices" / ".git" / "config").write_text("hidden")
    page = (board.site / "404.html").read_text(encoding="utf-8")
    for path in (
        "/nothing",
        "/notices/",
        "/assets/",
        "/.secret",
        "/notices/.git/config",
        "/notices/2026-11/b/",
        "/.watch/lock",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, page), path
    assert client.get("/../clone/mkdocs.yml").status_code in {400, 404}
    assert client.post("/", content=b"x").status_code == 405
    moved = client.get("/notices/2026-11/a")
    assert moved.status_code in {301, 308}
    assert moved.headers["location"].endswith("/notices/2026-11/a/")


def test_pages_come_compressed_and_in_utf_8(client: httpx.Client, board: Any) -> None:
    """With gzip a page is a fraction of its size, and it is what the folder holds."""
    for path, file in (("/", "index.html"), ("/board.json", "board.json")):
        with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(raw) == (board.site / file).read_bytes()
        assert "accept-encoding" in answer.headers["vary"].lower()
    assert client.get("/").headers["content-type"].lower() == "text/html; charset=utf-8"


KINDS = {
    "index.html": "text/html; charset=utf-8",
    "board.json": "application/json",
    "feed.json": "application/json",
    "sitemap.xml": "text/xml",
    "sitemap.xml.gz": "application/gzip",
    "feed.atom": "application/atom+xml",
    "feed.rss": "application/rss+xml",
    "board.ics": "text/calendar; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
    "sw.js": "text/javascript; charset=utf-8",
    "robots.txt": "text/plain; charset=utf-8",
    "assets/seal.svg": "image/svg+xml",
    "assets/seal.png": "image/png",
    "assets/text.woff2": "font/woff2",
    "notices/2026-11/a/map.webp": "image/webp",
    "notices/2026-11/a/form.pdf": "application/pdf",
    "assets/board.0123456789.css": "text/css; charset=utf-8",
    "assets/board.0123456789.js": "text/javascript; charset=utf-8",
}


def test_each_class_of_file_has_its_type_and_its_headers(client: httpx.Client, board: Any) -> None:
    """Browsers may not guess, so the type must be right; only what is named by its content is kept without asking."""
    for name, kind in KINDS.items():
        file = board.site / name
        file.write_text("告示 " * 500, encoding="utf-8")
        for method in ("GET", "HEAD"):
            plain = {"Accept-Encoding": "identity"}
            answer = client.request(method, f"/{name}".removesuffix("index.html"), headers=plain)
            assert answer.status_code == 200, name
            said = answer.headers["content-type"].lower()
            for other, same in (("application/javascript", "text/javascript"), ("application/xml", "text/xml")):
                said = said.replace(other, same)
            # XML and JSON say themselves that they are UTF-8; said once more it does no harm.
            assert said in {kind, f"{kind}; charset=utf-8"}, name
            assert answer.headers["cache-control"] == (YEAR if "0123456789" in name else "no-cache"), name
            assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS, name
            assert answer.headers["content-length"] == str(file.stat().st_size)
            assert answer.content == (file.read_bytes() if method == "GET" else b"")


def test_the_time_is_told_without_a_page(client: httpx.Client) -> None:
    """What a page asks for the server's time (`HEAD ?clock`): status 200, a Date of now, no text, nothing to be kept."""
    for path in ("/?clock", "/en/?clock", "/notices/2026-11/a/?clock"):
        answer = client.head(path)
        assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"", "no-cache")
        assert abs(parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time()) < 5
        assert "age" not in answer.headers


def test_parts_of_a_file_are_given(client: httpx.Client, board: Any) -> None:
    """A player or a viewer of large files asks for ranges: status 206, unless it has changed; beyond the end 416."""
    asset = board.site / "assets/board.0123456789.css"
    plain = {"Accept-Encoding": "identity"}
    for file, kept in ((board.site / "notices/2026-11/a/form.pdf", "no-cache"), (asset, YEAR)):
        file.write_bytes(bytes(range(256)) * 40)
        path = f"/{file.relative_to(board.site)}"
        whole = client.get(path, headers=plain)
        assert whole.headers["accept-ranges"] == "bytes"
        part = client.get(path, headers={**plain, "Range": "bytes=100-199", "If-Range": whole.headers["etag"]})
        assert (part.status_code, part.content) == (206, file.read_bytes()[100:200])
        assert part.headers["content-range"] == f"bytes 100-199/{file.stat().st_size}"
        assert part.headers["cache-control"] == kept
        other = client.get(path, headers={**plain, "Range": "bytes=100-199", "If-Range": '"another"'})
        assert (other.status_code, other.content) == (200, file.read_bytes())
        beyond = client.get(path, headers={**plain, "Range": "bytes=99999-"})
        assert beyond.status_code == 416
        for name, value in HEADERS.items():  # nginx says them twice here
            assert value in beyond.headers.get_list(name)


def raw(client: httpx.Client, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """The answer to a path that is sent exactly as it is written."""
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=20)
    try:
        connection.putrequest(method, path)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_a_folder_without_its_slash_leads_to_the_board_and_nowhere_else(client: httpx.Client) -> None:
    """The way to it names no host, no port and no scheme, also where an address begins with two slashes."""
    for path in ("/en", "/notices/2026-11/a", "//en", "//en/..//en", "/en?x=//elsewhere.example"):
        status, headers, _ = raw(client, path)
        assert status in {301, 302, 307, 308}, path
        assert re.match(r"/[^/\\]", headers["location"]), path
        assert urlsplit(headers["location"]).path in {"/en/", "/notices/2026-11/a/"}, path
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, path
        assert headers["cache-control"] == "no-cache", path


ASTRAY = (
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/assets/..\\..\\secret.txt",
    "/..;/secret.txt",
    "//../secret.txt",
    "/%252e%252e/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/index.html%00/../../secret.txt",
    "/.public.watch/lock",
    "/.hidden",
    "/%2ehidden",
    "/notices/.git/config",
    "/notices/%2egit/config",
    "/notices/.%67it/config",
    "/assets/../.hidden",
    "/.well-known/secret",
    "/404.html",
)


def test_nothing_but_the_board_is_ever_served(client: httpx.Client, board: Any) -> None:
    """Whatever lies beside the folder or is hidden in it: no way of writing its address brings it; nor is an error kept."""
    for secret in ("../secret.txt", "../.public.watch/lock", ".hidden", ".well-known/secret", "notices/.git/config"):
        (board.site / secret).parent.mkdir(parents=True, exist_ok=True)
        (board.site / secret).write_text("SECRET")
    for path in ASTRAY:
        status, headers, content = raw(client, path)
        assert status in {400, 404}, path
        assert b"SECRET" not in content, path
        if status == 404:
            assert headers["cache-control"] == "no-cache", path
            assert content == (board.site / "404.html").read_bytes(), path


def test_a_board_is_only_read(client: httpx.Client, board: Any) -> None:
    """Any other method is refused and changes nothing, and nobody keeps that answer."""
    before = (board.site / "index.html").read_bytes()
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "MKCOL", "PROPFIND"):
        status, headers, content = raw(client, "/", method)
        assert status == 405, method
        assert before not in content, method
        assert headers["cache-control"] == "no-cache", method
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, method
    assert (board.site / "index.html").read_bytes() == before


def test_a_board_that_takes_the_place_of_another_is_served_at_once_and_never_passes_for_it(
    client: httpx.Client, board: Any
) -> None:
    """Several boards within a second, pages of equal length: each is served without a reload, with a validator of its own."""
    seen: dict[str, str] = {}
    stop, odd = threading.Event(), []

    def read() -> None:
        with httpx.Client(base_url=client.base_url, trust_env=False) as other:
            while not stop.is_set():
                answer = other.get("/board.json")
                if answer.status_code != 200 or "at" not in answer.json():
                    odd.append(answer)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for second in range(5):
            assert board.build(at=f"2026-11-24 10:00:0{second}").status == 0
            answer = client.get("/", headers={"If-None-Match": ", ".join(seen)} if seen else {})
            assert answer.status_code == 200
            assert f'data-at="2026-11-24T10:00:0{second}+08:00"' in answer.text
            assert answer.headers["etag"] not in seen
            seen[answer.headers["etag"]] = answer.text
            assert client.get("/board.json").json()["at"] == f"2026-11-24T10:00:0{second}+08:00"
    finally:
        stop.set()
        reader.join()
    assert odd == []
    assert len({len(text) for text in seen.values()}) == 1


def test_boards_are_dated_apart_even_when_the_clock_went_back(board: Any) -> None:
    """All files of a board bear one time, a whole second or more after those of the board before."""
    stamps = []
    for _ in range(3):
        assert board.build().status == 0
        (stamp,) = {path.stat().st_mtime for path in board.site.rglob("*") if path.is_file()}
        stamps.append(stamp)
    ahead = stamps[-1] + 1000
    os.utime(board.site / "board.json", (ahead, ahead))
    assert board.build().status == 0
    stamps += [ahead, (board.site / "index.html").stat().st_mtime]
    assert all(later - sooner >= 1 and later % 1 == 0 for sooner, later in itertools.pairwise(stamps))


def test_the_unit_starts_what_there_is(board: Any) -> None:
    """Every option in the systemd unit is one of `gaoshi watch`; the folder is the one that the servers serve."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(TOOLS / "gaoshi-watch.service", encoding="utf-8")
    program, verb, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, verb) == ("gaoshi", "watch")
    command = group.get_command(click.Context(group), verb)
    assert command is not None
    context = command.make_context(verb, arguments, resilient_parsing=True)
    assert str(context.params["output"]) == FOLDER
    assert str(context.params["status"]).startswith(f"/run/{unit['Service']['RuntimeDirectory']}/")
    assert str(context.params["root"]).startswith(unit["Service"]["ReadWritePaths"])
    assert FOLDER.startswith(unit["Service"]["ReadWritePaths"])
    assert all(f"{FOLDER}" in (TOOLS / name).read_text(encoding="utf-8") for name in ("Caddyfile", "nginx.conf"))
