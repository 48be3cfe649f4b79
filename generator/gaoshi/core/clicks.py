"""What clicks on a forge say about what main has: whose decision counts, and which statements follow.

Pure: what the forge and git told is passed in. A click counts only when it is a known person's last
decision on a pull request that itself changed what is judged, and when the commit that was looked at
holds the very content that main has. Sources: P-2.t2, P-7.1, H-6.9; docs/approval.md.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gaoshi.core.approval import Matter, ways
from gaoshi.core.roster import Person, Roster
from gaoshi.core.statement import Decision, How, Stage, Statement, Subject

WROTE = "wrote"
"""What stands under `act` in a statement that is given by having written what is judged."""
_LONGEST_REASON = 1500
_BOT_ADDRESS = "[bot]@users.noreply.github.com"


class Mark(StrEnum):
    """What a review says. A comment, and a draft that nobody but its author sees, decide nothing."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes-requested"
    DISMISSED = "dismissed"
    COMMENTED = "commented"
    PENDING = "pending"


DECISIONS = frozenset({Mark.APPROVED, Mark.CHANGES_REQUESTED, Mark.DISMISSED})


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the forge tells of it. The number is who it is; `human` is False for machines."""

    number: int
    name: str
    human: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A review. `account` is None when it was deleted, `commit` when it is not known what was looked at.

    `at` is when it was submitted, aware; None for one that was not.
    """

    number: int
    account: Account | None
    mark: Mark
    commit: str | None
    at: datetime | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request that was merged into the default branch.

    `head` and `base` are the commits that it ended with; `merged_as` is the commit that it became there
    (of a rebase the last one), None when the forge does not know; `merged_at` is aware.
    """

    number: int
    opener: Account | None
    head: str
    base: str
    merged_as: str | None
    merged_at: datetime


class Ignored(StrEnum):
    """Why a click counts for nothing."""

    NOBODY = "nobody"
    MACHINE = "machine"
    UNKNOWN_ACCOUNT = "unknown-account"
    DISMISSED = "dismissed"
    NO_COMMIT = "no-commit"
    COMMIT_GONE = "commit-gone"
    UNTOUCHED = "untouched"
    OTHER_CONTENT = "other-content"
    NO_STAGE = "no-stage"


@dataclass(frozen=True, slots=True)
class Seen:
    """What git says of a commit that was looked at.

    `there` is whether it could be had; `content` the id of what is judged as it was there, None where it
    was not; `touches` whether the pull request had changed it by then.
    """

    there: bool
    content: str | None = None
    touches: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One version that approval is asked about.

    `stages` are those that its policy has, `department` who requests it, `at` the aware instant of the
    board. `unsaid` stands for the reason of a rejection that gives none.
    """

    board: str
    subject: Subject
    stages: tuple[Stage, ...]
    department: str
    roster: Roster
    at: datetime
    forge: str
    repository: str
    witness: str
    unsaid: str

    def stages_of(self, person: Person, when: datetime) -> tuple[Stage, ...]:
        """The stages that this person may give: when it was decided, and still now that it is seen."""
        return tuple(
            stage
            for stage in self.stages
            if all(self.roster.role_for(person.id, stage, self.department, instant) for instant in (when, self.at))
        )

    def person(self, account: Account | None) -> Person | None:
        """The person behind an account: by its number, whatever it is called today."""
        if account is None or not account.human:
            return None
        return self.roster.person_by_account(self.forge, account.number)


def stages_asked(matter: Matter, at: datetime, *, countersign: bool) -> tuple[Stage, ...]:
    """The stages that the policy has for a version at `at`, each once.

    `countersign`: it has been approved alone by a duty officer, and a head's word is still due.
    """
    urgent = matter.urgent(at)
    stages = [stage for way in ways(matter) for stage in way if urgent or stage is not Stage.URGENT]
    if urgent or countersign:
        stages.append(Stage.COUNTERSIGN)
    return tuple(dict.fromkeys(stages))


# ── reviews ──────────────────────────────────────────────────────────────────────────────────────


def last_decisions(reviews: Iterable[Review]) -> list[Review]:
    """Each account's last decision, in the order of time; reviews by deleted accounts each for itself."""
    decided = [review for review in reviews if review.mark in DECISIONS and review.at is not None]
    decided.sort(key=lambda review: (review.at, review.number))
    last: dict[object, Review] = {}
    for review in decided:
        key = ("nobody", review.number) if review.account is None else review.account.number
        last.pop(key, None)
        last[key] = review
    return list(last.values())


