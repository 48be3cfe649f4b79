"""Ways to take an approval or a rejection away, or to bring an old version back; each must fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from attacked import BOTH, GUYU, LICHUN, MANGZHONG, A, codes, entry, keyed, signed, state, whys

from approvals import Word, receipt_files
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.ledger import seen_before
from gaoshi.sources.proof import Trust


def test_an_old_version_cannot_be_put_back(estate: Any) -> None:
    """Neither after a newer one was approved nor after the notice was taken down."""
    estate.notice(A, body="第一稿。\n")
    signed(estate, *BOTH)
    estate.notice(A, body="第二稿。\n")
    newer = signed(estate, *(replace(word, at="2026-02-03T09:00:00+08:00") for word in BOTH))
    estate.notice(A, body="第一稿。\n")
    signed(estate)
    assert entry(estate).notice.content_id == newer
    assert "voided" in whys(estate)
    estate.git("rm", "-rq", f"notices/{A}")
    estate.commit(approved=False)
    estate.notice(A, body="第二稿。\n")
    assert signed(estate) == newer
    assert (state(estate), "voided" in whys(estate)) == ("withheld", True)


@pytest.mark.parametrize("where", ["main", "records"])
def test_a_deleted_rejection_still_stands(estate: Any, where: str) -> None:
    """What was once in the records counts when it has been deleted since, and the deletion is reported."""
    no = Word("publish", GUYU, "2026-02-03T09:00:00+08:00", decision="reject", reason="不")
    estate.notice(A)
    content_id = signed(estate, *BOTH, *([no] if where == "main" else []))
    if where == "records":
        estate.record(no.files(A, content_id))
        estate.record(dict.fromkeys(no.files(A, content_id)))
    else:
        for path in (estate.root / "records/approvals" / A).glob("*guyu*"):
            path.unlink()
        estate.commit(approved=False)
    assert state(estate) == "withheld"
    assert ("E103", "record-changed") in codes(estate.edition())


def test_a_deleted_statement_and_receipt_still_prove(estate: Any) -> None:
    """Taking away the head's statement or its receipt takes nothing off the board."""
    keyed(estate, LICHUN, 'until: "2026-03-01T00:00:00+08:00"')
    estate.notice(A)
    content_id = signed(estate, *BOTH)
    (payload, _) = BOTH[1].files(A, content_id).values()
    receipt = receipt_files(payload, A, content_id, "2026-02-02T09:00:01+08:00")
    estate.record(receipt)
    assert state(estate) == "live"
    estate.record(dict.fromkeys(receipt))
    estate.git("rm", "-rq", f"records/approvals/{A}")
    estate.commit(approved=False)
    assert state(estate) == "live"
    assert ("E103", "record-changed") in codes(estate.edition())


def test_records_that_were_rewound_are_refused(estate: Any) -> None:
    """A tip of `records` that does not descend from the last one seen publishes nothing; the old board stands."""
    no = Word("publish", GUYU, "2026-02-03T09:00:00+08:00", decision="reject", reason="不")
    estate.notice(A)
    content_id = signed(estate)
    files = {path: data for word in BOTH for path, data in word.files(A, content_id).items()}
    first = estate.record(files)
    second = estate.record(no.files(A, content_id))
    assert estate.build().status == 1
    board = (estate.site / "board.json").read_bytes()
    assert estate.manifest["records"] == [second]
    estate.git("update-ref", "refs/heads/records", first)
    with pytest.raises(GitError, match="records-rewound"):
        estate.edition(trust=Trust(after=(second,)))
    run = estate.build()
    assert run.status == 3
    assert (estate.site / "board.json").read_bytes() == board
    estate.record(files, orphan=True)
    assert estate.build().status == 3
    published = estate.root.parent / "published.json"
    published.write_bytes(board)
    (estate.root / ".git/gaoshi/records-seen").unlink()
    assert estate.build("--after", str(published)).status == 3
    estate.git("update-ref", "-d", "refs/heads/records")
    assert estate.build("--after", str(published)).status == 3


def test_what_was_seen_is_kept_beside_the_repository(estate: Any) -> None:
    """Each board that is published keeps what it was built from."""
    estate.notice(A)
    signed(estate, *BOTH)
    tip = estate.record({"records/README": b"x\n"})
    estate.build()
    assert seen_before(Repository(estate.root)) == (tip,)


@pytest.mark.parametrize("name", ["00000000T000000Z-a", "99999999T000000Z-z"])
@pytest.mark.parametrize("key", ["stranger", MANGZHONG])
def test_a_copy_signed_by_another_takes_nothing_away(estate: Any, name: str, key: str) -> None:
    """Somebody copies a statement and signs it with a key of his own, sorted before or after it: it still counts."""
    estate.notice(A)
    content_id = signed(estate, *BOTH)
    assert state(estate) == "live"
    for word in BOTH:
        document, signature = replace(word, key=key).files(A, content_id).values()
        path = f"records/approvals/{A}/{name}-{word.stage}.json"
        estate.record({path: document, f"{path}.sig": signature})
    assert state(estate) == "live"
    found = entry(estate, afresh=True).standing
    assert found is not None
    assert len(found.newest.given) == len(BOTH)
    assert len(found.newest.set_aside) == len(BOTH)
