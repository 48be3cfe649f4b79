"""A bench for rules: notices written as front matter, read by the real reader under the real standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gaoshi.core.board import Board, Contact
from gaoshi.core.finding import Finding
from gaoshi.core.instants import parse_instant
from gaoshi.core.notice import Problem
from gaoshi.core.reading import Folder, FolderFile, is_text_name, read_notice
from gaoshi.core.roster import Person, Request, Roster, Term
from gaoshi.core.schedule import in_urgent_lane
from gaoshi.core.standard import build_standard
from gaoshi.rules.registry import Case, judge
from gaoshi.sources.rosters import DEFAULT_POLICY
from gaoshi.sources.settings import own_standard

ID = "2026-11/fire-check"
AT = "2026-11-20 10:00"

PLANNED: dict[str, Any] = {
    "type": "notice",
    "title": "关于开展消防检查的通知",
    "department": "security",
    "approver": "yun-lichun",
    "languages": "[zh]",
    "valid_from": "2026-11-20 12:00",
    "valid_until": "2026-11-26 18:00",
    "starts_at": "2026-11-25 09:00",
    "ends_at": "2026-11-25 17:00",
}
"""A general notice, five days ahead, without a flaw."""

FAULT: dict[str, Any] = {
    **PLANNED,
    "type": "utility-outage",
    "subtype": "water",
    "valid_from": None,
    "valid_until": None,
    "starts_at": None,
    "ends_at": "2026-11-20 13:00",
    "occurred_at": "2026-11-20 09:40",
    "reported_at": "2026-11-20 09:45",
    "places": "[tower-3]",
    "scope": "高区",
    "cause": "水管破损",
}
"""An unplanned outage in the urgent lane, reported a quarter of an hour before it appears."""

ACTIVITY: dict[str, Any] = {
    **PLANNED,
    "type": "community-activity",
    "starts_at": "2026-11-30 14:00",
    "ends_at": "2026-11-30 16:00",
    "valid_until": "2026-11-30 18:00",
    "activity": {"theme": "包饺子", "participants": "业主", "sign_up": "前台", "rain": "照常"},
}
"""An activity, ten days ahead, without a flaw."""

ENGLISH = "---\ntitle: Fire inspection\n---\nPlease help.\n"
BODY = "请您配合检查。\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
PDF = b"%PDF-1.7\n" + bytes(24)


def written(front: Mapping[str, Any], body: str = BODY) -> str:
    """The text of a notice.md: fields in order, groups indented, None left out."""
    lines = []
    for key, value in front.items():
        if isinstance(value, Mapping):
            lines.append(f"{key}:")
            lines += [f"  {part}: {words}" for part, words in value.items() if words is not None]
        elif value is not None:
            lines.append(f"{key}: {value}")
    return "\n".join(["---", *lines, "---", body])


def make_board(zone: str = "Asia/Shanghai") -> Board:
    """A small board."""
    return Board(
        id="test",
        name={"zh": "试验苑"},
        issuer={"zh": "试验苑服务中心"},
        zone=ZoneInfo(zone),
        languages=("zh", "en"),
        contacts={"front-desk": Contact("front-desk", {"zh": "前台"}, "000-5550-0100", {"zh": "每日"}, always=True)},
        departments={name: {"zh": name} for name in ("security", "engineering", "cleaning", "customer-service")},
        places={name: {"zh": name} for name in ("tower-1", "tower-2", "tower-3", "garage")},
        screens={},
        standard=build_standard(own_standard()),
    )


ROSTER = Roster(
    people={
        "yun-lichun": Person(
            "yun-lichun", "云立春", {"zh": "负责人"}, (Term("service-centre-head", None, None, None),), frozenset()
        ),
        "yun-xiaoman": Person(
            "yun-xiaoman", "云小满", {"zh": "主管"}, (Term("department-head", "security", None, None),), frozenset()
        ),
    },
    policy=DEFAULT_POLICY,
)


@dataclass(frozen=True)
class Bench:
    """Builds cases and judges them."""

    board: Board

    def in_zone(self, zone: str) -> Bench:
        """The same bench under another time zone."""
        return Bench(replace(self.board, zone=ZoneInfo(zone)))

    def instant(self, text: str) -> datetime:
        """An instant of the board's zone."""
        return parse_instant(text, self.board.zone)

    def case(
        self,
        front: Mapping[str, Any] | str | bytes | None = None,
        *,
        base: Mapping[str, Any] = PLANNED,
        body: str = BODY,
        files: Mapping[str, Any] | None = None,
        at: str = AT,
        public_at: str | None = None,
        forms: Mapping[str, str] | None = None,
        problems: tuple[Problem, ...] = (),
        notice_id: str = ID,
        **parts: Any,
    ) -> Case:
        """The case of a notice. `front`: fields laid over `base`, or the whole notice.md as it is.

        `files` are further files by name; `forms` says which of all are not ordinary ones; `public_at`
        makes the notice public since then.
        """
        main = front if isinstance(front, str | bytes) else written({**base, **(front or {})}, body)
        contents: dict[str, Any] = {"notice.md": main, **(files or {})}
        folder = Folder(
            notice_id,
            "1" * 40,
            tuple(
                _file(name, data, (forms or {}).get(name, "file"))
                for name, data in contents.items()
                if data is not None
            ),
            problems,
        )
        return self._case(folder, self.instant(at), public_at, parts)

    def _case(self, folder: Folder, at: datetime, public_at: str | None, parts: dict[str, Any]) -> Case:
        board = parts.pop("board", self.board)
        notice = read_notice(folder, board.standard, board.zone, board.language)
        kind = board.standard.kind_for(notice.kind, unplanned=notice.unplanned, values=notice.values)
        start = notice.instant("valid_from")
        first = self.instant(public_at) if public_at else max(start, at) if start else at
        return Case(
            notice=notice,
            kind=kind,
            board=board,
            at=at,
            public_at=first,
            is_public=public_at is not None,
            urgent=in_urgent_lane(notice, kind, board.standard, first),
            request=parts.pop("request", Request(True, ROSTER.people["yun-lichun"])),
            **{"known": frozenset({folder.id}), "roster": ROSTER, **parts},
        )

    def findings(self, *args: Any, **kwargs: Any) -> tuple[Finding, ...]:
        """All that the rules find wrong with a case; that a limit is running (T107) is no flaw."""
        return tuple(finding for finding in judge(self.case(*args, **kwargs)) if finding.code != "T107")

    def keys(self, *args: Any, **kwargs: Any) -> set[str]:
        """Keys of all that the rules find wrong with a case."""
        return {finding.key for finding in self.findings(*args, **kwargs)}

    def only(self, code: str, *args: Any, **kwargs: Any) -> list[Finding]:
        """What one rule says of a case."""
        return [finding for finding in judge(self.case(*args, **kwargs)) if finding.code == code]


def _file(name: str, data: str | bytes | int | tuple[int, int], form: str) -> FolderFile:
    if isinstance(data, tuple):  # a picture of that width and height
        return FolderFile(name, form, "2" * 40, len(PNG), None, PNG, *data)
    if isinstance(data, int):  # a file of that size, too large to be read
        return FolderFile(name, form, "2" * 40, data, None, PNG)
    raw = data.encode() if isinstance(data, str) else data
    return FolderFile(name, form, "2" * 40, len(raw), raw if is_text_name(name) else None, raw[:64])


@pytest.fixture(scope="session")
def bench() -> Bench:
    """A bench in Shanghai."""
    return Bench(make_board())