def judge_review(
    asked: Asked, pull: PullRequest, review: Review, seen: Callable[[str], Seen]
) -> tuple[Statement, ...] | Ignored:
    """The statements that follow from a reviewer's last decision, or why none does.

    `seen` tells what git says of a commit.
    """
    person = asked.person(review.account)
    if person is None:
        return _stranger(review.account)
    if review.mark is Mark.DISMISSED:
        return Ignored.DISMISSED
    if review.commit is None or review.at is None:
        return Ignored.NO_COMMIT
    stages = asked.stages_of(person, review.at)
    if not stages:
        return Ignored.NO_STAGE
    looked_at = seen(review.commit)
    rejects = review.mark is Mark.CHANGES_REQUESTED
    refusal = _refused_rejection(looked_at, seen(pull.head)) if rejects else _refused_approval(asked, looked_at)
    if refusal is not None:
        return refusal
    given = _given(asked, pull, review.commit, review.account) | {"review": str(review.number)}
    if rejects and looked_at.content not in {None, asked.subject.digest}:
        given["reviewed"] = looked_at.content or ""
    return tuple(
        Statement(
            board=asked.board,
            subject=asked.subject,
            stage=stage,
            decision=Decision.REJECT if rejects else Decision.APPROVE,
            approver=person.id,
            at=review.at,
            how=How.FORGE,
            reason=_reason(review.text) or (asked.unsaid if rejects else ""),
            given=given,
        )
        for stage in stages
    )


def _stranger(account: Account | None) -> Ignored:
    if account is None:
        return Ignored.NOBODY
    return Ignored.UNKNOWN_ACCOUNT if account.human else Ignored.MACHINE


def _refused_approval(asked: Asked, looked_at: Seen) -> Ignored | None:
    if not looked_at.there:
        return Ignored.COMMIT_GONE
    if not looked_at.touches:
        return Ignored.UNTOUCHED
    return None if looked_at.content == asked.subject.digest else Ignored.OTHER_CONTENT


def _refused_rejection(looked_at: Seen, head: Seen) -> Ignored | None:
    """A no to an earlier state of the pull request is a no to what came of it, too."""
    return None if looked_at.touches or head.touches else Ignored.UNTOUCHED


def _given(asked: Asked, pull: PullRequest, commit: str, account: Account | None) -> dict[str, str]:
    return {
        "forge": asked.forge,
        "repository": asked.repository,
        "pull_request": str(pull.number),
        "commit": commit,
        "account": "" if account is None else str(account.number),
        "opened_by": _name(asked, pull.opener),
        "witness": asked.witness,
    }


def _name(asked: Asked, account: Account | None) -> str:
    """A person's id, or the account's number when it is nobody's on the roster."""
    person = asked.person(account)
    if person is not None:
        return person.id
    return f"{asked.forge}:{account.number if account is not None else 'unknown'}"


def _reason(text: str) -> str:
    """A review's words as a statement can hold them: whole characters, no more than some hundred."""
    plain = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()).strip()
    return plain if len(plain) <= _LONGEST_REASON else plain[: _LONGEST_REASON - 1] + "…"


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def judge_writing(
    asked: Asked, pull: PullRequest, head: Seen, authors: Callable[[], Iterable[str]]
) -> Statement | None:
    """The content stage, given by a department's head who wrote the notice and opened the pull request.

    `head` is what git says of the commit that it ended with; `authors` tells the addresses of everybody
    who wrote what it changed in the folder. None when anybody else wrote some of it.
    """
    person = asked.person(pull.opener)
    if person is None or not head.touches or head.content != asked.subject.digest:
        return None
    if Stage.CONTENT not in asked.stages_of(person, pull.merged_at):
        return None
    writers = {author.strip().casefold() for author in authors()}
    humans = {writer for writer in writers if not writer.endswith(_BOT_ADDRESS)}
    if not humans or not humans <= person.emails:
        return None
    return Statement(
        board=asked.board,
        subject=asked.subject,
        stage=Stage.CONTENT,
        decision=Decision.APPROVE,
        approver=person.id,
        at=pull.merged_at,
        how=How.FORGE,
        given=_given(asked, pull, pull.head, pull.opener) | {"act": WROTE},
    )
