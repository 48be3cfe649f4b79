"""The pages at the addresses of what has ended: what became of it, never what it said; everywhere else it is gone."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

import pytest

A, B, C, D = "2026-11/a", "2026-11/b", "2026-11/c", "2026-11/d"
TEXT = "只在有效期内可读的正文"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10" + bytes(24)
OVER = {"valid_until": "2026-11-22 18:00"}
WITHDRAWN = {"outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "另行安排"}}


def page(estate: Any, notice_id: str, language: str = "zh") -> str:
    """The HTML at a notice's address; empty where there is none."""
    home = "" if language == "zh" else f"{language}/"
    path = estate.site / home / "notices" / notice_id / "index.html"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def article(html: str) -> str:
    """What the page shows of its notice, without tags, on one line."""
    found = re.search(r"<article.*</article>", html, re.DOTALL)
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def links(estate: Any, notice_id: str, language: str = "zh") -> list[str]:
    """Where the ended form leads to, as addresses from the site's root; telephone numbers aside."""
    html = page(estate, notice_id, language)
    form = html[html.index("data-over") : html.index("</article>")]
    base = f"/{'' if language == 'zh' else f'{language}/'}notices/{notice_id}/"
    return [urljoin(base, link) for link in re.findall(r'<a [^>]*href="([^"]+)"', form) if not link.startswith("tel:")]


def build(estate: Any, at: str = "2026-11-24 10:00") -> None:
    """Commit everything and build it."""
    estate.commit()
    assert estate.build(at=at).status == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("fields", "state", "says"),
    [
        (OVER, "expired", {"zh": "已结束 已于 11月22日（周日）18:00 撤下", "en": "Ended Off the board since"}),
        (WITHDRAWN, "withdrawn", {"zh": "撤回原因 ： 另行安排", "en": "Why it was withdrawn : 另行安排"}),
        (
            {"outcome": {"is": "cancelled", "at": "2026-11-22 10:00", "note": "下雨"}, "starts_at": "2026-11-21 09:00"},
            "expired",
            {"zh": "已取消 11月22日（周日）10:00 下雨", "en": "Cancelled Sun 22 Nov, 10:00 下雨"},
        ),
    ],
)
def test_an_ended_notice_says_what_became_of_it(
    estate: Any, language: str, fields: dict[str, Any], state: str, says: dict[str, str]
) -> None:
    """Kind, title, that it is over, since when and why, whom to call and the way to the board; nothing of its text."""
    body = f"{TEXT}\n\n[附件](plan.pdf)\n\n![图](p.png)\n"
    estate.notice(A, fields, body=body, files={"plan.pdf": b"%PDF-1.4\n", "p.png": PNG}, scope="高区", cause="检修")
    build(estate)
    html = page(estate, A, language)
    said = article(html)
    assert f'class="notice notice--over" data-id="{A}" data-part="over" data-state="{state}">' in html
    assert says[language] in said
    assert estate.safety["title"] in said
    assert "000-5550-0110" in said
    assert links(estate, A, language) == ["/" if language == "zh" else "/en/"]
    for word in (TEXT, "附件", "plan.pdf", "p.png", "高区", "检修", "data-content", "application/ld+json"):
        assert word not in html, word
    assert '<meta name="robots" content="noindex">' in html
    assert estate.safety["title"] in re.findall(r'og:title" content="([^"]+)"', html)[0]


def test_an_ended_notice_is_nowhere_else(estate: Any) -> None:
    """Not in the site map, the manifest, the search or among the files; the list of what ended lately links to it."""
    estate.notice(A, OVER, body=f"{TEXT}\n", files={"p.png": PNG})
    estate.notice(B)
    build(estate)
    assert B in (estate.site / "sitemap.xml").read_text()
    assert A not in (estate.site / "sitemap.xml").read_text()
    assert [notice["id"] for notice in estate.manifest["notices"]] == [B]
    home = (estate.site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'data-id="([^"]+)"', home) == [B]
    assert f'href="notices/{A}/"' in home[home.index('class="ended"') :]
    files = [path.name for path in (estate.site / "notices" / A).iterdir()]
    assert files == ["index.html"]
    everything = b"".join(path.read_bytes() for path in estate.site.rglob("*") if path.is_file())
    assert TEXT.encode() not in everything


@pytest.mark.parametrize(
    ("at", "has_page"),
    [
        ("2026-11-22 17:59:59", "live"),
        ("2026-11-22 18:00:00", "over"),
        ("2027-02-20 17:59:59", "over"),
        ("2027-02-20 18:00:00", ""),
    ],
)
def test_an_address_is_kept_for_90_days(estate: Any, at: str, has_page: str) -> None:
    """The notice, then for 90 days what became of it, then nothing, to the second and in every language."""
    estate.notice(A, OVER, body=f"{TEXT}\n")
    build(estate, at)
    for language in ("zh", "en"):
        html = page(estate, A, language)
        assert (bool(html) and "data-content" not in html) is (has_page == "over")
        assert (TEXT in html) is (has_page == "live")
        assert bool(html) is bool(has_page)


