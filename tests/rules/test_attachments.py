"""Attachments: there, what they claim to be, and for everybody."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ENGLISH, FAULT, PDF, PNG
from gaoshi.rules.marks import marks

PICTURE = {"a.png": PNG}


@pytest.mark.parametrize(
    ("body", "targets"),
    [
        ("![图](a.png)", [("a.png", True)]),
        ("![图](./a.png)后文（括号）", [("./a.png", True)]),
        ('![图](a.png "题")', [("a.png", True)]),
        ("![图]( <a b.png> )", [("ab.png", True)]),
        ("![图](a(1).png)", [("a(1).png", True)]),
        ("[表](a.pdf)、[图](b.pdf#page=2)", [("a.pdf", False), ("b.pdf#page=2", False)]),
        ("[![图](a.png)](b.pdf)", [("b.pdf", False), ("a.png", True)]),
        ("![图][a]\n\n[a]: a.png", [("a.png", True), ("a.png", False)]),
        ("![a][]\n\n[A]: <a.png>", [("a.png", True), ("a.png", False)]),
        ("`![图](a.png)`", []),
        ("```\n![图](a.png)\n```\n", []),
        ("~~~\n[表](a.pdf)\n~~~\n", []),
        ("没有链接 [方括号] (圆括号)", []),
        ("[x](&#106;avascript:alert(1))", [("javascript:alert(1)", False)]),
    ],
)
def test_links_and_pictures_are_found(body: str, targets: list[tuple[str, bool]]) -> None:
    """Every way to write a link or picture is seen; what stands in code is not."""
    assert [(mark.target, mark.picture) for mark in marks(body)] == targets


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("![图](a.png)", set()),
        ("![图](./a.png)", set()),
        ("![图](A.png)", {"M101.picture", "M107"}),
        ("![图](b.png)", {"M101.picture", "M107"}),
        ("![图](a.png) [表](b.pdf)", {"M101.file"}),
        ("![图](a.png) [页](#top) [站](https://example.com/) [邮](mailto:a@example.com) [话](tel:000)", set()),
        ("![图](a.png) [上](../x/a.png)", {"M101.outside"}),
        ("![图](a.png) [根](/a.png)", {"M101.outside"}),
        ("![图](a.png) [译](notice.en.md)", {"M101.file"}),
        ("![图](a.png) ![远](https://example.com/a.png)", {"M102"}),
        ("![图](a.png) ![远](//example.com/a.png)", {"M102"}),
        ("![图](a.png) ![远](http&#58;//example.com/a.png)", {"M102"}),
        ("![图](a.png) ![远][r]\n\n[r]: https://example.com/a.png", {"M102"}),
        ("![](a.png)", {"M108"}),
        ("![  ](a.png)", {"M108"}),
    ],
)
def test_what_a_text_shows_is_in_its_folder(bench: Any, body: str, keys: set[str]) -> None:
    """Pictures and files lie in the folder, under that very name; pages elsewhere may be linked, not shown."""
    assert bench.keys(body=body + "\n", files=PICTURE) == keys


def test_a_missing_picture_is_found_at_its_place(bench: Any) -> None:
    """The finding points at line and column of the picture, in the file of its language."""
    english = ENGLISH.replace("Please", "One\ntwo ![x](b.png) Please")
    [here] = bench.only("M101", body="一\n\n二，![图](b.png)\n")
    assert (here.position.line, here.position.column) == (14, 3)
    [there] = bench.only("M101", {"languages": "[zh, en]"}, files={"notice.en.md": english})
    assert (there.position.path.rpartition("/")[2], there.position.line, there.position.column) == (
        "notice.en.md",
        5,
        5,
    )


@pytest.mark.parametrize(
    ("name", "data", "keys"),
    [
        ("a.png", PNG, set()),
        ("a.PNG", PNG, set()),
        ("a.pdf", PDF, set()),
        ("a.jpg", b"\xff\xd8\xff\xe0", set()),
        ("a.jpeg", b"\xff\xd8\xff\xe0", set()),
        ("a.webp", b"RIFF\0\0\0\0WEBP", set()),
        ("a.png", PNG[:7], {"M104"}),
        ("a.png", PDF, {"M104"}),
        ("a.gif", b"GIF89a", {"M103"}),
        ("png", PNG, {"M103"}),
        ("a.svg", b"<svg/>", {"M201"}),
        ("a.html", b"hello", {"M201"}),
        ("a.png", b"\xef\xbb\xbf \n<html>", {"M201"}),
        ("a.js", b"alert(1)", {"M201"}),
        (".a.png", PNG, {"M109"}),
        ("-a.png", PNG, {"M109"}),
        ("a$b.png", PNG, {"M109"}),
        ("图.png", PNG, {"M109"}),
        ("a_b-1.2.png", PNG, set()),
    ],
)
def test_a_file_is_what_its_name_says(bench: Any, name: str, data: bytes, keys: set[str]) -> None:
    """Type, content and name of a file fit each other and every reader."""
    assert bench.keys(body=f"[件](<{name}>)\n", files={name: data}) == keys


def test_web_pages_and_programs_are_never_public(bench: Any) -> None:
    """An active attachment withholds urgent news too; a merely wrong one does not."""
    for name, data, blocks in (("a.svg", b"<svg/>", True), ("a.docx", b"PK", False), ("a.png", PDF, False)):
        findings = bench.findings(base=FAULT, body=f"[件]({name})\n", files={name: data})
        assert any(finding.blocks for finding in findings) is blocks


def test_size_and_number_have_their_limits(bench: Any) -> None:
    """A file may have 5 MiB and a notice 20 files, not a byte or a file more."""
    assert not bench.only("M105", files={"a.png": 5 * 1024 * 1024})
    assert bench.only("M105", files={"a.png": 5 * 1024 * 1024 + 1})
    assert not bench.only("M106", files={f"{index}.png": PNG for index in range(20)})
    assert bench.only("M106", files={f"{index}.png": PNG for index in range(21)})


def test_a_picture_that_unfolds_too_far_is_withheld(bench: Any) -> None:
    """A picture may have 40 megapixels, not one line more, however small its file."""
    assert not bench.only("M111", files={"a.png": (8000, 5000)})
    [found] = bench.only("M111", files={"a.png": (8000, 5001)})
    assert (found.blocks, found.values["limit"]) == (True, "40")


@pytest.mark.parametrize("name", ["图.png", "a b.png", 'a".png', "a\u202eb.png", "..png", "a\nb.png"])
def test_an_odd_name_is_never_public(bench: Any, name: str) -> None:
    """A file whose name is not plain withholds urgent news too, and nobody can let it pass."""
    front = {"allow": "[{code: M109, reason: x}]"}
    [found] = bench.only("M109", front, base=FAULT, files={name: PNG})
    assert found.blocks


def test_a_disclosure_has_its_figures(bench: Any) -> None:
    """A kind that must have an attachment is content with one."""
    front = {"type": "disclosure", "disclosure": {"period": "三季度", "objections": "前台"}}
    assert bench.keys(front) == {"M110"}
    assert bench.keys(front, body="[表](a.pdf)\n", files={"a.pdf": PDF}) == set()


@pytest.mark.parametrize(
    "body", ["[" * 200_000, "![" * 100_000, "](" * 100_000, "]: " * 80_000, "`" * 200_000, "<" * 200_000]
)
def test_no_body_takes_long(bench: Any, body: str) -> None:
    """A body as large as may be, made to slow the scan down, is judged at once."""
    began = time.perf_counter()
    bench.findings(body=body)
    assert time.perf_counter() - began < 5


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(alphabet="![](){}<>`~#:/\\&;\n abc.png=on\"'", max_size=80))
def test_no_markdown_breaks_the_rules(bench: Any, body: str) -> None:
    """Whatever brackets a body is made of, it is judged, and every finding lies within the file."""
    lines = len(("x\n" * 12 + body).split("\n"))
    for finding in bench.findings(body=body, files=PICTURE):
        assert 1 <= finding.position.line <= lines
        assert finding.position.column >= 1
