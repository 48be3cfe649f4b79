"""A receipt for somebody else's signature, as a way onto the board or off it; each must fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from attacked import BOTH, KEEPER, LICHUN, ROSTER, A, keyed, signed, state, whys

from approvals import ROSTER_SUBJECT, WITNESS, Word, key_of, public_key, receipt_files
from gaoshi.sources.proof import Trust

NINE = "2026-11-10T09:00:00+08:00"
PUBLISHES = Word("publish", LICHUN, NINE)
SEEN, AFTERWARDS = "2026-11-10 10:00", "2026-11-20 10:00"
"""When the publisher collects; the head's authority ends between the two."""


def key_is_revoked(estate: Any) -> None:
    keyed(estate, LICHUN, 'revoked: "2026-11-15T00:00:00+08:00"')


def term_is_over(estate: Any) -> None:
    term = "{role: service-centre-head, from: 2025-03-01"
    estate.edit(ROSTER, f"{term}}}", f"{term}, until: 2026-11-15}}")


def collects(estate: Any, at: str) -> int:
    """Have the publisher receive what lies there; how many receipts it signed."""
    options = ("--forge", "none", "--key", str(key_of(WITNESS)), "--at", at, "--format", "json")
    return len(estate.run("approvals", "collect", *options).data["receipts"])


def files(word: Word, content_id: str, name: str = "") -> dict[str, bytes]:
    """A word's files, under another name."""
    made = word.files(A, content_id)
    return {path.replace(".json", f"{name}.json"): data for path, data in made.items()}


def received(content_id: str, word: Word = PUBLISHES, at: str = NINE, **hand: str) -> dict[str, bytes]:
    """A receipt for a word about A."""
    return receipt_files(next(iter(word.files(A, content_id).values())), A, content_id, at, **hand)


@pytest.mark.parametrize("lose", [key_is_revoked, term_is_over])
def test_a_strangers_copy_earns_no_receipt_for_the_head(estate: Any, lose: Callable[[Any], None]) -> None:
    """Filed in time with a stranger's key, signed with the head's own after he lost it: nobody saw that in time."""
    lose(estate)
    estate.notice(A)
    content_id = signed(estate, BOTH[0])
    estate.record(files(replace(PUBLISHES, key="stranger"), content_id))
    assert collects(estate, SEEN) == 1  # for the content alone
    estate.record(files(PUBLISHES, content_id, "-x"))
    collects(estate, AFTERWARDS)
    assert state(estate) == "withheld"
    assert estate.run("verify", "--at", "2026-11-24 10:00").status == 0
    assert estate.build().status == 1


@pytest.mark.parametrize("lose", [key_is_revoked, term_is_over])
@pytest.mark.parametrize("own", ["", "-a"], ids=["copy first", "own first"])
def test_a_receipt_for_one_key_is_none_for_another(estate: Any, lose: Callable[[Any], None], own: str) -> None:
    """Even a receipt that was given for a stranger's signature proves nothing of the head's, in any order of paths."""
    lose(estate)
    estate.notice(A)
    content_id = signed(estate, BOTH[0])
    estate.record(files(replace(PUBLISHES, key="stranger"), content_id, "" if own else "-a"))
    estate.record(files(PUBLISHES, content_id, own))
    estate.record(received(content_id, hand="stranger"))
    assert state(estate) == "withheld"
    own_receipt = received(content_id, hand=LICHUN)
    estate.record({path.replace(".json", "-2.json"): data for path, data in own_receipt.items()})
    assert state(estate) == "live"


def test_a_receipt_that_names_no_key_is_for_the_only_one_that_signed(estate: Any) -> None:
    """Given before keys were named, it counts for the head alone, and for nobody once a stranger's copy lies there."""
    key_is_revoked(estate)
    estate.notice(A)
    content_id = signed(estate, BOTH[0], PUBLISHES)
    assert (state(estate), whys(estate)) == ("withheld", {"key-revoked"})
    estate.record(received(content_id))
    assert state(estate) == "live"
    estate.record(files(replace(PUBLISHES, key="stranger"), content_id, "-x"))
    assert (state(estate), whys(estate)) == ("withheld", {"key-revoked", "unknown-key"})


def test_a_copy_that_was_taken_away_still_makes_a_receipt_doubtful(estate: Any) -> None:
    """Who takes the stranger's copy away before the head's stolen key signs gains nothing by it."""
    key_is_revoked(estate)
    estate.notice(A)
    content_id = signed(estate, BOTH[0])
    copy = files(replace(PUBLISHES, key="stranger"), content_id)
    estate.record(copy)
    estate.record(received(content_id))
    estate.record(dict.fromkeys(copy))
    estate.record(files(PUBLISHES, content_id, "-x"))
    assert state(estate) == "withheld"


def test_nobody_takes_a_receipt_away_by_signing_a_copy(estate: Any) -> None:
    """The head's receipt names his key, and the next collection names it where the one from before did not."""
    key_is_revoked(estate)
    estate.notice(A)
    content_id = signed(estate, BOTH[0], PUBLISHES)
    estate.record(received(content_id))
    assert collects(estate, SEEN) == 2
    assert collects(estate, SEEN) == 0
    estate.record(files(replace(PUBLISHES, key="stranger"), content_id, "-0"))
    assert collects(estate, AFTERWARDS) == 0
    assert state(estate) == "live"


