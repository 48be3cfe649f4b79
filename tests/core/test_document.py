"""YAML as it was written: nothing turns into something else, and nothing in it can expand."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.document import MAX_DEPTH, MAX_NODES, Mapping, Mark, Scalar, plain, read_yaml


def flaws(text: str, **options: bool) -> list[tuple[str, int, int]]:
    """What is wrong with a text, in which line and column."""
    return [(flaw.what, flaw.mark.line, flaw.mark.column) for flaw in read_yaml(text, **options)[1]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 010", "010"),
        ("a: no", "no"),
        ("a: 2026-11-22", "2026-11-22"),
        ("a: 1e3", "1e3"),
        ("a: 12:30", "12:30"),
        ("a: .inf", ".inf"),
        ("a: =", "="),
        ("a: !!python/name:os.system x", "x"),
        ("a: !custom x", "x"),
        ('a: "null"', "null"),
        ("a: null", None),
        ("a: ~", None),
        ("a:", None),
        ("a: |\n  x\n  y\n", "x\ny\n"),
        ("a: >\n  x\n  y\n", "x y\n"),
        ("a: [1, 2]", ["1", "2"]),
        ("a: {b: 1}", {"b": "1"}),
    ],
)
def test_scalars_stay_text(text: str, value: object) -> None:
    """Numbers, dates, `no` and tags are the words that were written."""
    node, problems = read_yaml(text)
    assert (plain(node), problems) == ({"a": value}, [])


def test_every_value_knows_its_place() -> None:
    """Line and column of keys and values count from 1, in characters, from the given first line."""
    node, _ = read_yaml("标题: 值\ngroup:\n  甲: [a, 乙]\n", first_line=2)
    assert isinstance(node, Mapping)
    (title, title_mark, value), (_, group_mark, group) = node.items()
    assert (title, title_mark, value.mark) == ("标题", Mark(2, 1), Mark(2, 5))
    assert group_mark == Mark(3, 1)
    assert isinstance(group, Mapping)
    ((_, mark, items),) = group.items()
    assert mark == Mark(4, 3)
    assert [item.mark for item in items.items] == [Mark(4, 7), Mark(4, 10)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ("g:\n  a: 1\n  a: 2\n", [("duplicate-key", 3, 3)]),
        ("a: 1\n'a': 2\n", [("duplicate-key", 2, 1)]),
        ("a: &x 1\nb: *x\n", [("anchor", 1, 4), ("anchor", 2, 4)]),
        ("a: 1\n<<: *x\n", [("anchor", 2, 5)]),
        ("[a]: 1\n", [("key-not-text", 1, 1)]),
        ("? {a: b}\n: 1\n", [("key-not-text", 1, 3)]),
        ("a: 1\n---\nb: 2\n", [("several-documents", 2, 1)]),
        ("a: 1\n...\n---\nb: 2\n", [("several-documents", 3, 1)]),
        ("a: 'open\nb: 2\n", [("syntax", 1, 4)]),
        ("a: [1, 2\nb: 3\n", [("syntax", 1, 4)]),
        ("a: b: c\n", [("syntax", 1, 5)]),
        ("a: 1\n\tb: 2\n", [("syntax", 2, 1)]),
        ("\ta: 1\n", [("syntax", 1, 1)]),
        ("a: @x\n", [("syntax", 1, 4)]),
        ("a: 1\n b: 2\n", [("syntax", 2, 3)]),
    ],
)
def test_what_is_wrong_is_found_at_its_place(text: str, found: list[tuple[str, int, int]]) -> None:
    """Duplicate keys, anchors, further documents, tabs and slips of the pen: what, in which line and column."""
    assert flaws(text) == found


def test_the_first_of_two_values_counts() -> None:
    """A duplicate key does not change what was said first."""
    node, _ = read_yaml("a: 1\na: 2\n")
    assert plain(node) == {"a": "1"}


@pytest.mark.parametrize("text", ["a: \x00", "\x00", "a: \x1b", "a: \ufffe"])
def test_characters_that_yaml_forbids_are_a_flaw(text: str) -> None:
    """Control characters and broken ones give a finding, not a crash."""
    assert [what for what, _, _ in flaws(text)] == ["syntax"]


def test_depth_is_limited() -> None:
    """What nests as deep as allowed is read; one level more is refused, and so are a hundred thousand, at once."""
    fits = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert flaws(fits) == []
    assert flaws(f"[{fits}]") == [("too-deep", 1, MAX_DEPTH + 1)]
    start = time.monotonic()
    assert flaws("[" * 100_000) == [("too-deep", 1, MAX_DEPTH + 1)]
    assert flaws("{a: " * 100_000) == [("too-deep", 1, 4 * MAX_DEPTH + 1)]
    assert flaws("- " * 100_000) == [("too-deep", 1, 2 * MAX_DEPTH + 1)]
    assert time.monotonic() - start < 2


def test_aliases_never_expand() -> None:
    """A billion laughs: refused in notices, and where aliases are allowed as soon as it stands for too much."""
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    start = time.monotonic()
    assert {what for what, _, _ in flaws(bomb)} == {"anchor"}
    node, problems = read_yaml(bomb, aliases=True)
    assert (node, [problem.what for problem in problems]) == (None, ["syntax"])
    assert time.monotonic() - start < 1


def test_an_alias_is_shared() -> None:
    """What an alias stands for is the very same value, not a copy of it."""
    node, problems = read_yaml("a: &a [x, x]\nb: [*a, *a]\n", aliases=True)
    assert problems == []
    assert isinstance(node, Mapping)
    last = node.get("b")
    assert last.items[0] is last.items[1] is node.get("a")


def test_aliases_count_as_all_that_they_stand_for() -> None:
    """A document may hold a hundred thousand values, written out or not, and no more."""
    list_of = "a: &a [" + "x, " * 998 + "x]\n"
    assert flaws(f"{list_of}b: [{'*a, ' * 97}*a]\n", aliases=True) == []
    assert flaws(f"{list_of}b: [{'*a, ' * 99}*a]\n", aliases=True) == [("syntax", 2, 4)]
    assert [what for what, _, _ in flaws("[" + "x, " * MAX_NODES + "x]")] == ["syntax"]


def test_aliases_nest_no_deeper_than_what_is_written() -> None:
    """A value that stands in an alias in an alias is as deep as if all were written out."""
    chain = "a1: &a1 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(2, MAX_DEPTH))
    assert flaws(chain, aliases=True) == []
    assert [what for what, _, _ in flaws(f"{chain}b: [*a{MAX_DEPTH - 1}]\n", aliases=True)] == ["too-deep"]


@pytest.mark.parametrize("escape", ["\\u202E", "\\x1b", "\\0", "\\r", "\\u2066", "\\N", "\\L"])
@pytest.mark.parametrize("written", ['"a%s"', '{k: "a%s"}', '[x, "a%s"]', '{"a%s": x}', '[{c: ["a%s"]}]'])
def test_no_value_holds_what_nobody_sees(written: str, escape: str) -> None:
    """Control characters and turns of direction, escaped in a value, an item or a key, are told and replaced."""
    node, problems = read_yaml(f"v: {written % escape}")
    assert [problem.what for problem in problems] == ["control-character"]
    assert "a\ufffd" in str(plain(node))


def test_an_alias_to_nothing_or_to_itself_is_a_flaw() -> None:
    """An unknown alias, and one inside what it names, are refused; nothing refers to itself."""
    assert flaws("a: *x\n", aliases=True) == [("syntax", 1, 4)]
    assert flaws("a: &x [*x]\n", aliases=True) == [("syntax", 1, 8)]


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", "---\n"])
def test_nothing_written_is_nothing(text: str) -> None:
    """An empty document has no value and nothing wrong with it."""
    node, problems = read_yaml(text)
    assert problems == []
    assert node is None or (isinstance(node, Scalar) and node.is_null)


@given(st.text(alphabet=st.sampled_from("ab: \n-[]{},&*!|>'\"#?%@`\\\t0甲\0"), max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is written gives a value or problems with places inside the text, and never an error."""
    for aliases in (False, True):
        _, problems = read_yaml(text, aliases=aliases)
        assert all(1 <= flaw.mark.line <= text.count("\n") + 2 and flaw.mark.column >= 1 for flaw in problems)
