"""Screens: a notice that is meant for them reaches one, and a screen's round can be waited for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from gaoshi.core.edition import Edition
from gaoshi.core.finding import Finding, Severity
from gaoshi.core.kiosk import CHANNEL, on_screens
from gaoshi.core.notice import Problem
from gaoshi.core.rounds import rounds
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.surroundings import judge_stray
from gaoshi.rules.words import listed

_MINUTE = 60
_ROUND = "K102"


@rule("K101", clause="H-4.2.3", severity=Severity.WARNING)
def screens_show_what_is_meant_for_them(case: Case) -> Iterator[Report]:
    """A notice for screens reaches one (H-4.2.3); an estate without screens means none by its kinds' channels."""
    notice, board = case.notice, case.board
    channels = notice.lists.get("channels") or (case.kind.channels if case.kind and board.screens else ())
    known = [place for place in notice.places if place in board.places]
    if CHANNEL not in channels or (notice.places and not known) or on_screens(channels, tuple(known), board):
        return
    field = "channels" if notice.has("channels") else "places"
    yield Report(notice.where(field), "nowhere" if board.screens else "none", {"places": listed(known)})


@rule(_ROUND, clause="P-0", severity=Severity.HINT)
def rounds_can_be_waited_for(_case: Case) -> Iterator[Report]:
    """A screen's round is short (P-0): who passes by sees what concerns them. See `judge_rounds`."""
    return iter(())


def judge_rounds(edition: Edition) -> Iterator[Finding]:
    """The findings for screens whose round takes longer than the standard says, at their place in the settings."""
    setting = edition.board.rules.get(_ROUND)
    most = edition.board.standard.screens.round
    for each in rounds(edition) if setting != "off" else ():
        if each.takes > most and each.screen.position is not None:
            minutes = math.ceil(each.takes.total_seconds() / _MINUTE)
            values = {
                "name": each.screen.id,
                "takes": str(_MINUTE * minutes),
                "allowed": str(int(most.total_seconds())),
            }
            finding = judge_stray(Problem("screen-round", each.screen.position, values))
            yield replace(finding, severity=Severity(setting)) if setting else finding
