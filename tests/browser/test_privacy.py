"""Nothing of what is not public, nothing from elsewhere, nothing that runs unasked; every word in its language."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import PROJECT, TAGS, WATER, Reader, Site, home, notice
from gaoshi.sources.settings import own_standard

Make = Callable[..., Reader]

CHINESE = r"[\u3400-\u9fff]"


@pytest.fixture(scope="session")
def everything(site: Site) -> dict[str, str]:
    """All text that the board publishes, by path."""
    kinds = {".html", ".json", ".xml", ".css", ".js", ".svg"}
    return {
        path.relative_to(site.folder).as_posix(): unescape(path.read_text(encoding="utf-8"))
        for path in sorted(site.folder.rglob("*"))
        if path.suffix in kinds
    }


def source(site: Site, notice_id: str) -> dict[str, Any]:
    """The front matter of a notice."""
    text = (site.origin / "notices" / notice_id / "notice.md").read_text(encoding="utf-8")
    matter: dict[str, Any] = yaml.load(text.split("---\n")[1], Loader=yaml.BaseLoader)  # noqa: S506  (text only)
    return matter


def test_what_is_not_public_is_nowhere(site: Site, everything: dict[str, str]) -> None:
    """Of what is withheld or upcoming neither title nor id stands in any file, but that screens know what is to come.

    Of what ended the title stands on two pages.
    """
    hidden = {state: site.in_state(state) for state in ("withheld", "upcoming")}
    assert all(len(found) >= 1 for found in hidden.values())
    assert sum(map(len, hidden.values())) >= 4
    for state, notice_id in [(state, each) for state, found in hidden.items() for each in found]:
        told = {"kiosk.json"} if state == "upcoming" else set()
        for words in (notice_id, source(site, notice_id)["title"]):
            assert {path for path, text in everything.items() if words in text} <= told, notice_id
    for notice_id in site.in_state("expired", "superseded", "withdrawn"):
        matter = source(site, notice_id)
        pages = {
            f"{each}index.html" for language in ("zh", "en") for each in (home(language), notice(notice_id, language))
        }
        assert {path for path, text in everything.items() if matter["title"] in text} <= pages
        body = (site.origin / "notices" / notice_id / "notice.md").read_text(encoding="utf-8").rpartition("---\n")[2]
        for line in filter(None, body.splitlines()):
            assert [path for path, text in everything.items() if line in text] == [], notice_id


def test_guessed_addresses_lead_nowhere(reader: Make, site: Site) -> None:
    """Nothing of a notice that is not live can be fetched by who guesses its address, but that it has ended."""
    one = reader()
    ended = site.in_state("expired", "superseded", "withdrawn")
    for notice_id in set(site.states) - {item["id"] for item in site.live}:
        files = [notice(notice_id) + path.name for path in (site.origin / "notices" / notice_id).iterdir()]
        pages = [notice(notice_id), notice(notice_id, "en")]
        for path in files if notice_id in ended else pages + files:
            assert one.context.request.get(one.address + path).status == 404, path


def test_nothing_of_the_house_is_published(site: Site, everything: dict[str, str]) -> None:
    """No name, id or address of anybody on the roster, no internal field, no source text reaches the board."""
    roster = yaml.safe_load((PROJECT / ".github/approvers.yml").read_text(encoding="utf-8"))
    secret = {word for person in roster["people"] for word in (person["id"], person["name"], *person["emails"])}
    internal = [name for name, item in own_standard()["fields"].items() if item.get("internal")]
    for item in site.live:
        secret |= {value for name in internal for value in _texts(source(site, item["id"]), name) if len(value) > 12}
    assert len(secret) > 20
    found = {word: path for word in secret for path, text in everything.items() if word in text}
    assert found == {}
    assert not [path for path in site.folder.rglob("*") if path.suffix in {".md", ".yml", ".py", ".map"}]


def _texts(matter: dict[str, Any], name: str) -> list[str]:
    """The values of a field (dotted) that are sentences of somebody's own."""
    group, _, part = name.partition(".")
    value = matter.get(group, {}).get(part) if part and isinstance(matter.get(group), dict) else matter.get(name)
    return [value] if isinstance(value, str) and re.search(CHINESE, value) else []


