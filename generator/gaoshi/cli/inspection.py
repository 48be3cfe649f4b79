"""A public board that a command is pointed at: its address, and what is told of it."""

from __future__ import annotations

import click

from gaoshi.cli import SURROUNDINGS
from gaoshi.cli.surroundings import words
from gaoshi.core.answer import Difference
from gaoshi.core.published import Published
from gaoshi.core.words import Catalogue
from gaoshi.engine.inspection import manifest_of
from gaoshi.outputs.wording import one_line
from gaoshi.sources.public_site import NotAnAddress, PublicSite

LONGEST = 300
"""So many characters are told of what a site said."""


class NoBoard(click.ClickException):
    """There is no board at an address, and why."""

    exit_code = SURROUNDINGS


def site_at(address: str, option: str) -> PublicSite:
    """The site that `option` names. Raises click.BadParameter."""
    try:
        return PublicSite(address)
    except NotAnAddress:
        raise click.BadParameter(words().text("cli.confirm.no_address", value=address), param_hint=option) from None


def told(difference: Difference, catalogue: Catalogue) -> str:
    """A difference in one sentence. What a site said is made fit for a terminal."""
    values = {
        "page": f"/{difference.page}",
        "id": difference.id,
        "expected": difference.expected or "–",
        "found": difference.found or "–",
    }
    clean = {name: one_line(value)[:LONGEST] for name, value in values.items()}
    return catalogue.text(f"cli.confirm.differs.{difference.code}", **clean)


def public_board(address: str, option: str) -> Published:
    """What the public board at the address that `option` names says it is. Raises click.BadParameter, NoBoard."""
    found = manifest_of(site_at(address, option))
    if found.published is None:
        raise NoBoard(told(found.differences[0], words()))
    return found.published
