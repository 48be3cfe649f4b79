"""The same notices as others would build them: plain MkDocs with Material, and Hugo with expiry dates."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.estate import LANGUAGES, notices

_MKDOCS = """\
site_name: Peer
theme: {name: material, font: false}
plugins: []
nav: [index.md]
not_in_nav: |
  notices/
"""

_HUGO = """\
baseURL = "https://peer.example/"
title = "Peer"
defaultContentLanguage = "zh"
disableKinds = ["taxonomy", "term", "RSS"]
[languages.zh]
weight = 1
[languages.en]
weight = 2
"""

_HUGO_PAGE = "<!doctype html><html><head><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>\n"
_HUGO_LIST = (
    "<!doctype html><html><head><title>{{ .Title }}</title></head><body><ul>"
    "{{ range .Site.RegularPages }}<li><a href='{{ .RelPermalink }}'>{{ .Title }}</a></li>{{ end }}</ul></body></html>\n"
)


def mkdocs(folder: Path, count: int, live: int) -> Path:
    """A plain MkDocs project with every page of the live notices, none of them in the navigation."""
    _fresh(folder)
    (folder / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Peer\n", encoding="utf-8")
    for notice in notices(count, live):
        for language, name in zip(LANGUAGES, notice.files, strict=True):
            page = docs / "notices" / notice.id / f"{language}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(notice.files[name], encoding="utf-8")
    return folder


def hugo(folder: Path, count: int, live: int) -> Path:
    """A Hugo site with every notice on record, `expiryDate` set on those that have ended."""
    _fresh(folder)
    (folder / "config.toml").write_text(_HUGO, encoding="utf-8")
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(_HUGO_PAGE, encoding="utf-8")
    (layouts / "list.html").write_text(_HUGO_LIST, encoding="utf-8")
    for notice in notices(count, live):
        # `type` names a layout to Hugo, so it is given another name; all else stays as it is.
        expiry = f"---\nexpiryDate: {notice.valid_until.isoformat()}\n"
        home = folder / "content" / "notices" / notice.id
        home.mkdir(parents=True)
        for language, name in zip(LANGUAGES, notice.files, strict=True):
            text = notice.files[name].replace("---\n", expiry, 1).replace("\ntype: ", "\nkind: ", 1)
            suffix = "" if language == LANGUAGES[0] else f".{language}"
            (home / f"index{suffix}.md").write_text(text, encoding="utf-8")
    return folder


def _fresh(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
