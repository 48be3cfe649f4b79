"""How a notice's approval stands, in words and as data (docs/formats.md, `approvals --format json`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from gaoshi.core.approval import Missing, Standing, Verdict
from gaoshi.core.instants import iso
from gaoshi.core.record import Given, Objection, Record
from gaoshi.core.words import Catalogue
from gaoshi.outputs.wording import one_line

_STRANGERS = (Objection.UNKNOWN_KEY, Objection.OTHER_HAND)


def told(standing: Standing, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """The lines that a head reads: what is given, what is missing and who can give it, what does not count."""
    if standing.public is not None and not standing.current:
        yield words.text("approval.older", version=(standing.public.content_id or "")[:8])
        yield from (f"  {line}" for line in _given(standing.verdict, words, zone))
        yield words.text("approval.newest")
    yield from _told(standing.newest, words, zone)


def _told(verdict: Verdict, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    yield (
        words.text("approval.approved", number=verdict.number or "")
        if verdict.approved
        else words.text("approval.not_approved")
    )
    yield from (f"  {line}" for line in _given(verdict, words, zone))
    yield from (f"  {_missing(missing, words)}" for missing in verdict.missing)
    for given in verdict.rejected:
        reason = one_line(given.statement.reason)
        yield "  " + words.text(
            "approval.rejected", name=given.person.name, reason=reason, at=words.moment(given.statement.at, zone)
        )
    if verdict.countersign_due is not None:
        yield "  " + words.text("approval.countersign_due", due=words.moment(verdict.countersign_due, zone))
    yield from (f"  {line}" for line in _set_aside(verdict, words))


def _given(verdict: Verdict, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    for given in verdict.signed:
        how = words.text(f"approval.how.{given.statement.how.value}", **_how(given))
        yield words.text(
            "approval.given",
            stage=words.text(f"stages.{given.stage.value}"),
            name=given.person.name,
            role=words.text(f"roles.{given.role}"),
            at=words.moment(given.statement.at, zone),
            how=how,
            number=given.record.number,
        )


def _how(given: Given) -> dict[str, str]:
    said = {name: one_line(value) for name, value in given.statement.given.items()}
    return said | ({"witness": given.recorder.name} if given.recorder is not None else {})


def _missing(missing: Missing, words: Catalogue) -> str:
    people = words.text("formats.list").join(f"{person.name} ({person.id})" for person in missing.people)
    key = "approval.missing" if people else "approval.missing_nobody"
    return words.text(key, stage=words.text(f"stages.{missing.stage.value}"), people=people)


def _set_aside(verdict: Verdict, words: Catalogue) -> Iterator[str]:
    """One line for all signatures of a statement that do not count for one reason: anybody can add any number."""
    counted = {given.record.digest for given in (*verdict.signed, *verdict.rejected)}
    alike: dict[tuple[str, Objection], list[Record]] = {}
    for aside in verdict.set_aside:
        alike.setdefault((aside.record.digest, aside.why), []).append(aside.record)
    for (digest, why), records in alike.items():
        # That the statement does not count would be wrong where another signature of it does.
        key = "approval.set_aside" if len(records) == 1 and digest not in counted else "approval.set_aside_copies"
        reason = words.text(f"approval.why.{why.value}")
        first = records[0]
        yield words.text(key, number=first.number, path=one_line(first.path), why=reason, count=len(records))
    strangers = (record for (_, why), records in alike.items() if why in _STRANGERS for record in records[:1])
    doubtful = (one.number for one in strangers if any(not signed.receipt.key for signed in one.receipts))
    yield from (words.text("approval.doubtful_receipt", number=number) for number in dict.fromkeys(doubtful))


# ── data ─────────────────────────────────────────────────────────────────────────────────────────


def as_data(notice_id: str, standing: Standing, words: Catalogue, zone: tzinfo) -> dict[str, Any]:
    """One notice's approval as documented JSON."""
    public = standing.public
    return {
        "id": notice_id,
        "approved": standing.current,
        "public": None
        if public is None
        else {"content_id": public.content_id, **_verdict(standing.verdict, words, zone)},
        "newest": _verdict(standing.newest, words, zone),
    }


def _verdict(verdict: Verdict, words: Catalogue, zone: tzinfo) -> dict[str, Any]:
    return {
        "approved": verdict.approved,
        "approval": verdict.number,
        "since": iso(verdict.since, zone),
        "given": [_given_data(given, zone) for given in verdict.signed],
        "rejected": [_given_data(given, zone) for given in verdict.rejected],
        "missing": [
            {"stage": missing.stage.value, "people": [person.id for person in missing.people]}
            for missing in verdict.missing
        ],
        "countersign_due": iso(verdict.countersign_due, zone),
        "set_aside": [
            {**_record(aside.record), "why": aside.why.value, "message": words.text(f"approval.why.{aside.why.value}")}
            for aside in verdict.set_aside
        ],
    }


def _given_data(given: Given, zone: tzinfo) -> dict[str, Any]:
    statement = given.statement
    return {
        **_record(given.record),
        "stage": given.stage.value,
        "decision": statement.decision.value,
        "reason": statement.reason or None,
        "approver": given.person.id,
        "role": given.role,
        "at": iso(statement.at, zone),
        "seen": iso(given.seen, zone),
        "how": statement.how.value,
    }


def _record(record: Record) -> dict[str, Any]:
    return {"number": record.number, "sha256": record.digest, "path": record.path}
