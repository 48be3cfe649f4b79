"""What machines read: HTML and CSS without an error, schema.org data of the right type, previews of links."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

from conftest import PICTURE, TAGS, UNTRANSLATED, WATER, Reader, Site, node_module, notice, run

Make = Callable[..., Reader]


def test_the_nu_checker_finds_nothing(site: Site) -> None:
    """All pages are valid HTML and the style sheet valid CSS: no error and no warning of the Nu HTML Checker."""
    jar = node_module("vnu-jar/build/dist/vnu.jar")
    paths = [*site.html, *(path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.css"))]
    local = "-Dnu.validator.servlet.allow-forbidden-hosts=true"  # asked over HTTP, so that 'self' means something
    addresses = [site.address + path for path in paths if path != "404.html"]
    missing = site.folder / "404.html"  # where it is served, it is served as an error
    checked = run(
        "java", "-Xss4m", local, "-jar", jar, "--also-check-css", "--format", "json", *addresses, missing, status=(0, 1)
    )
    found = [
        f"{item.get('url')}:{item.get('lastLine')} {item['message']}"
        for item in json.loads(checked.stderr)["messages"]
        if not _mistaken(item)
    ]
    assert found == []


def _mistaken(item: dict[str, Any]) -> bool:
    """Whether the checker is wrong: data is no script that runs, and a file on disk has no `'self'`."""
    data = "Inline script violates" in item["message"] and "application/ld+json" in item.get("extract", "")
    return data or ("404.html" in item["url"] and "Content Security Policy" in item["message"])


def structured(html: str) -> Any:
    """A page's JSON-LD, or None."""
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(script[1]) if script else None


def notices(site: Site) -> dict[str, Any]:
    """The JSON-LD of every live notice's page."""
    live = {notice(item["id"], language) for item in site.live for language in ("zh", "en")}
    return {path: structured(html) for path, html in site.html.items() if path in live}


def test_every_notice_has_data_of_schema_org(site: Site, tmp_path: Path) -> None:
    """TypeScript takes the data of every notice page for a SpecialAnnouncement of schema.org, and no mistake for one."""
    found = notices(site)
    assert len(found) == 2 * len(site.live)
    types = node_module("schema-dts/package.json").parent
    lines = [
        'import type { SpecialAnnouncement, WithContext } from "schema-dts";',
        "type Announcement = WithContext<SpecialAnnouncement>;",
    ]
    for number, data in enumerate(found.values()):
        assert isinstance(data, dict)
        lines.append(f"export const notice{number}: Announcement = {json.dumps(data, ensure_ascii=False)};")
    wrong = next(iter(found.values())) | {"expiresAt": "tomorrow"}
    lines += ["// @ts-expect-error", f"export const wrong: Announcement = {json.dumps(wrong, ensure_ascii=False)};"]
    (tmp_path / "notices.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = {"strict": True, "noEmit": True, "skipLibCheck": True, "moduleResolution": "node10", "module": "commonjs"}
    config = {
        "compilerOptions": options | {"types": [], "baseUrl": ".", "paths": {"schema-dts": [str(types)]}},
        "files": ["notices.ts"],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps(config))
    run("node", node_module("typescript/bin/tsc"), "-p", tmp_path)


def test_machines_learn_when_a_notice_ends(site: Site) -> None:
    """The data's dates are instants with an offset, and the end is the manifest's."""
    by_id = {item["id"]: item for item in site.live}
    for path, data in notices(site).items():
        item = by_id["/".join(path.rstrip("/").split("/")[-2:])]
        assert data["expires"] == (item["foreseen"] or {"at": item["valid_until"]})["at"], path
        for name in ("datePosted", "expires"):
            assert datetime.fromisoformat(data[name]).tzinfo is not None
        assert datetime.fromisoformat(data["datePosted"]) <= datetime.fromisoformat(site.board["at"])
        assert data["url"].startswith("https://")


def meta(html: str) -> dict[str, str]:
    """A page's `og:` properties and its description."""
    return {
        name: unescape(text) for name, text in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html)
    }


def test_a_shared_link_shows_what_it_is_about(site: Site) -> None:
    """Every page tells messengers its title, description, address, language and an absolute picture."""
    for path, html in site.html.items():
        if path == "404.html":
            continue
        said = meta(html)
        language = "en" if path.startswith("en/") else "zh"
        assert said["og:title"], path
        assert said["og:description"], path
        assert said["og:description"] == said["description"], path
        assert said["og:url"] == f"https://board.cloudtop.example/{path}", path
        assert said["og:locale"] == TAGS[language].replace("-", "_"), path
        assert said["og:image"].startswith("https://board.cloudtop.example/"), path
        assert (site.folder / said["og:image"].removeprefix("https://board.cloudtop.example/")).is_file(), path


def test_a_shared_notice_says_when_and_where(site: Site) -> None:
    """The preview of a notice's link has its title, its time and place, and its own picture where it has one."""
    said = meta(site.html[notice(WATER)])
    assert said["og:title"] == "关于3号楼计划停水的温馨提示"
    assert said["og:type"] == "article"
    assert "9:00–17:00" in said["og:description"]
    assert "3号楼" in said["og:description"]
    assert meta(site.html[notice(PICTURE)])["og:image"].endswith("cold-wave.webp")


def test_languages_of_a_page_refer_to_each_other(site: Site) -> None:
    """`hreflang` links are absolute, go both ways, and leave out what is not translated."""
    links = {
        path: dict(
            re.findall(
                r'<link rel="alternate" hreflang="([^"]+)" href="https://board\.cloudtop\.example/([^"]*)">', html
            )
        )
        for path, html in site.html.items()
    }
    for path, others in links.items():
        for tag, other in others.items():
            assert other in site.html, path
            assert links[other][tag] == other
            assert path in links[other].values()
    assert list(links[notice(UNTRANSLATED)]) == [TAGS["zh"]]


def test_pages_have_one_heading_of_their_own(reader: Make, site: Site) -> None:
    """Every page has one h1, a title of its own, and no level of headings is left out."""
    one = reader()
    titles = set()
    for path in site.html:
        page = one.open(path)
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((each) => +each.tagName[1])")
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        titles.add(page.title())
    assert len(titles) == len(site.html)
