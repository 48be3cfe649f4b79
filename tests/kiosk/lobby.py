"""A screen in a lobby for tests: a small site assembled by hand, its server, and the screen that shows it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Error, Page, expect

from board_server import BoardServer
from gaoshi.core.instants import parse_instant
from gaoshi.sources.templates import load_catalogue

PROJECT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = PROJECT / "site_templates"
CASES = PROJECT / "tests/cases/screens.json"
CLOCK = Path(__file__).resolve().parent / "clock.js"
ZONE = ZoneInfo("Asia/Shanghai")
TAGS = {"zh": "zh-CN", "en": "en"}
SCREEN = "lobby-1"
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
START = parse_instant("2026-11-24 10:00", ZONE)
NAMES = {"zh": "云上苑", "en": "Cloudtop Court"}
DESK = {
    "zh": {"name": "服务中心前台", "number": "000-5550-0100", "hours": "每日 8:00–20:00"},
    "en": {"name": "Service centre front desk", "number": "000-5550-0100", "hours": "Daily 8:00–20:00"},
}


def iso(at: datetime | None) -> str | None:
    """An instant as the manifest writes it."""
    return None if at is None else at.astimezone(ZONE).isoformat()


def entry(
    name: str,
    *,
    begins: datetime = START - HOUR,
    leaves: datetime | None = START + 10 * DAY,
    takes_over_until: datetime | None = None,
    tone: str = "general",
    outcome: Mapping[str, Any] | None = None,
    html: str = "<p>请留意。</p>",
    assets: Mapping[str, bytes] | None = None,
    languages: tuple[str, ...] = ("zh",),
    **more: Any,
) -> dict[str, Any]:
    """An entry of kiosk.json whose title is its name."""
    said = {
        "kind": "通知",
        "title": name,
        "when": "",
        "where": "",
        "until": "",
        "expected": "",
        "overdue": "",
        "state": "",
        "note": "",
        "contacts": [DESK["zh"]],
        "text": re.sub("<.*?>", "", html),
    }
    return {
        "id": f"2026-11/{name}",
        "kind": "notice",
        "subtype": None,
        "importance": "general",
        "title": {"zh": name},
        "url": {"zh": f"notices/2026-11/{name}/"},
        "valid_from": iso(begins),
        "valid_until": iso(leaves),
        "places": [],
        "channels": ["kiosk"],
        "outcome": outcome,
        "screens": [SCREEN],
        "urgent": tone == "urgent",
        "standing": False,
        "tone": tone,
        "takes_over_until": iso(takes_over_until),
        "leaves": iso(leaves),
        "overdue_from": None,
        "html": dict.fromkeys(TAGS, html),
        "assets": [{"path": path, "sha256": path.partition(".")[0].rpartition("/")[2]} for path in assets or {}],
        "said": {language: said if language in languages else said | {"lang": TAGS["zh"]} for language in TAGS},
        "qr": dict.fromkeys(TAGS),
    } | more


def picture_path(data: bytes) -> str:
    """Where a picture is published."""
    return f"kiosk/files/{hashlib.sha256(data).hexdigest()}.png"


class Lobby:
    """A site with one screen, in a folder that is served."""

    def __init__(self, folder: Path, **screen: Any) -> None:
        self.folder = folder
        self.screen = screen
        self.last = START - DAY
        self.install("first")
        (folder / "404.html").write_text("<!doctype html><title>404</title>", encoding="utf-8")
        self.server = BoardServer(folder, START)
        self.server.stop(START)
        self.address = f"{self.server.address}kiosk/{SCREEN}/"

    def install(self, version: str, screen: str = SCREEN) -> None:
        """Publish the page's modules, the page, the chooser and the worker as one version; the screen may have a new id."""
        kiosk = self.folder / "kiosk"
        shutil.rmtree(kiosk / "app", ignore_errors=True)
        app = kiosk / "app" / version
        app.mkdir(parents=True)
        for path in [
            *(TEMPLATES / "kiosk").glob("*.js"),
            *(TEMPLATES / "kiosk").glob("*.css"),
            TEMPLATES / "tokens.css",
        ]:
            if path.name != "sw.js":
                shutil.copy(path, app)
        (app / "icons.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
        names = sorted(f"app/{version}/{path.name}" for path in app.iterdir())
        for page in kiosk.glob("*/index.html"):
            shutil.rmtree(page.parent)
        (kiosk / screen).mkdir()
        (kiosk / screen / "index.html").write_text(self._page(version), encoding="utf-8")
        (kiosk / "index.html").write_text(self._chooser(version, screen), encoding="utf-8")
        head = f"const VERSION={json.dumps(version)}; const SHELL={json.dumps(['./', f'{screen}/', *names])};\n"
        (kiosk / "sw.js").write_text(head + (TEMPLATES / "kiosk/sw.js").read_text(encoding="utf-8"), encoding="utf-8")

    def _page(self, version: str) -> str:
        words = {language: load_catalogue(TEMPLATES, language, sections=("screens",)) for language in TAGS}
        screen = {
            "board": "cloudtop",
            "id": SCREEN,
            "name": NAMES,
            "estate": NAMES,
            "languages": list(TAGS),
            "tags": TAGS,
            "together": False,
            "orientation": "landscape",
            "size": 43,
            "distance": 3,
            "heartbeat": None,
            "pages": None,
            "desk": DESK,
            "duty": None,
            "preview": False,
            "root": "../../",
            "version": version,
            "made": int((START - HOUR).timestamp()),
            "zone": str(ZONE),
            "standard": json.loads(CASES.read_text(encoding="utf-8"))["standard"],
            "words": {language: each.find("screen") for language, each in words.items() if each},
        } | self.screen
        return self._rendered(
            "screen.html",
            screen=screen,
            screen_json=json.dumps(screen).replace("<", "\\u003c"),
            app=f"../app/{version}",
            icons={},
            sprite=lambda _: "",
        )

    def _chooser(self, version: str, screen: str) -> str:
        choice = {"id": screen, "name": screen, "place": "", "url": f"{screen}/"}
        return self._rendered("chooser.html", screens=[choice], app=f"app/{version}")

    def _rendered(self, page: str, **more: Any) -> str:
        words = load_catalogue(TEMPLATES, "zh", sections=("screens",))
        sources = ["'self'", *([self.screen["heartbeat"]] if self.screen.get("heartbeat") else [])]
        csp = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src {' '.join(sources)}; worker-src 'self'; base-uri 'none'; form-action 'none'"
        )
        environment = Environment(loader=FileSystemLoader(TEMPLATES / "kiosk"), autoescape=True)
        return environment.get_template(page).render(
            csp=csp, board_name=NAMES["zh"], t=words.text if words else None, **more
        )

    def publish(
        self, *notices: Mapping[str, Any], at: datetime | None = None, files: Mapping[str, bytes] | None = None
    ) -> dict[str, Any]:
        """Publish kiosk.json, made `at` (default: now by the server, but later than the last one), and pictures."""
        at = (at or max(self.server.now(), self.last + SECOND)).replace(microsecond=0)
        self.last = at
        manifest = {
            "format": 1,
            "board": "cloudtop",
            "at": iso(at),
            "sequence": int(at.timestamp()),
            "name": NAMES,
            "desk": DESK,
            "duty": None,
            "notices": list(notices),
        }
        for path, data in (files or {}).items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        (self.folder / "kiosk.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        return manifest

    def answer(self, status: int, body: bytes | str, kind: str = "application/json", **headers: str) -> None:
        """Let kiosk.json be answered so from now on."""
        data = body.encode() if isinstance(body, str) else body
        said = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.server.instead = lambda path: (status, said, data) if path == "/kiosk.json" else None

    def answer_as_usual(self) -> None:
        """Let kiosk.json be what is published."""
        self.server.instead = lambda _: None

    @property
    def asked(self) -> int:
        """How often kiosk.json was asked for."""
        return sum(path == "/kiosk.json" for _, path, _ in self.server.asked)


def _milliseconds(at: datetime) -> float:
    return at.timestamp() * 1000


class Site(Protocol):
    """What a screen needs to know of a site: its own address, and the server."""

    server: BoardServer
    address: str


class Screen:
    """A screen that shows a lobby's page; its clock, which may be wrong, stands until time is let pass."""

    def __init__(self, browser: Browser, lobby: Site, wrong: timedelta = timedelta(0), **options: Any) -> None:
        self.lobby = lobby
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 720}} | options))
        given = {"began": _milliseconds(lobby.server.now()), "wrong": wrong / timedelta(milliseconds=1)}
        self.context.add_init_script(f"{CLOCK.read_text(encoding='utf-8').rstrip()}({json.dumps(given)});")
        self.problems: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "warning" else None)

    def open(self) -> Page:
        """Open the page, and wait until it keeps what it needs, and every notice is laid out."""
        self.page.goto(self.lobby.address)
        self.ready()
        self.pass_time(timedelta(0))
        return self.page

    def restart(self) -> None:
        """Start the page anew, as after a power cut."""
        self.page.reload()
        self.ready()
        self.pass_time(timedelta(0))

    def ready(self) -> None:
        """Wait until the page runs and its worker has taken over."""
        expect(self.page.locator("#stage[data-role]")).to_have_count(1)
        self.page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        self.settle()

    def settle(self) -> None:
        """Let answers that are under way arrive."""
        self.page.evaluate("testClock.settled()")

    def until(self, script: str, argument: Any = None) -> None:
        """Expect that what the script says, or promises, becomes true soon; the page may start anew meanwhile."""
        for _ in range(400):
            try:
                if self.page.evaluate(script, argument):
                    return
            except Error:  # it starts just now
                pass
            self.page.wait_for_timeout(25)
        raise AssertionError(script)

    def offline(self, away: bool = True) -> None:
        """Take the network away, or give it back."""
        self.context.set_offline(away)
        self.until("(away) => navigator.onLine !== away", away)
        self.settle()

    def pass_time(self, length: timedelta) -> None:
        """Let time pass here and at the server, every timer as it comes, every answer before the next timer."""
        self._go("pass", self.lobby.server.now() + length)

    def skip(self, length: timedelta) -> None:
        """Let much time pass, of which nothing is seen."""
        self._go("skip", self.lobby.server.now() + length)

    def _go(self, how: str, until: datetime) -> None:
        for _ in range(3):
            try:
                self.page.evaluate("([how, until]) => testClock[how](until)", [how, _milliseconds(until)])
                break
            except Error as error:  # it started anew meanwhile, and goes on from there
                if "context was destroyed" not in str(error):
                    raise
                self.ready()
        self.lobby.server.stop(until)

    def set_date(self, to: datetime) -> None:
        """Somebody sets the device's date."""
        self.page.evaluate("(to) => testClock.setDate(to)", _milliseconds(to))

    def shows(self, *names: str, role: str | None = None) -> None:
        """Expect these notices on the slide that is on, in their order; none: the idle screen."""
        stage = self.page.locator("#stage")
        expect(stage).to_have_attribute("data-shows", " ".join(f"2026-11/{name}" for name in names))
        for name in names:
            expect(stage.get_by_role("heading", name=re.compile(re.escape(name)))).to_be_visible()
        if role or not names:
            expect(stage).to_have_attribute("data-role", role or "idle")

    def seen(self) -> str:
        """The names of the notices on the slide that is on."""
        return (self.page.locator("#stage").get_attribute("data-shows") or "").replace("2026-11/", "")

    def round(self, slides: int, least: timedelta = 9 * SECOND) -> list[str]:
        """What is on the next slides, as time passes (with texts so short that each stays for the least time)."""
        found = [self.seen()]
        while len(found) < slides:
            self.pass_time(least - SECOND)
            found.append(self.seen())
        return found

    def mark(self) -> str | None:
        """How the screen says that it is."""
        return self.page.locator(".frame__mark").get_attribute("data-mark")

    def time(self) -> str:
        """The time that the frame shows."""
        return self.page.locator(".frame__clock").inner_text()


Mount = Callable[..., Screen]