def test_every_page_runs_in_silence(reader: Make, site: Site, device: str) -> None:
    """No page says anything on the console, violates its policy or asks another host for anything."""
    one = reader(device)
    one.context.add_init_script(
        "document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective))"
    )
    for path in site.html:
        one.open(path).wait_for_load_state("load")
    assert one.problems == []


def test_every_page_has_its_policy_before_all_else(site: Site) -> None:
    """The content policy stands in every HTML file before anything that could load, and allows nothing but our own."""
    for path, html in site.html.items():
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
        assert policy is not None, path
        assert policy.start() < min(html.index(tag) for tag in ("<script", "<link", "<body")), path
        rules = dict(rule.strip().split(" ", 1) for rule in unescape(policy[1]).split(";"))
        assert rules["default-src"] == "'none'"
        assert re.fullmatch(r"'self'( 'sha256-[A-Za-z0-9+/=]+')?", rules["script-src"])
        assert rules["style-src"] == rules["img-src"] == "'self'"
        assert rules["base-uri"] == "'none'"
        assert "style=" not in re.sub(r"<style.*?</style>", "", html), path
        assert not re.search(r"<[^>]+\son[a-z]+=", html), path


def test_an_injected_script_does_not_run(reader: Make) -> None:
    """A script, a handler or a picture from elsewhere that got into a page would do nothing."""
    one = reader()
    page = one.open(notice(WATER))
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hurt = 1";
          document.body.append(script);
          document.querySelector(".notice__text").insertAdjacentHTML("beforeend",
            '<img src="https://elsewhere.example/x.png" onerror="window.hurt = 2"><b onclick="window.hurt = 3" id="b">b</b>');
          document.getElementById("b").click();
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.hurt") is None
    assert any("Content Security Policy" in problem for problem in one.problems)
    one.problems.clear()


def test_every_page_says_its_language(site: Site) -> None:
    """Pages below /en/ are English, all others Chinese."""
    for path, html in site.html.items():
        tag = re.search(r'<html[^>]* lang="([^"]+)"', html)
        assert tag is not None, path
        assert tag[1] == (TAGS["en"] if path.startswith("en/") else TAGS["zh"]), path


FOREIGN = """(pattern) => {
  const foreign = new RegExp(pattern, "u");
  const found = [];
  const tell = (element, text) => {
    const page = document.documentElement.lang;
    const own = element.closest("[lang]").lang;
    if (foreign.test(text) && own === page) found.push(text.trim().slice(0, 60));
  };
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent && !parent.closest("script, style")) tell(parent, walker.currentNode.data);
  }
  for (const element of document.querySelectorAll("[alt], [title], [placeholder], [aria-label]"))
    for (const name of ["alt", "title", "placeholder", "aria-label"]) tell(element, element.getAttribute(name) || "");
  return found;
}"""


@pytest.mark.parametrize(
    ("reading", "foreign"),
    [("en", CHINESE), ("zh", r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")],
    ids=["Chinese on English pages", "English on Chinese pages"],
)
def test_every_fragment_says_its_language(reader: Make, site: Site, reading: str, foreign: str) -> None:
    """Words in another language than the page's are marked as such, so that they are read out and set rightly."""
    one = reader()
    wrong: dict[str, list[str]] = {}
    for path in site.html:
        if path.startswith("en/") != (reading == "en"):
            continue
        found = one.open(path).evaluate(FOREIGN, foreign)
        if found:
            wrong[path] = found
    assert wrong == {}


def test_the_head_of_the_english_home_is_english(reader: Make) -> None:
    """Title and description, which are read out and shown in tabs and search results, are in the page's language."""
    page = reader().open(home("en"))
    for text in (page.title(), str(page.locator("meta[name=description]").get_attribute("content"))):
        assert not re.search(CHINESE, text)


def test_robots_may_read_the_board_but_no_preview(site: Site) -> None:
    """The public board may be found by search engines; what has ended may not, and its address says so itself."""
    ended = site.in_state("expired", "superseded", "withdrawn")
    silent = {path for path, html in site.html.items() if 'name="robots"' in html}
    assert silent == {notice(notice_id, language) for notice_id in ended for language in ("zh", "en")}
    assert (Path(site.folder) / "sitemap.xml").is_file()
