"""Authority: whether the named approver may approve this notice (P-7.1, C-2.3, H-8.1, H-6.9).

The decision is `core/roster.py`; here it becomes findings. What is not approved is never public.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaoshi.core.reading import suggest
from gaoshi.core.roster import Refusal
from gaoshi.rules.problems import unread
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import listed

COMPANY = "company"


def _refused(case: Case, *refusals: Refusal | None) -> bool:
    return not case.verdict.approved and case.verdict.refusal in refusals


def _values(case: Case) -> dict[str, str]:
    """Who was named, which roles would do, and who holds them now."""
    verdict, roster = case.verdict, case.roster
    entitled = (person for person in roster.people.values() if set(person.roles(case.at)) & set(verdict.needed))
    return {
        "approver": case.notice.approver,
        "name": verdict.approver.name if verdict.approver else case.notice.approver,
        "roles": listed(verdict.approver.roles(case.at)) if verdict.approver else "",
        "needed": listed(verdict.needed),
        "people": listed(f"{person.name} ({person.id})" for person in entitled if person is not verdict.approver),
    }


@rule("A101", clause="P-7.1", always=True)
def approver_is_known(case: Case) -> Iterator[Report]:
    """The approver is somebody on the roster (P-7.1)."""
    if not _refused(case, Refusal.UNKNOWN) or unread(case):
        return
    position, approver = case.notice.where("approver"), case.notice.approver
    suggestion = suggest(approver, case.roster.people) if approver else ""
    variant = "similar" if suggestion else "unknown" if approver else "missing"
    yield Report(position, variant, {**_values(case), "suggestion": suggestion})


@rule("A102", clause="C-2.3", always=True)
def approver_is_in_office(case: Case) -> Iterator[Report]:
    """An approval holds only within the approver's term (C-2.3)."""
    if _refused(case, Refusal.OUT_OF_TERM):
        yield Report(case.notice.where("approver"), "", _values(case))


@rule("A103", clause="P-7.1", always=True)
def approver_has_the_role(case: Case) -> Iterator[Report]:
    """The service-centre head approves (P-7.1), or who the policy names beside; other heads only review."""
    if _refused(case, Refusal.NO_ROLE) and case.notice.values.get("issued_as") != COMPANY:
        yield Report(case.notice.where("approver"), "", _values(case))


@rule("A104", clause="H-8.1", always=True)
def company_leader_approves_for_the_company(case: Case) -> Iterator[Report]:
    """What is issued in the company's name is approved by a company leader (H-8.1)."""
    if _refused(case, Refusal.NO_ROLE) and case.notice.values.get("issued_as") == COMPANY:
        yield Report(case.notice.where("approver"), "", _values(case))


@rule("A105", clause="H-6.9", always=True)
def approver_is_not_the_author(case: Case) -> Iterator[Report]:
    """Nobody publishes on his own (H-6.9): who wrote a notice does not approve it (P-7.1)."""
    if _refused(case, Refusal.AUTHOR):
        yield Report(case.notice.where("approver"), "", _values(case))


@rule("A106", clause="P-3.1", always=True)
def notice_is_approved(case: Case) -> Iterator[Report]:
    """Publication comes after approval (P-3.1)."""
    if _refused(case, None):
        yield Report(case.notice.where("approver"), "", _values(case))
