"""Every page and style sheet as the Nu checker, the W3C's own, judges it."""

from __future__ import annotations

import json
from typing import Any

from conftest import Site, node_module, run

# The checker takes every `<script>` for one that runs. Data that describes the notice does not, and no policy
# keeps it out (CSP 3, 4.2.4 applies to scripts that are prepared for running).
MISTAKEN = "Inline script violates Content Security Policy (meta tag)"
DATA = '<script type="application/ld+json">'


def test_pages_and_style_sheets_are_valid(site: Site) -> None:
    """The Nu checker finds neither an error nor a warning in any page or style sheet of the board."""
    # From the server, not from files: a policy of `'self'` means nothing without a host.
    style_sheets = [path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.css")]
    assert style_sheets
    checked = run(
        "java",
        "-Dnu.validator.servlet.allow-forbidden-hosts=true",  # which loopback is
        "-jar",
        node_module("vnu-jar/build/dist/vnu.jar"),
        *("--also-check-css", "--format", "json", "--stdout"),
        *(site.address + path for path in [*site.html, *style_sheets]),
        status=(0, 1),
        timeout=150,
    )
    messages: list[dict[str, Any]] = json.loads(checked.stdout)["messages"]
    assert [told(message) for message in messages if not mistaken(message)] == []


def mistaken(message: dict[str, Any]) -> bool:
    """Whether this is the one thing that the checker gets wrong."""
    return message["message"].startswith(MISTAKEN) and DATA in message.get("extract", "")


def told(message: dict[str, Any]) -> str:
    """A message on one line."""
    place = f"{message.get('url', '')}:{message.get('lastLine', '')}"
    return f"{place}: {message.get('subType') or message['type']}: {message['message']}"
