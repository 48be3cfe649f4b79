"""References: what a notice replaces exists and does not replace it back."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import ID

OLD = "2026-10/fire-check"


@pytest.mark.parametrize(
    "value",
    ["fire-check", "2026-13/x", "2026-10/", "2026-10/Fire", "../2026-10/x", "2026-10/x/y", "2026-10/" + "x" * 61],
)
def test_an_id_has_its_form(bench: Any, value: str) -> None:
    """What is not an id is said to be none, and not looked for."""
    assert bench.keys({"supersedes": value}) == {"X101"}


def test_a_replaced_notice_exists(bench: Any) -> None:
    """A known id is fine; an unknown one is an error that names its neighbour."""
    assert bench.keys({"supersedes": OLD}, known={OLD}) == set()
    [found] = bench.findings({"supersedes": "2026-10/fire-chek"}, known={OLD})
    assert (found.key, found.values["suggestion"], found.blocks) == ("X102.similar", OLD, True)


def test_a_container_that_cannot_be_listed_is_enough(bench: Any) -> None:
    """Known ids need only answer whether they have one."""

    class Some:
        def __contains__(self, item: object) -> bool:
            return item == OLD

    assert bench.keys({"supersedes": OLD}, known=Some()) == set()
    assert bench.keys({"supersedes": "2026-10/x"}, known=Some()) == {"X102.unknown"}


@pytest.mark.parametrize("length", [2, 3, 5])
def test_notices_that_replace_each_other_are_found(bench: Any, length: int) -> None:
    """A cycle of any length is found, with the way round."""
    ids = [ID, *(f"2026-10/n{index}" for index in range(1, length))]
    replaces = dict(zip(ids, [*ids[1:], ids[0]], strict=True))
    [found] = bench.findings({"supersedes": ids[1]}, known=set(ids), replaces=replaces.get)
    assert found.key == "X103.cycle"
    assert found.values["way"] == " → ".join([*ids, ID])


def test_a_cycle_of_others_does_not_hang(bench: Any) -> None:
    """A notice that replaces one of a cycle is judged in finite time, and is not in the cycle."""
    replaces = {ID: "2026-10/a", "2026-10/a": "2026-10/b", "2026-10/b": "2026-10/a"}
    assert bench.keys({"supersedes": "2026-10/a"}, known={"2026-10/a"}, replaces=replaces.get) == set()


def test_a_chain_is_no_cycle(bench: Any) -> None:
    """Replacing a notice that replaced another is fine."""
    replaces = {ID: "2026-10/a", "2026-10/a": "2026-10/b"}
    assert bench.keys({"supersedes": "2026-10/a"}, known={"2026-10/a"}, replaces=replaces.get) == set()


def test_twins_are_named(bench: Any) -> None:
    """A notice with the very same content as another says which."""
    [found] = bench.findings(twins=("2026-11/a", "2026-11/b"))
    assert (found.key, found.values["twins"], found.blocks) == ("X104", "2026-11/a, 2026-11/b", False)
