"""Another roster, as a way onto the board; each must fail."""

from __future__ import annotations

from typing import Any

import pytest
from attacked import BAILU, KEEPER, LICHUN, ROSTER, A, codes, signed, state, whys

import approvals
from approvals import Word
from gaoshi.sources.proof import Trust
from gaoshi.sources.settings_reader import SettingsError


def intruder(estate: Any) -> None:
    """Put the attacker's key beside the head's, and the attacker on the roster as a deputy."""
    estate.edit(
        ROSTER,
        "  - id: yun-guyu\n",
        f"""  - id: yun-mallory
    name: 云某
    title: {{zh: 副负责人}}
    roles: [deputy]
    emails: [mallory@cloudtop.example]
    keys:
      - {{key: {approvals.public_key("mallory")}}}

  - id: yun-guyu
""",
    )
    old = f"{{key: {approvals.public_key(BAILU)}}}"
    estate.edit(ROSTER, old, f"{old}\n      - {{key: {approvals.public_key('mallory-2')}}}")


FORGED = (Word("content", BAILU, key="mallory-2"), Word("publish", "yun-mallory", key="mallory"))


def test_nobody_gets_onto_the_roster_by_the_change_that_he_wants_approved(estate: Any) -> None:
    """Roster, notice and signatures in one change: the roster is not in force, and the notice not approved."""
    estate.commit()
    intruder(estate)
    estate.notice(A)
    signed(estate, *FORGED)
    assert state(estate) == "withheld"
    assert whys(estate) == {"unknown-key", "unknown-person"}
    assert ("E104", "roster-not-in-force") in codes(estate.edition())


def test_a_roster_merged_without_a_keeper_stays_out_of_force(estate: Any) -> None:
    """Having been on main for long makes no roster right; its blob in another stage or by another hand neither."""
    estate.commit()
    before = estate.git("rev-parse", f"HEAD:{ROSTER}")
    intruder(estate)
    estate.commit(approved=False)
    blob = estate.git("rev-parse", f"HEAD:{ROSTER}")
    for word in (
        Word("roster", LICHUN),
        Word("roster", KEEPER, key="mallory"),
        Word("roster", "yun-mallory", key="mallory"),
    ):
        estate.record(word.files(ROSTER, blob))
    estate.notice(A)
    signed(estate, *FORGED)
    edition = estate.edition()
    assert (edition.entries[A].state, edition.reign.blob) == ("withheld", before)
    estate.record(Word("roster", KEEPER, "2026-02-03T09:00:00+08:00").files(ROSTER, blob))
    edition = estate.edition()
    assert (edition.entries[A].state, edition.reign.blob) == ("live", blob)


def test_a_roster_from_a_rewritten_history_is_not_the_root_that_was_pinned(estate: Any) -> None:
    """Who pins the first roster is not taken in by a main that begins with another one."""
    intruder(estate)
    estate.notice(A)
    signed(estate, *FORGED)
    assert state(estate) == "live"
    with pytest.raises(SettingsError, match="no-root"):
        estate.edition(trust=Trust(root="1" * 40))


def test_an_old_roster_that_is_put_back_is_not_in_force_again(estate: Any) -> None:
    """A roster that a keeper has replaced cannot be merged again, with the keys it had."""
    estate.edit(
        ROSTER,
        "{role: duty-officer, from: 2026-01-01}\n    emails: [yun.bailu",
        "{role: duty-officer}\n    emails: [yun.bailu",
    )
    estate.commit()
    old = (estate.root / ROSTER).read_bytes()
    blobs = [estate.git("rev-parse", f"HEAD:{ROSTER}")]
    for day, change in (("2026-02-03", "云立春甲"), ("2026-02-04", "云立春乙")):
        estate.write(ROSTER, old.decode().replace("云立春", change))
        estate.commit(approved=False)
        blobs.append(estate.git("rev-parse", f"HEAD:{ROSTER}"))
        estate.record(Word("roster", KEEPER, f"{day}T09:00:00+08:00").files(ROSTER, blobs[-1]))
    assert estate.edition().reign.blob == blobs[2]
    for content in (old.decode().replace("云立春", "云立春甲"), old.decode()):
        estate.write(ROSTER, content)
        estate.commit(approved=False)
        assert estate.edition().reign.blob == blobs[2]