def test_a_strangers_copy_keeps_the_heads_own_from_no_receipt(estate: Any) -> None:
    """Many copies that lie there first, under its names, hold up neither the statement nor its receipt."""
    key_is_revoked(estate)
    estate.notice(A)
    content_id = signed(estate, BOTH[0])
    for number in range(3):
        estate.record(files(replace(PUBLISHES, key=f"stranger-{number}"), content_id, f"-{number}" if number else ""))
    estate.record(files(PUBLISHES, content_id, "-x"))
    assert collects(estate, SEEN) == 2
    assert (state(estate), whys(estate)) == ("live", {"unknown-key"})


def test_a_paper_is_received_for_who_recorded_it(estate: Any) -> None:
    """The witness's own signature gets the receipt, once; the head's or a stranger's under the same words gets none."""
    witness = "yun-xiaoxue"
    keyed(estate, witness, 'revoked: "2026-11-15T00:00:00+08:00"')
    estate.notice(A)
    paper = Word("publish", LICHUN, NINE, how="paper", given=(("paper", "7"), ("witness", witness)))
    content_id = signed(estate, BOTH[0], replace(paper, key=witness))
    for key in (LICHUN, "stranger"):
        estate.record(files(replace(paper, key=key), content_id, f"-{key}"))
    assert (collects(estate, SEEN), collects(estate, SEEN)) == (2, 0)
    assert (state(estate), whys(estate)) == ("live", {"other-hand", "unknown-key"})


def test_each_key_of_one_person_is_received_for_itself(estate: Any) -> None:
    """Who signs with two keys gets two receipts, side by side, and keeps his approval when one of them is lost."""
    keyed(estate, LICHUN, 'revoked: "2026-11-15T00:00:00+08:00"')
    lost = f'{{key: {public_key(LICHUN)}, revoked: "2026-11-15T00:00:00+08:00"}}'
    estate.edit(ROSTER, lost, f"{lost}\n      - {{key: {public_key('another')}, until: 2026-11-12}}")
    estate.notice(A)
    content_id = signed(estate, BOTH[0], PUBLISHES)
    estate.record(files(replace(PUBLISHES, key="another"), content_id, "-0"))
    assert (collects(estate, SEEN), collects(estate, SEEN)) == (3, 0)
    assert (state(estate), whys(estate)) == ("live", {"not-needed"})


# ── the roster ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Rosters:
    """Two rosters that main had after the one in force, by blob id, and the trust that pins that one."""

    good: str
    evil: str
    trust: Trust


def two_rosters(estate: Any) -> Rosters:
    """An evil roster, with other keys for the keepers, that nobody approved yet, then a good one that revokes the key of the keeper, stolen since."""
    text = (estate.root / ROSTER).read_text(encoding="utf-8")
    keeper = "  - id: {0}\n    roles: [roster-keeper]\n    keys:\n      - {{key: {1}}}\n"
    first = text.replace("people:\n", f"people:\n{keeper.format('second', public_key('second'))}", 1)
    stolen = f"{{key: {public_key(KEEPER)}}}"
    evil = first.replace(public_key("second"), public_key("evil")).replace(stolen, f"{{key: {public_key('evil-2')}}}")
    good = first.replace(stolen, stolen.replace("}", ", revoked: 2026-11-12}"))
    blobs = []
    for content in (first, evil, good):
        estate.write(ROSTER, content)
        estate.notice(A)
        estate.commit(approved=False)
        blobs.append(estate.git("rev-parse", f"HEAD:{ROSTER}"))
    return Rosters(blobs[2], blobs[1], Trust(blobs[0]))


def approves(estate: Any, blob: str, keeper: str, at: str, decision: str = "approve") -> None:
    """File a keeper's word on a roster; two of the same second lie side by side."""
    made = Word("roster", keeper, at, decision, "不").files(ROSTER_SUBJECT, blob)
    estate.record({path.replace(".json", f"-{decision}-{blob[:8]}.json"): data for path, data in made.items()})


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_stolen_key_puts_no_roster_off(estate: Any, decision: str) -> None:
    """Approving the good roster too, or rejecting it, backdated, lets no other one overtake it."""
    rosters = two_rosters(estate)
    approves(estate, rosters.good, "second", NINE)
    collects(estate, SEEN)
    approves(estate, rosters.evil, KEEPER, "2026-11-09T09:00:00+08:00")
    collects(estate, "2026-11-16 10:00")
    for at in ("2026-11-09T09:00:00+08:00", "2026-11-11T09:00:00+08:00"):
        approves(estate, rosters.good, KEEPER, at, decision)
    assert estate.edition(trust=rosters.trust).reign.blob == rosters.good
    collects(estate, AFTERWARDS)
    assert estate.edition(trust=rosters.trust).reign.blob == rosters.good


def test_who_approves_that_his_key_goes_is_received_all_the_same(estate: Any) -> None:
    """The keeper's last approval gets its receipt, so that whoever has his key cannot overtake it, backdated or not."""
    rosters = two_rosters(estate)
    approves(estate, rosters.good, KEEPER, NINE)
    assert collects(estate, "2026-11-13 10:00") == 1
    approves(estate, rosters.evil, KEEPER, "2026-11-09T09:00:00+08:00")
    assert estate.edition(trust=rosters.trust).reign.blob == rosters.good
    assert collects(estate, AFTERWARDS) == 1
    assert estate.edition(trust=rosters.trust).reign.blob == rosters.good
