"""Two pages have one shape when readers are told the same by both, however they are spelt."""

from __future__ import annotations

import pytest

from gaoshi.core.shape import apart

HOST = "board.example"
PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><script>own()</script></head>
<body><!-- remark --><p class="a b" id=x>明天
停水</p><svg><path d="M0 0"/></svg><input hidden></body></html>"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<!-- remark -->", ""),
        ("\n", ""),
        ('class="a b" id=x', "id='x' class='a  b'"),
        ("<input hidden>", '<input hidden=""/>'),
        ("<!doctype", "<!DOCTYPE"),
        ("明天", "&#x660E;天"),
    ],
)
def test_how_a_page_is_spelt_is_not_its_shape(old: str, new: str) -> None:
    """White space, plain remarks, quotes, the order of attributes, references for characters."""
    assert apart(PAGE.encode(), PAGE.replace(old, new).encode()) is None
    assert apart(PAGE.encode(), PAGE.replace(old, new).encode(), HOST) is None


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("停水", "停电", ("明天停水", "明天停电")),
        ("id=x", "id=y", ('<p class="a b" id="x">', '<p class="a b" id="y">')),
        ("id=x", "id=x hidden", ('<p class="a b" id="x">', '<p class="a b" hidden id="x">')),
        ("</p>", "", ("</p>", "<svg>")),
        ("<!-- remark -->", "<!-- --!><h1>!</h1> -->", ('<p class="a b" id="x">', "<!-- --!><h1>!</h1> -->")),
        ("<!-- remark -->", "<!--><h1>!</h1>-->", None),
        ("<!doctype html>", "", ("<!doctype html>", '<html lang="zh">')),
        ("</html>", "</html><p>", ("", "<p>")),
        ("own()", "own( )", ("<script>own()", "<script>own( )")),
        ("<input hidden>", "", ("<input hidden>", "</body>")),
    ],
)
def test_whatever_readers_could_be_told_is_in_the_shape(old: str, new: str, where: tuple[str, str] | None) -> None:
    """Words, tags, attributes, ends of tags, and remarks that a browser may end earlier: with the place that differs."""
    assert old in PAGE
    found = apart(PAGE.encode(), PAGE.replace(old, new).encode())
    assert found is not None
    assert where in {found, None}


def test_an_element_that_closes_itself_is_not_one_with_an_end() -> None:
    """Browsers take `<div/>` for a beginning only, and hide what follows in it."""
    assert apart(b"<div hidden></div>now", b"<div hidden/>now") is not None


@pytest.mark.parametrize(
    ("injected", "idle"),
    [
        ('<script src="https://beacon.example/b.js" async></script>', True),
        ('<script src="//beacon.example/b.js"></script>', True),
        ("<script>window.dataLayer=[]</script>", True),
        ('<script type="module">import "/x.js"</script>', True),
        ('<link rel="stylesheet" href="https://beacon.example/b.css">', True),
        ('<script src="/b.js"></script>', False),
        ('<script src="https://board.example/b.js"></script>', False),
        ('<script src="data:text/javascript,x()"></script>', False),
        ('<script src="https://[x/b.js"></script>', False),
        ('<link rel="stylesheet" href="/b.css">', False),
        ('<script type="application/ld+json">{}</script>', False),
        ("<script><!--<script></script>", False),
        ("<script>own()</script>", False),
        ("<style>main{display:none}</style>", False),
        ('<p onclick="x()">', False),
    ],
)
def test_what_the_policy_keeps_from_running_is_passed_over(injected: str, *, idle: bool) -> None:
    """From another host or within the page, and nothing that the policy lets run; without a policy, nothing."""
    found = PAGE.replace("</head>", f"{injected}</head>").encode()
    assert (apart(PAGE.encode(), found, HOST) is None) is idle
    assert apart(PAGE.encode(), found) is not None


def test_our_own_script_is_not_passed_over() -> None:
    """A page without it, or with another in its place, is another page."""
    for other in ("", "<script>other()</script>"):
        assert apart(PAGE.encode(), PAGE.replace("<script>own()</script>", other).encode(), HOST) is not None


def test_a_page_that_cannot_be_read_to_its_end_is_another() -> None:
    """What breaks the reader off must not hide what comes after."""
    assert apart(PAGE.encode(), PAGE.encode() + b"<a <a <a " * 200) is not None
    assert apart(PAGE.encode(), PAGE.encode() + b"<!--" + b"x" * 600_000 + b"-->") is not None
