"""axe-core finds nothing on any type of page, in either language, by day, by night and in large type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import Reader, node_module, page_types

RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map((each) => [each.id, each.help, each.nodes.map((node) => node.html.slice(0, 160) + " " + node.any.map((why) => why.message).join("; "))]);
}"""
NAMES = ("home", "plain", "urgent", "untranslated", "picture", "table", "file", "about", "over", "withdrawn", "missing")


def violations(page: Any) -> list[Any]:
    """What axe-core says about a page as it stands."""
    page.evaluate(node_module("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("mode", ["day", "night", "large"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(reader: Callable[..., Reader], name: str, mode: str, language: str) -> None:
    """No violation of WCAG 2 A, AA or of axe's best practices."""
    for device in ("phone", "desktop") if mode == "day" else ("phone",):
        one = reader(device, color_scheme="dark" if mode == "night" else "light")
        if mode == "large":
            one.context.add_init_script("localStorage.setItem('gaoshi:large', '1')")
        page = one.open(page_types(language)[name])
        page.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
        assert violations(page) == [], device


@pytest.mark.parametrize("query", ["?place=tower-3", "?q=没有这样的公告"])
def test_axe_finds_nothing_on_a_narrowed_board(reader: Callable[..., Reader], query: str, language: str) -> None:
    """The same for the board with a choice made, and with nothing left."""
    page = reader().open(page_types(language)["home"] + query)
    assert violations(page) == []
