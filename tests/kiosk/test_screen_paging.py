"""A notice's text as pages: cut at sentences with its markup, nothing lost, nothing twice but the heads of tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from lobby import CASES, Lobby
from playwright.sync_api import Browser, Page

STANDARD = json.loads(CASES.read_text(encoding="utf-8"))["standard"]
SENTENCE = "本周三上午九点至下午五点停水，请提前储水。"  # 18 characters
ALWAYS = "() => true"

Paged = Callable[..., list[str]]


@pytest.fixture(scope="module")
def empty_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of a lobby's server that has nothing on it, but may load the modules."""
    lobby = Lobby(tmp_path_factory.mktemp("pages") / "site")
    (lobby.folder / "empty.html").write_text("<!doctype html><title>.</title>", encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{lobby.server.address}empty.html")
    yield page
    context.close()
    lobby.server.close()


@pytest.fixture
def paged(empty_page: Page) -> Paged:
    """The pages of a text as HTML, where a slide `fits` what this says of a fragment."""

    def make(html: str, fits: str = ALWAYS, standard: dict[str, int] = STANDARD) -> list[str]:
        found: list[str] = empty_page.evaluate(
            f"""async ([html, standard]) => {{
                const {{ paged }} = await import("/kiosk/app/first/pages.js");
                return paged(html, {fits}, standard).map((page) => {{
                    const box = document.createElement("div");
                    box.append(page);
                    return box.innerHTML;
                }});
            }}""",
            [html, standard],
        )
        return found

    return make


def test_a_short_text_is_one_page_as_it_is(paged: Paged) -> None:
    """What a page holds stays exactly as it was written."""
    html = "<p>请 <strong>留意</strong>。</p><ul><li>甲</li><li>乙</li></ul>"
    assert paged(html) == [html]


def test_no_text_is_one_empty_page(paged: Paged) -> None:
    """A notice that says everything in its facts has one page without a text."""
    assert paged("") == [""]
    assert paged("<p> </p>\n") == [""]


def test_a_paragraph_is_cut_between_sentences_and_stays_a_paragraph(paged: Paged) -> None:
    """A page holds 120 characters: six sentences of 18 fit, the seventh begins the next page, in a paragraph again."""
    pages = paged(f"<p>{SENTENCE * 8}</p>")
    assert pages == [f"<p>{SENTENCE * 6}</p>", f"<p>{SENTENCE * 2}</p>"]


def test_emphasis_goes_on_across_pages(paged: Paged) -> None:
    """What is emphasised over a page's end is emphasised on both."""
    pages = paged(f"<p><strong>{SENTENCE * 8}</strong></p>")
    assert pages == [f"<p><strong>{SENTENCE * 6}</strong></p>", f"<p><strong>{SENTENCE * 2}</strong></p>"]


def test_a_sentence_whose_words_are_marked_stays_together(paged: Paged) -> None:
    """Markup within a sentence is no place to cut it."""
    sentence = "本周三<em>上午九点</em>至<strong>下午</strong>五点停水，请提前储水。"
    assert paged(f"<p>{sentence * 7}</p>") == [f"<p>{sentence * 6}</p>", f"<p>{sentence}</p>"]


def test_list_items_stay_whole_and_keep_their_numbers(paged: Paged) -> None:
    """A list is cut between items; one that goes on goes on counting."""
    pages = paged("<ol>" + f"<li>{SENTENCE}{SENTENCE}</li>" * 5 + "</ol>")
    assert [page.count("<li") for page in pages] == [3, 2]
    assert '<li value="4">' in pages[1]
    assert all(page.startswith("<ol>") for page in pages)


def test_an_item_that_a_page_holds_is_not_cut(paged: Paged) -> None:
    """An item begins a page of its own rather than being cut; one that no page holds is cut at sentences."""
    item = f"<li>{SENTENCE * 5}</li>"
    assert paged(f"<ul>{item * 2}</ul>") == [f"<ul>{item}</ul>"] * 2
    assert paged(f"<ul><li>{SENTENCE * 7}</li></ul>") == [
        f"<ul><li>{SENTENCE * 6}</li></ul>",
        f"<ul><li>{SENTENCE}</li></ul>",
    ]


def test_empty_cells_stay_in_their_columns(paged: Paged) -> None:
    """A row that goes on another page keeps its cells, empty ones too."""
    rows = "".join(f"<tr><td></td><td>{'字' * 100}</td></tr>" for _ in range(2))
    row = rows[: len(rows) // 2]
    assert paged(f"<table><tbody>{rows}</tbody></table>") == [f"<table><tbody>{row}</tbody></table>"] * 2


def test_a_table_is_cut_between_rows_and_has_its_head_again(paged: Paged) -> None:
    """A table goes on with its head; no row is cut, none is lost or twice."""
    rows = "".join(f"<tr><td>{number}号</td><td>{'字' * 30}</td></tr>" for number in range(1, 9))
    pages = paged(f"<table><thead><tr><th>楼</th><th>时间</th></tr></thead><tbody>{rows}</tbody></table>")
    assert len(pages) == 3
    assert all(page.count("<thead>") == 1 for page in pages)
    assert all(page.startswith("<table>") and page.endswith("</table>") for page in pages)
    assert sum((page.count("<tr>") - 1 for page in pages), 0) == 8
    assert [f"{number}号" in "".join(pages) for number in range(1, 9)] == [True] * 8


def test_a_row_that_has_only_a_picture_is_a_row(paged: Paged) -> None:
    """A plan or a sign in a table is not lost, wherever its row stands; a row with nothing to see is left out."""
    picture = '<tr><td><img src="a.png" alt=""></td><td></td></tr>'
    row = f"<tr><td>{SENTENCE * 6}</td></tr>"
    for rows in (picture + row, row + picture, picture):
        pages = paged(f"<table><tbody>{rows}<tr><td> </td></tr></tbody></table>")
        assert "".join(pages).count(picture) == 1
        assert "".join(pages).count("<tr>") == rows.count("<tr>")
    head = '<thead><tr><th><img src="b.png" alt=""></th></tr></thead>'
    pages = paged(f"<table>{head}<tbody>{row * 2}</tbody></table>")
    assert [page.count(head) for page in pages] == [1, 1]
    assert (
        paged("<table><thead><tr><th>时间</th></tr></thead><tbody><tr><td></td></tr></tbody></table>")[0].count("时间")
        == 1
    )


def test_what_is_set_line_by_line_is_cut_between_lines(paged: Paged) -> None:
    """A plan that is written in columns, longer than a page, goes on with its next line."""
    lines = [f"{number}号楼 {'字' * 50}\n" for number in range(5)]
    pages = paged(f"<pre>{''.join(lines)}</pre>")
    assert pages == [f"<pre>{''.join(lines[i : i + 2])}</pre>" for i in (0, 2, 4)]


def test_a_picture_has_a_page_of_its_own(paged: Paged) -> None:
    """A picture stands alone with its caption, the text goes on behind it."""
    picture = '<figure><img src="kiosk/files/a.png" alt="花园"><figcaption>花园</figcaption></figure>'
    assert paged(f"<p>前。</p>{picture}<p>后。</p>") == ["<p>前。</p>", picture, "<p>后。</p>"]
    assert paged('<p>前。<img src="a.png">后。</p>') == ["<p>前。</p>", '<p><img src="a.png"></p>', "<p>后。</p>"]


def test_a_heading_stays_with_its_text(paged: Paged) -> None:
    """A heading does not end a page; it goes to the next with the first sentence that follows it."""
    pages = paged(f"<p>{SENTENCE * 6}</p><h2>其他</h2><p>{SENTENCE}</p>")
    assert pages == [f"<p>{SENTENCE * 6}</p>", f"<h2>其他</h2><p>{SENTENCE}</p>"]
    headings = paged(f"<h2>一</h2><h3>二</h3><p>{SENTENCE * 7}</p>")
    assert headings[0].startswith("<h2>一</h2><h3>二</h3><p>")
    assert len(headings) == 2


def test_a_line_break_ends_a_sentence(paged: Paged) -> None:
    """Lines of an address or a timetable are not torn."""
    line = "字" * 50
    assert paged(f"<p>{line}<br>{line}<br>{line}</p>")[0].count("字") == 100


def test_what_does_not_fit_is_cut_further(paged: Paged) -> None:
    """Where the slide has less room than the standard allows, a page has fewer sentences, then parts of one."""
    few = paged(f"<p>{SENTENCE * 4}</p>", "(page) => page.textContent.length <= 45")
    assert few == [f"<p>{SENTENCE * 2}</p>"] * 2
    item = paged(f"<ul><li>{SENTENCE}{SENTENCE}</li></ul>", "(page) => page.textContent.length <= 25")
    assert item == [f"<ul><li>{SENTENCE}</li></ul>"] * 2
    parts = paged(f"<p>{SENTENCE}</p>", "(page) => page.textContent.length <= 15")
    assert len(parts) == 2
    assert "".join(parts).replace("</p><p>", "") == f"<p>{SENTENCE}</p>"
    assert parts[0].endswith("，</p>")


@pytest.mark.parametrize("fits", [ALWAYS, "() => false", "(page) => page.textContent.length <= 20"])
def test_nothing_is_lost(paged: Paged, fits: str) -> None:
    """Whatever room there is, all pages together say the text, once and in order."""
    html = (
        f"<h2>停水</h2><p>{SENTENCE * 3}Water will be off, from 9 a.m. to 5 p.m. Please store some.</p>"
        f"<ul><li>甲{SENTENCE}</li><li>乙<ul><li>丙{SENTENCE * 6}</li></ul></li></ul>"
        f"<blockquote><p>{SENTENCE * 9}</p></blockquote><p>{'字' * 300}</p><p>{'word ' * 200}</p>"
    )
    pages = paged(html, fits)
    plain = "".join(pages)
    for tag in ("h2", "p", "ul", "li", "blockquote"):
        assert plain.count(f"<{tag}>") == plain.count(f"</{tag}>")
    letters = [char for char in _text(plain) if not char.isspace()]
    assert letters == [char for char in _text(html) if not char.isspace()]


def _text(html: str) -> str:
    return re.sub("<[^>]*>", "", html)
