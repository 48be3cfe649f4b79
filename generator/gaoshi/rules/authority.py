"""Authority: whether the one who is asked could approve (A101-A105), and whether it is approved (A106 on).

Sources: P-7.1, P-3.1, C-2.3, H-8.1, H-6.9. The decisions are `core/roster.py` and `core/approval.py`; here
they become findings. What is not approved is never public.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaoshi.core.approval import Verdict
from gaoshi.core.finding import Severity
from gaoshi.core.reading import suggest
from gaoshi.core.record import Objection
from gaoshi.core.roster import Refusal
from gaoshi.core.statement import Stage
from gaoshi.rules.problems import unread
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import listed, moment, people_listed

COMPANY = "company"


def _refused(case: Case, refusal: Refusal) -> bool:
    """Whether this is why the one who is asked could not approve; once somebody has, nobody asks any more."""
    public = case.standing.public if case.standing is not None else None
    approved = public is not None and (not case.preview or public.content_id == case.notice.content_id)
    return not approved and not case.request.fits and case.request.refusal is refusal


def _values(case: Case) -> dict[str, str]:
    """Who was named, which roles would do, and who holds them now."""
    request, roster = case.request, case.roster
    entitled = (
        person
        for person in roster.people.values()
        if {term.role for term in roster.terms(person.id, case.at)} & set(request.needed)
    )
    return {
        "approver": case.notice.approver,
        "name": request.person.name if request.person else case.notice.approver,
        "roles": listed(request.person.roles(case.at)) if request.person else "",
        "needed": listed(request.needed),
        "people": listed(f"{person.name} ({person.id})" for person in entitled if person is not request.person),
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
        # Where nothing is proved, whoever wrote it at any time counts, also long before it was last approved:
        # then this is advice, and the build judges.
        severity = Severity.WARNING if case.standing is None else None
        yield Report(case.notice.where("approver"), "", _values(case), severity)


@rule("A106", clause="P-3.1", always=True)
def notice_is_approved(case: Case) -> Iterator[Report]:
    """Publication comes after approval (P-3.1, P-2.t2, P-7.1), of this very content and by the right people."""
    if case.standing is None or case.preview or case.standing.public is not None:
        return
    yield Report(case.notice.where("approver"), *_lacking(case.standing.newest))


@rule("A107", clause="P-3.1", severity=Severity.WARNING, always=True)
def newest_version_is_approved(case: Case) -> Iterator[Report]:
    """A change needs its own approval (P-3.1): until it has it, the version approved before it stays public."""
    standing = case.standing
    if standing is None or case.preview or standing.public is None or standing.current:
        return
    yield Report(case.notice.where("approver"), *_lacking(standing.newest))


@rule("A108", clause="P-4.1", severity=Severity.WARNING, always=True)
def urgent_approval_is_countersigned(case: Case) -> Iterator[Report]:
    """A duty officer's approval is countersigned by the head within 24 hours (P-4.1, P-7.1)."""
    standing = case.standing
    if standing is None or case.preview or standing.public is None:
        return
    due, deciding = standing.verdict.countersign_due, standing.verdict.deciding
    if due is None or deciding is None or case.at < due:
        return
    heads = case.roster.who_may(Stage.COUNTERSIGN, case.notice.department, case.at)
    values = {"name": deciding.person.name, "due": moment(case, due), "people": people_listed(heads)}
    yield Report(case.notice.where("approver"), "", values)


def _lacking(verdict: Verdict) -> tuple[str, dict[str, str]]:
    """Variant and values: who is against it, or else which stages lack and who could give them."""
    if verdict.rejected:
        against = verdict.rejected[0]
        return "rejected", {"name": against.person.name, "reason": against.statement.reason}
    stages = [missing.stage.value for missing in verdict.missing]
    people = {person.id: person for missing in verdict.missing for person in missing.people}
    values = {"stages": listed(stages), "people": people_listed(people.values())}
    void = any(aside.why is Objection.VOIDED for aside in verdict.set_aside)
    return "voided" if void else "nobody" if verdict.missing and not people else "", values
