"""`gaoshi confirm` compares every page and list with the one that was built, whole."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from confirmed import SHORT, A
from public_server import PublicServer
from questions import ELSEWHERE, ask, differences

PAGE = f"notices/{A}/"
CLAIM = "<div><h1>明天全天停水</h1></div>"
ARTICLE = '<article class="notice"'
EVIL = "https://evil.example/"

UNLIKE: list[tuple[str, str, str, str]] = [
    ("a telephone number", PAGE, "000-5550-0110", "666-6666-6666"),
    ("where a number leads", PAGE, "00055500110", "66666666666"),
    ("a fact", PAGE, "<dd>全小区", "<dd>仅3号楼"),
    ("words before the text", PAGE, "<p>来访人员", "<p>作废。明天全天停水。来访人员"),
    ("words after the text", PAGE, "出示证件。</p>", "出示证件。作废。</p>"),
    ("a claim beside a notice", PAGE, "</main>", f"{CLAIM}</main>"),
    ("a claim on the home page", "en/", "</main>", f"{CLAIM}</main>"),
    ("a claim below a notice that is over", "notices/2026-11/c/", "</main>", f"{CLAIM}</main>"),
    ("a frame", PAGE, "</main>", f'<iframe src="{EVIL}"></iframe></main>'),
    ("when the site map says that a page changed", "sitemap.xml", "<lastmod>2026", "<lastmod>2025"),
]


@pytest.mark.parametrize(("path", "old", "new"), [one[1:] for one in UNLIKE], ids=[one[0] for one in UNLIKE])
def test_whatever_a_page_says_otherwise_is_found(
    project: Any, public: PublicServer, path: str, old: str, new: str
) -> None:
    """Numbers, facts, words and what stands beside them: such a page is never proved, and never logged."""
    public.edit(path, old, new)
    data = ask(project, public, "--format", "json").data
    assert {(one["code"], one["page"]) for one in data["differences"]} == {("page", path)}
    assert not data["notices_right"]


STRANGE: list[tuple[str, str, str, str]] = [
    ("hidden", "everything hidden", "<main", "<main hidden"),
    ("hidden", "a style that hides", ARTICLE, f'{ARTICLE} style="display:none"'),
    ("hidden", "not before an instant", ARTICLE, f'{ARTICLE} data-from="2030-01-01T00:00:00+08:00"'),
    ("element", "a way elsewhere", "</head>", f'<meta http-equiv="Refresh" content="0;url={EVIL}"></head>'),
    ("element", "another base", "<head>", f'<head><base href="{EVIL}">'),
    ("element", "a script in a tag", "<body", '<body onload="alert(1)"'),
]


@pytest.mark.parametrize(
    ("code", "old", "new"), [(one[0], *one[2:]) for one in STRANGE], ids=[one[1] for one in STRANGE]
)
def test_what_hides_a_notice_or_leads_away_is_named(
    project: Any, public: PublicServer, code: str, old: str, new: str
) -> None:
    """By what it is, compared with the edition and with itself alike, and nothing is right then."""
    public.edit(PAGE, old, new)
    found = {(code, PAGE, A if code == "hidden" else "")}
    assert differences(project, public) == found
    assert differences(project, public, "--fresh-within", "30m", at=ELSEWHERE) == found
    assert not ask(project, public, "--format", "json").data["notices_right"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_a_page_differs_is_told(project: Any, public: PublicServer, language: str) -> None:
    """With what was built and what is there, in the reader's language."""
    public.edit(PAGE, "<dd>全小区", "<dd>仅3号楼")
    run = ask(project, public, "--lang", language)
    assert run.out.count("\n") == 1
    assert "全小区" in run.out
    assert "仅3号楼" in run.out
    assert ("look at the page" if language == "en" else "请打开查看") in run.out


def test_a_host_that_spells_pages_otherwise_is_told_and_the_notices_are_right(
    project: Any, public: PublicServer
) -> None:
    """Without white space and remarks the words are the same: no proof byte for byte, but what is public is logged."""
    for path in ("", PAGE):
        text = re.sub(r"<!--[^<>]*-->", "", public.files[path].decode())
        public.files[path] = re.sub(r">\n\s*<", "><", text).encode()
    public.files["kiosk.json"] = json.dumps(json.loads(public.files["kiosk.json"])).encode()
    data = ask(project, public, "--format", "json").data
    assert {(one["code"], one["page"]) for one in data["differences"]} == {
        ("rewritten", ""),
        ("rewritten", PAGE),
        ("rewritten", "kiosk.json"),
    }
    assert data["notices_right"]


@pytest.mark.parametrize("name", ["places", "contact", "kind", "ends_at", "invented"])
def test_every_field_of_the_manifest_is_compared(project: Any, public: PublicServer, name: str) -> None:
    """Also those that no page is judged by: programs read them."""
    data = json.loads(public.files["board.json"])
    data["notices"][1][name] = ["x"]
    public.files["board.json"] = json.dumps(data).encode()
    assert differences(project, public) == {("field", "board.json", f"notices[1].{name}")}


def test_what_is_wrong_is_told_once(project: Any, public: PublicServer) -> None:
    """A page of which something more telling is said is not called different besides."""
    public.edit(f"notices/{SHORT}/", "<p>请勿堆放杂物", "<p>请勿携带杂物")
    assert differences(project, public) == {("words", f"notices/{SHORT}/", SHORT)}
