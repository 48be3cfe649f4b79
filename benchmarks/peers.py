"""What Gaoshi is measured against: Hugo, plain MkDocs with Material and python-frontmatter, on the same notices."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from benchmarks.estate import AT, LANGUAGES, Notice

HUGO_CONFIG = """\
baseURL = "https://board.cloudtop.example/"
title = "云上苑公告栏"
timeZone = "Asia/Shanghai"
defaultContentLanguage = "zh"
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
[languages.zh]
weight = 1
[languages.en]
weight = 2
"""
HUGO_LAYOUTS = {
    "_default/baseof.html": '<!doctype html><html lang="{{ .Site.Language.Lang }}"><head><meta charset="utf-8">'
    '<title>{{ .Title }}</title></head><body>{{ block "main" . }}{{ end }}</body></html>',
    "_default/list.html": '{{ define "main" }}<ul>{{ range .RegularPagesRecursive }}<li>'
    '<a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}',
    "_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}',
    "index.html": '{{ define "main" }}<ul>{{ range .Site.RegularPages }}<li>'
    '<a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}',
}
"""The least that shows a notice and lists them all; ours shows filters, facts, cards and more."""

MKDOCS_CONFIG = """\
site_name: 云上苑公告栏
site_url: https://board.cloudtop.example/
theme: {{name: material, language: zh, font: false}}
{plugins}
nav: [index.md]
not_in_nav: |
  /notices/
  /en/notices/
"""

FRONTMATTER = """\
import glob, sys
import frontmatter
for path in glob.glob(sys.argv[1] + "/notices/*/*/*.md"):
    frontmatter.load(path)
"""


def make_hugo(folder: Path, notices: Iterable[Notice]) -> Path:
    """A Hugo site of these notices, with `expiryDate` on all that are over at AT."""
    fresh(folder)
    write(folder / "config.toml", HUGO_CONFIG)
    for name, text in HUGO_LAYOUTS.items():
        write(folder / "layouts" / name, text)
    for notice in notices:
        for name, text in notice.files.items():
            expiry = "" if notice.live else f"expiryDate: {notice.valid_until.isoformat()}\n"
            page = name.replace("notice", "index")
            write(folder / "content" / "notices" / notice.id / page, text.replace("---\n", f"---\n{expiry}", 1))
    return folder


def hugo(site: Path) -> list[str]:
    """The command that builds it as at AT."""
    return ["hugo", "--source", str(site), "--clock", AT.isoformat(), "--destination", str(site / "public"), "--quiet"]


def make_mkdocs(folder: Path, notices: Iterable[Notice], *, search: bool) -> Path:
    """A plain MkDocs site of these notices, one page a text, with Material as it comes, or without its search."""
    fresh(folder)
    write(folder / "mkdocs.yml", MKDOCS_CONFIG.format(plugins="" if search else "plugins: []"))
    write(folder / "docs" / "index.md", "# 云上苑公告栏\n")
    for notice in notices:
        for language, text in zip(LANGUAGES, (notice.files["notice.md"], notice.files["notice.en.md"]), strict=True):
            below = "" if language == LANGUAGES[0] else f"{language}/"
            write(folder / "docs" / f"{below}notices" / notice.id / "index.md", text)
    return folder


def fresh(folder: Path) -> None:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def write(path: Path, text: str) -> None:
    """A file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
