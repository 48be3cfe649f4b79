"""A public page is read as a browser would read it, whatever was sent."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.markup import Marked, Page, read_locations, read_page

PAGE = """<!doctype html>
<html lang="zh-CN" data-board="cloudtop" data-at="2026-11-24T10:00:00+08:00" data-due="x">
<head><link rel="icon" href="seal.svg"><link rel="stylesheet" href="a.css"><script>var x = "<li class=card>"</script></head>
<body><h1>Board</h1><a href="en/" hreflang="en" data-keeps-filters>English</a>
<ul><li class="card" data-id="2026-11/a" data-content="c1" data-until="u1"><article><p>x</p>
<h3 class="card__title"><a href="notices/2026-11/a/" hreflang="en">One &amp;
  two</a></h3><h3>Not the title</h3></article></li>
<li class="wide card" data-id="2026-11/b" data-content="c2"><h3 class="card__title">Three</h3></li>
<li data-ended data-id="2026-11/c">Over</li></ul>
<script src="b.js" defer></script></body></html>"""


def test_a_home_page_is_read() -> None:
    """Its board and instant, every card with its title, the languages, and what it needs; scripts are no markup."""
    page = read_page(PAGE.encode())
    assert (page.board, page.at, page.whole) == ("cloudtop", "2026-11-24T10:00:00+08:00", True)
    assert page.cards == [Marked("2026-11/a", "c1", "u1", "One & two"), Marked("2026-11/b", "c2", "", "Three")]
    assert page.notices == []
    assert (page.styles, page.scripts, page.switches) == (["a.css"], ["b.js"], {"en": "en/"})
    assert "Notthetitle" in page.words
    assert "2026-11/c" in page.words


def test_policy_and_scripts_are_read() -> None:
    """Every policy of the head and none of the body; every script within the page but data, word for word."""
    page = read_page(
        b"<html data-due=d data-stale=s><head><meta http-equiv=CONTENT-security-policy content='a b'>"
        b"<meta http-equiv=content-security-policy content=c><script>x < '&amp;'\n</script>"
        b"<script type=application/ld+json>{}</script></head><body>"
        b"<meta http-equiv=content-security-policy content=z><script type=module>y</script><script src=q>w</script>"
        b"<a href=one><img src=two></a></body></html>"
    )
    assert (page.due, page.stale, page.policy) == ("d", "s", "a b, c")
    assert (page.inline, page.scripts, page.links) == (["x < '&amp;'\n", "y"], ["q"], ["one", "two"])


@pytest.mark.parametrize(
    ("article", "shown"),
    [
        (
            '<article class="notice" data-id=i data-content=c data-until=u><h1>T</h1><div class="notice__text text">',
            Marked("i", "c", "u", "T", has_text=True),
        ),
        (
            '<article class="notice notice--over" data-id=i data-state=expired><h1>T',
            Marked("i", "", "", "T", over=True),
        ),
        ("<article class=notice data-id=i data-id=j>", Marked("i", "", "")),
        ("<article class=notice data-id>", Marked("", "", "")),
        ('<ARTICLE CLASS="x&#32;notice" DATA-ID="&#105;">', Marked("i", "", "")),
    ],
)
def test_a_notices_page_is_read(article: str, shown: Marked) -> None:
    """Live with its text, or over without; the first of two attributes counts."""
    assert read_page(article.encode()).notices == [shown]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"<", b"<!", b"<![x", b"<!doctype [ <!x", b"{}", b"</html", b"\0" * 99]
)
def test_what_is_no_page_says_nothing(data: bytes) -> None:
    """Whatever was sent, there is an answer."""
    page = read_page(data)
    assert (page.board, page.cards, page.notices, page.whole) == ("", [], [], False)
    assert read_locations(data) == []


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    """No input makes the reader fail."""
    assert isinstance(read_page(data), Page)
    read_locations(data)


@given(st.integers(min_value=0, max_value=len(PAGE.encode()) - 8))
def test_a_page_that_breaks_off_is_not_whole(length: int) -> None:
    """Wherever it does."""
    assert not read_page(PAGE.encode()[:length]).whole


def test_a_commented_end_is_no_end() -> None:
    """What stands in a comment or a script is not there."""
    assert not read_page(b"<html data-board=x><!-- </html> --><script>'</html>'</script>").whole


def test_locations_are_read() -> None:
    """As a site map lists them, escaped as XML does."""
    data = b"<?xml version='1.0'?><urlset><url>\n<loc> https://x/?a&amp;b </loc><lastmod>d</lastmod></url><url><loc>y</loc>"
    assert read_locations(data) == [" https://x/?a&b ", "y"]


@pytest.mark.parametrize(
    "piece", [b"<a ", b"<!--", b"<", b"</", b'<a x="', b"<a a=a ", b"<!-- >", b"<![", b"<?", b"&a"]
)
def test_no_page_keeps_the_reader_busy(piece: bytes) -> None:
    """What would cost a parser the square of its length is given up in seconds."""
    begun = time.process_time()
    read_page(b"<html data-board=x>" + piece * (300_000 // len(piece)) + b"</html>")
    read_locations(piece * (300_000 // len(piece)))
    assert not read_page(piece * (3_000_000 // len(piece))).board
    assert time.process_time() - begun < 10
