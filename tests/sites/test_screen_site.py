"""The screens' pages as they are published: strict, small, one version throughout, and known to no search engine."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

A = "2026-11/a"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{more}; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
SCREENS = ["lobby-1", "lobby-2", "lobby-3", "lobby-4", "gate"]


@pytest.fixture
def built(estate: Any) -> Any:
    """An estate with templates of its own and one notice, built."""
    estate.own_templates()
    estate.notice(A)
    estate.commit()
    assert estate.build().status == 0
    return estate


def page(estate: Any, path: str) -> str:
    """A page below the screens' folder."""
    return (estate.site / "kiosk" / path / "index.html").read_text(encoding="utf-8")


def policy(html: str) -> str:
    """The content policy of a page."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert found
    return unescape(found[1])


def version(estate: Any) -> str:
    """The one folder in which everything lies that pages load."""
    [folder] = (estate.site / "kiosk/app").iterdir()
    return str(folder.name)


def settings(html: str) -> Any:
    """What a screen's page knows of itself."""
    found = re.search(r'<script type="application/json" id="screen">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_each_screen_has_a_page_and_one_leads_to_them(built: Any) -> None:
    """There is a page for each screen of the settings, no other, and the chooser links to each."""
    folders = {path.parent.name for path in (built.site / "kiosk").glob("*/index.html")}
    assert folders == set(SCREENS)
    chooser = page(built, "")
    assert re.findall(r'href="([a-z0-9-]+)/"', chooser) == SCREENS


def test_every_page_is_strict_and_kept_out_of_search_engines(built: Any) -> None:
    """Nothing but the site's own files may run or be asked; nothing of it is in the site map."""
    for path in ("", *SCREENS):
        html = page(built, path)
        assert policy(html) == POLICY.format(more="")
        assert '<meta name="robots" content="noindex">' in html
        assert not re.search(r"<script(?![^>]* src=)(?! type=\"application/json\")", html)
        assert " style=" not in html
    assert "kiosk" not in (built.site / "sitemap.xml").read_text(encoding="utf-8")


def test_a_heartbeat_may_leave_for_its_own_host_only(estate: Any) -> None:
    """Only the screen that has one may reach it, and no more of it than its host."""
    estate.own_templates()
    address = "https://health.example:8443/ping/8b1d"
    estate.edit("mkdocs.yml", "place: tower-4, together: true, pages: 1}", f'place: tower-4, heartbeat: "{address}"}}')
    estate.commit()
    assert estate.build().status == 0
    assert policy(page(estate, "lobby-4")) == POLICY.format(more=" https://health.example:8443")
    assert policy(page(estate, "lobby-1")) == POLICY.format(more="")
    assert settings(page(estate, "lobby-4"))["heartbeat"] == address


def test_a_page_knows_its_screen(built: Any) -> None:
    """Settings, the standard's numbers in seconds, the board's zone, and when it was made."""
    known = settings(page(built, "lobby-3"))
    names = ("board", "id", "languages", "together", "pages", "orientation", "size", "distance")
    assert {name: known[name] for name in names} == {
        "board": "cloudtop",
        "id": "lobby-3",
        "languages": ["zh", "en"],
        "together": True,
        "pages": 1,
        "orientation": "landscape",
        "size": 55,
        "distance": 4,
    }
    assert (known["root"], known["zone"], known["heartbeat"]) == ("../../", "Asia/Shanghai", None)
    assert known["made"] == json.loads((built.site / "kiosk.json").read_bytes())["sequence"]
    assert known["version"] == version(built)
    assert known["desk"]["en"]["number"] == known["desk"]["zh"]["number"] == "000-5550-0100"
    assert known["duty"]["en"]["number"] == "000-5550-0110"
    assert known["preview"] is False
    assert known["standard"]["takes_over_for"] == 1800
    assert known["tags"] == {"zh": "zh-CN", "en": "en"}
    assert set(known["words"]) == {"zh", "en"}


def test_words_cannot_leave_the_page_s_data(estate: Any) -> None:
    """A name with a tag in it ends nothing."""
    estate.own_templates()
    estate.edit("mkdocs.yml", "name: {zh: 东大门, en: East Gate}", 'name: "</script><script>alert(1)</script>"')
    estate.commit()
    assert estate.build().status == 0
    html = page(estate, "gate")
    assert "<script>alert" not in html
    assert settings(html)["name"]["zh"] == "</script><script>alert(1)</script>"


def test_all_of_a_version_or_nothing(built: Any) -> None:
    """The worker keeps every page and all that they load, all of one version, and every one of them is there."""
    worker = (built.site / "kiosk/sw.js").read_text(encoding="utf-8")
    assert worker.startswith(f'const VERSION = "{version(built)}";\nconst SHELL = [')
    shell = json.loads(worker.split("const SHELL = ")[1].split(";\n")[0])
    files = {path.relative_to(built.site / "kiosk").as_posix() for path in (built.site / "kiosk/app").rglob("*.*")}
    assert set(shell) == {"./", *(f"{screen}/" for screen in SCREENS), *files}
    for path in ("", *SCREENS):
        html = page(built, path)
        loaded = re.findall(r'(?:src|href)="((?:\.\./)?app/[^"]+)"', html)
        assert loaded
        assert {name.removeprefix("../") for name in loaded} <= files


def test_a_preview_is_kept_by_no_browser(built: Any) -> None:
    """Whoever changes a screen's look sees it at once: the pages are there, their worker is not."""
    assert built.build("--preview").status == 0
    assert (built.site / "kiosk/lobby-1/index.html").is_file()
    assert not (built.site / "kiosk/sw.js").exists()


@pytest.mark.parametrize("part", ["main.js", "kiosk.css", "sw.js", "screen.html", "../tokens.css"])
def test_the_version_changes_with_any_part(built: Any, part: str) -> None:
    """Whatever a page consists of: a change of it is another version."""
    before = version(built)
    path = Path("site_templates/kiosk") / part
    text = (built.root / path).read_text(encoding="utf-8")
    built.write(path.as_posix(), text + "\n")
    built.commit()
    built.build()
    assert version(built) != before


def test_the_version_changes_with_the_settings_and_not_with_the_notices(built: Any) -> None:
    """A later edition is no other version; another size of a screen is."""
    before = version(built)
    built.notice("2026-11/b", title="关于另一件事的温馨提示")
    built.commit()
    built.build(at="2026-11-25 10:00")
    assert version(built) == before
    built.edit("mkdocs.yml", "size: 55", "size: 65")
    built.commit()
    built.build(at="2026-11-25 10:00")
    assert version(built) != before


SAID = {
    "a place": ("mkdocs.yml", "tower-3: {zh: 3号楼,", "tower-3: {zh: 三号楼,"),
    "a word of the chooser": (
        "site_templates/i18n/zh/screens.yml",
        "title: 这块屏幕挂在哪里？",
        "title: 这是哪块屏幕？",
    ),
    "a title in a language that no screen shows": (
        "site_templates/i18n/zh/screens.yml",
        'title: "{name}公告屏"',
        'title: "{name}屏幕"',
    ),
}


@pytest.mark.parametrize(("path", "old", "new"), SAID.values(), ids=list(SAID))
def test_the_version_changes_with_what_pages_say(estate: Any, path: str, old: str, new: str) -> None:
    """Whatever is said to whoever mounts a screen: a change of it is another version, so that mounted screens get it."""
    estate.own_templates()
    settings_file = estate.root / "mkdocs.yml"
    text = settings_file.read_text(encoding="utf-8").replace("languages: [zh], pages: 1}", "pages: 1}")
    settings_file.write_text(re.sub(r"pages: 1\}", "pages: 1, languages: [en]}", text), encoding="utf-8")
    estate.notice(A)
    estate.commit()
    assert estate.build().status == 0
    before = version(estate)
    estate.edit(path, old, new)
    estate.commit()
    assert estate.build().status == 0
    assert version(estate) != before


def test_the_version_changes_with_the_policy(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page may load is part of it: another content policy is another version."""
    before = version(built)
    monkeypatch.setattr("gaoshi.engine.kiosk.policy", lambda *_: "default-src 'none'")
    built.build(at="2026-11-25 10:00")
    assert version(built) != before


def test_templates_without_screens_make_a_board_without_their_pages(estate: Any) -> None:
    """An estate whose own templates are older has its board, and the manifest, and no pages for screens."""
    estate.own_templates()
    for path in (estate.root / "site_templates/kiosk").iterdir():
        path.unlink()
    estate.notice(A)
    estate.commit()
    assert estate.build().status == 0
    assert (estate.site / "kiosk.json").is_file()
    assert not (estate.site / "kiosk").exists()