@pytest.mark.parametrize(
    "fields", [{"approver": "nobody"}, {"valid_from": "2026-11-23 09:00"} | WITHDRAWN, {"languages": "[xx]"}]
)
def test_what_was_never_public_has_no_page(estate: Any, fields: dict[str, Any]) -> None:
    """Never approved, called off before it began, withheld: its address says nothing, not even that it was."""
    estate.notice(A, OVER | fields)
    estate.notice(B)
    estate.commit()
    estate.build()
    assert page(estate, B)
    assert not page(estate, A)
    assert not page(estate, A, "en")


def test_an_edit_that_nobody_approved_stays_unseen(estate: Any) -> None:
    """Title, dates and reasons are those of the newest approved version, whatever was written since."""
    estate.notice(A, OVER)
    estate.commit()
    estate.notice(A, {"title": "没人批准的标题"} | WITHDRAWN, body="没人批准的正文。\n")
    estate.commit(approved=False)
    estate.build()
    html = page(estate, A)
    assert 'data-state="expired"' in html
    assert estate.safety["title"] in html
    assert "没人批准" not in html
    assert "另行安排" not in html


# ── what replaced it ─────────────────────────────────────────────────────────────────────────────


def chain(estate: Any, *fates: dict[str, Any]) -> None:
    """A, replaced by B, replaced by C and so on, a day after the other; each with its fate."""
    for number, (notice_id, fate) in enumerate(zip((A, B, C, D), fates, strict=False)):
        old = {"supersedes": (A, B, C, D)[number - 1]} if number else {}
        estate.notice(notice_id, {"title": f"第{number}份", "valid_from": f"2026-11-{20 + number} 09:00"} | old | fate)


@pytest.mark.parametrize(
    ("fates", "target"),
    [
        (({}, {}), B),
        (({}, {}, {}), C),
        (({}, {}, {}, {}), D),
        (({}, {"valid_until": "2026-11-23 18:00"}), B),
        (({}, {}, {"valid_until": "2026-11-23 18:00"}), C),
        (({}, {}, WITHDRAWN | {"valid_from": "2026-11-22 09:00"}), C),
        (({}, {}, {"approver": "nobody"}), B),
        (({}, {}, {"valid_from": "2026-11-30 09:00", "valid_until": "2026-12-02 09:00"}), B),
        (({}, {}, {"valid_from": "2026-11-20 10:00"}), C),
    ],
)
def test_a_replaced_notice_leads_to_what_holds_now(estate: Any, fates: tuple[dict[str, Any], ...], target: str) -> None:
    """One link, to the last of those that replaced each other and have a page: live, or told of as ended."""
    chain(estate, *fates)
    estate.commit()
    estate.build()
    for language, home in (("zh", "/"), ("en", "/en/")):
        assert 'data-state="superseded"' in page(estate, A, language)
        assert links(estate, A, language) == [f"{home}notices/{target}/", home]
        assert page(estate, target, language)


def test_nobody_is_sent_to_a_replacement_without_a_page(estate: Any) -> None:
    """Where the replacement itself was brought too late to be read, the page leads to the board alone."""
    chain(estate, {})
    estate.commit()
    chain(estate, {}, {"valid_until": "2026-11-22 18:00"})
    estate.commit(when="2026-11-22 18:01")
    assert estate.build().status == 0
    html = page(estate, A)
    assert 'data-state="superseded"' in html
    assert links(estate, A) == ["/"]
    assert "请以现行告示为准" in article(html)


# ── what a note could do ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "note",
    [
        "](https://evil.example) [x](y)",
        '"><img src=x> & <b>x</b>',
        "{{ 7 * 7 }} {% raw %} {time}",
        "</article></section><h1>x</h1>",
    ],
)
def test_a_reason_stays_text(estate: Any, note: str) -> None:
    """HTML, Markdown and templates in a title or in a reason are shown as they were typed and do nothing."""
    outcome = {"is": "withdrawn", "at": "2026-11-22 12:00", "note": json.dumps(note)}
    estate.notice(A, title=json.dumps(note), outcome=outcome)
    build(estate)
    for language in ("zh", "en"):
        html = page(estate, A, language)
        assert article(html).count(note) == 2
        assert html.count("<h1") == html.count("</article>") == 1
        assert not re.search(r"<img|<[^>]* (href|src)=[^>]*evil", html[html.index("<article") :])


@pytest.mark.parametrize("field", ["title", "outcome.note"])
def test_script_in_a_reason_leaves_no_page_at_all(estate: Any, field: str) -> None:
    """What must never be public withholds a notice when it is over as when it is live."""
    script = json.dumps("<script>alert(1)</script>")
    outcome = {"is": "withdrawn", "at": "2026-11-22 12:00", "note": script if field == "outcome.note" else "x"}
    estate.notice(A, {"title": script} if field == "title" else {}, outcome=outcome)
    build(estate)
    assert not page(estate, A)


def test_a_live_notice_has_nothing_of_this(estate: Any) -> None:
    """As long as a notice is live search engines may know it, and what will become of it is not to be seen."""
    estate.notice(A)
    build(estate)
    html = page(estate, A)
    assert "noindex" not in html
    assert re.findall(r"<article[^>]*notice--over[^>]*>", html) == re.findall(r"<article[^>]* hidden>", html) != []
