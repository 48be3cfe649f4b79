"""Whose hand signs: the SSH key to use, and the person to whom the roster gives it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

from gaoshi.cli.surroundings import words
from gaoshi.core.roster import Person, Roster
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.signatures import SignError, fingerprint_of, public_line

_USUAL = ("id_ed25519_sk", "id_ed25519", "id_ecdsa_sk", "id_ecdsa", "id_rsa")


@dataclass(frozen=True, slots=True)
class Hand:
    """A private key (or a public one whose private half an agent holds) and its owner."""

    key: Path
    person: Person


def find_key(repository: Repository, given: Path | None, roster: Roster) -> Path:
    """The key to sign with: the one named, `GAOSHI_KEY`, the one that git signs with, or one in ~/.ssh.

    Of those in ~/.ssh the first that is on the roster. Raises click.UsageError when there is none.
    """
    named = given or os.environ.get("GAOSHI_KEY") or repository.setting("user.signingkey")
    home = Path.home() / ".ssh"
    found = [Path(named).expanduser()] if named else [home / name for name in _USUAL]
    if not named:
        found += sorted(path.with_suffix("") for path in home.glob("*.pub"))
    present = [path for path in dict.fromkeys(found) if path.is_file()]
    if not present:
        raise click.UsageError(words().text("cli.approve.no_key", path=named or "~/.ssh"))
    listed = {key.fingerprint for person in roster.people.values() for key in person.keys}
    return next((path for path in present if _fingerprint(path) in listed), present[0])


def _fingerprint(key: Path) -> str | None:
    try:
        return fingerprint_of(public_line(key))
    except SignError:
        return None


def find_hand(roster: Roster, key: Path) -> Hand:
    """Whose key this is. Raises click.UsageError when the roster in force gives it to nobody."""
    try:
        fingerprint = fingerprint_of(public_line(key))
    except SignError as error:
        raise click.UsageError(words().text("cli.approve.bad_key", path=key, detail=error.detail)) from None
    for person in roster.people.values():
        if any(one.fingerprint == fingerprint for one in person.keys):
            return Hand(key, person)
    raise click.UsageError(words().text("cli.approve.stranger", path=key, value=fingerprint or "—"))
