"""What a host may do otherwise while every notice is compared all the same, and is right."""

from __future__ import annotations

from gaoshi.core.alongside import NOWHERE
from gaoshi.core.answer import Difference
from gaoshi.core.manifests import CLOCK
from gaoshi.core.screen_manifest import SCREENS

_ANYWHERE = {"soft", "script", "asset", "rewritten"}
"""A script that was put in is one of these only while the page's policy keeps it from running."""
_OF_THE_BOARD = {"own", "file"}
"""What is wrong with the board's own pages and look; not with a notice's files, and not with what screens run."""


def is_of_the_host(difference: Difference) -> bool:
    """Whether readers are shown the right notices in spite of `difference`.

    A wrong clock is none of these: pages believe it, and would take out what is still to be read.
    """
    if difference.page == NOWHERE:
        return True
    if difference.page == CLOCK:
        return difference.code != "clock"
    if difference.code in _OF_THE_BOARD:
        return not difference.id and not difference.page.startswith(SCREENS)
    return difference.code in _ANYWHERE
