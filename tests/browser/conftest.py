"""The sample board as its readers meet it: built, served compressed, opened in Chromium on phone and desktop."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from board_server import BoardServer
from gaoshi.core.instants import parse_instant
from gaoshi.core.words import Catalogue
from gaoshi.sources.templates import load_catalogue

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
AT = "2026-11-24 10:00"
ZONE = ZoneInfo("Asia/Shanghai")
LANGUAGES = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
DEVICES = {"phone": PHONE, "desktop": DESKTOP}

WATER, LIFT_FAULT, UNTRANSLATED = "2026-11/tower-3-water", "2026-11/tower-1-lift-fault", "2026-11/handover-tower-4"
PICTURE, TABLE, FILE = "2026-11/cold-wave-orange", "2026-11/garage-cleaning-new-dates", "2026-11/common-income-q3"

OVER, REPLACED, WITHDRAWN = "2026-11/gale-blue", "2026-11/garage-cleaning", "2026-11/clubhouse-hours"


def run(*command: str | Path, status: tuple[int, ...] = (0,), **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command; its exit status must be one of `status`."""
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert result.returncode in status, (
        f"{command}: {result.returncode}\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}"
    )
    return result


def gaoshi(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return run(sys.executable, "-m", "gaoshi.cli", *arguments, status=(0, 1), **options)


def node_module(path: str) -> Path:
    """A file of one of the npm packages that these tests need."""
    found = HERE / "node_modules" / path
    if not found.exists():
        pytest.fail(
            f"{path} is missing: type `npm ci --ignore-scripts` in tests/browser, or `make test`", pytrace=False
        )
    return found


def instant(text: str) -> datetime:
    """An instant in the sample board's time zone."""
    return parse_instant(text, ZONE)


class Site:
    """A built board: its folder, its server, and what it was built from."""

    def __init__(self, folder: Path, server: BoardServer, origin: Path) -> None:
        self.folder = folder
        self.server = server
        self.address = server.address
        self.origin = origin
        self.board = json.loads((folder / "board.json").read_bytes())
        status = gaoshi("status", "--rev", "HEAD", "--at", AT, "--format", "json", "--project", origin)
        self.states = {notice["id"]: notice["state"] for notice in json.loads(status.stdout)["notices"]}

    @property
    def live(self) -> list[dict[str, Any]]:
        """The live notices, as the manifest lists them."""
        notices: list[dict[str, Any]] = self.board["notices"]
        return notices

    def in_state(self, *states: str) -> list[str]:
        """Ids of the notices in these states."""
        return [notice_id for notice_id, state in self.states.items() if state in states]

    @property
    def html(self) -> dict[str, str]:
        """Every page's HTML, by its path from the root."""
        return {
            path.relative_to(self.folder).as_posix().removesuffix("index.html"): path.read_text(encoding="utf-8")
            for path in sorted(self.folder.rglob("*.html"))
            if "kiosk" not in path.relative_to(self.folder).parts[:1]  # screens have tests of their own
        }


def home(language: str) -> str:
    """The home page's path."""
    return "" if language == "zh" else f"{language}/"


def notice(notice_id: str, language: str = "zh") -> str:
    """A notice's path."""
    return f"{home(language)}notices/{notice_id}/"


def page_types(language: str) -> dict[str, str]:
    """One page of each type, by name."""
    return {
        "home": home(language),
        "plain": notice(WATER, language),
        "urgent": notice(LIFT_FAULT, language),
        "untranslated": notice(UNTRANSLATED, language),
        "picture": notice(PICTURE, language),
        "table": notice(TABLE, language),
        "file": notice(FILE, language),
        "about": f"{home(language)}about/",
        "over": notice(REPLACED, language),
        "withdrawn": notice(WITHDRAWN, language),
        "missing": "404.html",
    }


class Reader:
    """Somebody with a browser, whose clock shows `at` (None: the machine's own) and runs.

    What goes wrong behind the scenes is written down in `problems`.
    """

    def __init__(self, browser: Browser, address: str, at: datetime | None, options: dict[str, Any]) -> None:
        self.address = address
        self.context = browser.new_context(**options)
        if at is not None:
            self.context.clock.install(time=at)
        self.context.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.page = self.context.new_page()
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        """Write down what goes wrong on `page`."""
        host = urlsplit(self.address).netloc
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        page.on(
            "console",
            lambda said: self._said(said.type, said.text),
        )
        page.on(
            "request",
            lambda request: (
                None if urlsplit(request.url).netloc == host else self.problems.append(f"elsewhere: {request.url}")
            ),
        )

    def _failed(self, url: str, failure: str | None) -> None:
        if failure not in {"net::ERR_ABORTED", OFFLINE}:  # the reader went on to another page, or away from the net
            self.problems.append(f"failed: {url} {failure}")

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and OFFLINE not in text:
            self.problems.append(f"console: {text}")

    def open(self, path: str = "") -> Page:
        """Open a page of the board by its path from the root."""
        self.page.goto(self.address + path)
        return self.page

    def see(self, selector: str) -> list[str]:
        """Addresses of the visible cards' links (or of other links), from the root."""
        script = "(all) => all.filter((a) => a.checkVisibility()).map((a) => new URL(a.href).pathname.slice(1))"
        found: list[str] = self.page.locator(selector).evaluate_all(script)
        return found

    def pass_time(self, until: datetime) -> Page:
        """Let the reader's clock go on to an instant and stop there; what is due by then happens once."""
        self.page.clock.pause_at(until)
        return self.page

    @property
    def cards(self) -> list[str]:
        """Ids of the notices whose cards are to be seen, in order."""
        return ["/".join(path.rstrip("/").split("/")[-2:]) for path in self.see(".card__title a")]

    @property
    def query(self) -> str:
        """The address's query."""
        return urlsplit(self.page.url).query


@pytest.fixture(scope="session")
def site(sample_origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample board at AT, built by the command line and served."""
    folder = tmp_path_factory.mktemp("board") / "site"
    gaoshi("build", "--at", AT, "-o", folder, "--project", sample_origin)
    server = BoardServer(folder, instant(AT))
    yield Site(folder, server, sample_origin)
    server.close()


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Callable[..., Reader]]:
    """Readers by device and Playwright's context options; when the test is over nothing may have gone wrong."""
    readers: list[Reader] = []

    def make(device: str = "phone", **options: Any) -> Reader:
        address, at = options.pop("address", site.address), options.pop("at", site.server.now())
        readers.append(Reader(browser, address, at, DEVICES[device] | options))
        return readers[-1]

    yield make
    for each in readers:
        each.context.close()
    assert [problem for each in readers for problem in each.problems] == []


@pytest.fixture
def host(site: Site) -> Iterator[BoardServer]:
    """A server for the sample board whose clock stands still, for a test to set."""
    server = BoardServer(site.folder, site.server.now())
    yield server
    server.close()


@pytest.fixture
def visit(reader: Callable[..., Reader], host: BoardServer) -> Callable[..., Reader]:
    """Readers who open a page at an instant, which their clock (or a wrong `clock`) shows and stops at."""

    def go(
        at: datetime, path: str = "", device: str = "phone", *, clock: datetime | None = None, **options: Any
    ) -> Reader:
        host.stop(at)
        shown = clock or at
        one = reader(device, address=host.address, at=shown - timedelta(minutes=1), **options)
        one.context.clock.pause_at(shown)
        one.open(path)
        return one

    return go


@pytest.fixture(scope="session")
def words() -> dict[str, Catalogue]:
    """What the board says, by language."""
    found = {language: load_catalogue(PROJECT / "site_templates", language) for language in LANGUAGES}
    return {language: catalogue for language, catalogue in found.items() if catalogue is not None}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each of the board's languages."""
    return str(request.param)


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    """Each of the devices."""
    return str(request.param)
