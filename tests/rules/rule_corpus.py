"""A wide corpus of broken notices: for every text that a rule can give, a case that gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from conftest import ACTIVITY, BODY, ENGLISH, FAULT, ID, PDF, PLANNED, PNG, make_board, written
from gaoshi.core.approval import NOTHING, Missing, Standing, Verdict, Version
from gaoshi.core.board import Screen
from gaoshi.core.finding import Position
from gaoshi.core.notice import Problem
from gaoshi.core.record import Given, Objection, Record, SetAside
from gaoshi.core.roster import Person, Refusal, Request, Term
from gaoshi.core.standard import Timeliness
from gaoshi.core.statement import Decision, Stage, Statement, Subject

FOLDER = "notices/2026-11/fire-check"
HEAD = Person("yun-xiaoman", "云小满", {}, (Term("department-head", None, None, None),), frozenset())

LATE: dict[str, Any] = {
    "starts_at": "2026-11-21 09:00",
    "ends_at": "2026-11-21 10:00",
    "valid_until": "2026-11-21 18:00",
}
WORKS: dict[str, Any] = {"type": "works", "works": {"by": "某公司"}}
ASSEMBLY: dict[str, Any] = {
    "type": "owners-assembly",
    "origin": "external",
    "issuer": "业主委员会",
    "starts_at": "2026-12-01 09:00",
    "ends_at": None,
    "valid_until": "2026-12-02 09:00",
    "register": {"serial": "外1", "from": "业主委员会", "medium": "letter", "received": "2026-11-10 09:00"},
}
OUTSIDE: dict[str, Any] = {
    **LATE,
    "origin": "external",
    "register": {"serial": "外1", "from": "水司", "medium": "phone", "received": "2026-11-20 09:00"},
    "valid_from": "2026-11-20 10:00",
}
WEATHER: dict[str, Any] = {
    "type": "weather-reminder",
    "starts_at": None,
    "ends_at": None,
    "weather": {"station": "台", "signal": "typhoon", "level": "blue", "issued_at": "2026-11-20 09:00"},
    "channels": "[board, household]",
}
OUTCOME: dict[str, Any] = {"is": "postponed", "at": "2026-11-20 13:00", "note": "下雨", "new_date": "2026-12-01 09:00"}
TRANSLATED: dict[str, Any] = {"languages": "[zh, en]"}


def kind(slug: str, **more: Any) -> dict[str, Any]:
    """Front matter of another kind."""
    return {"type": slug, **more}


def problem(what: str, path: str, **values: str) -> dict[str, Any]:
    """A problem that the reader of folders met."""
    return {"problems": (Problem(what, Position(path), values),)}


def translation(text: str | bytes | int) -> dict[str, Any]:
    """A notice with an English text."""
    return {"front": TRANSLATED, "files": {"notice.en.md": text}}


def raw(front: str) -> dict[str, Any]:
    """A whole notice.md with this front matter."""
    return {"front": f"---\n{front}\n---\n{BODY}"}


def request(refusal: Refusal, **front: Any) -> dict[str, Any]:
    """Somebody is asked who could not approve."""
    person = None if refusal is Refusal.UNKNOWN else HEAD
    return {"front": front, "request": Request(False, person, refusal=refusal, needed=("service-centre-head",))}


def given(stage: Stage, decision: Decision = Decision.APPROVE) -> Given:
    """The head of Customer Service's word, given in time."""
    reason = "日期不对" if decision is Decision.REJECT else ""
    subject = Subject(ID, "1" * 40)
    at = datetime(2026, 11, 19, 1, 40, tzinfo=UTC)
    statement = Statement("test", subject, stage, decision, HEAD.id, at, reason=reason)
    record = Record(f"records/approvals/{ID}/x.json", ID, "3" * 64, statement, signer="SHA256:x")
    return Given(record, statement, HEAD, "duty-officer", None)


WAITING = Verdict(False, missing=(Missing(Stage.PUBLISH, (HEAD,)),))
LACKING: dict[str, Verdict] = {
    "": WAITING,
    "nobody": Verdict(False, missing=(Missing(Stage.PUBLISH, ()),)),
    "rejected": Verdict(False, rejected=(given(Stage.PUBLISH, Decision.REJECT),)),
    "voided": replace(WAITING, set_aside=(SetAside(given(Stage.PUBLISH).record, Objection.VOIDED),)),
}
"""By variant: a verdict that is no approval."""
OLDER = Version("2" * 40, "4" * 40, datetime(2026, 11, 18, tzinfo=UTC))
APPROVED = Verdict(True, given=(given(Stage.PUBLISH),), since=OLDER.at)
OVERDUE = Verdict(True, given=(given(Stage.URGENT),), countersign_due=datetime(2026, 11, 20, 1, 40, tzinfo=UTC))


def lacking(code: str, public: Version | None, verdict: Verdict) -> dict[str, dict[str, Any]]:
    """Cases of a rule by key: the newest version is not approved in any of these ways; `public` shows."""
    return {
        f"{code}.{variant}".rstrip("."): {"standing": Standing(newest, public, verdict)}
        for variant, newest in LACKING.items()
    }


def strict_board() -> Any:
    """A board with a class of timeliness of its own."""
    board = make_board()
    own = Timeliness("strict", "P-4", days_before=30)
    kinds = {**board.standard.kinds, "notice": replace(board.standard.kinds["notice"], timeliness="strict")}
    return replace(
        board,
        standard=replace(board.standard, timeliness={**board.standard.timeliness, "strict": own}, kinds=kinds),
    )


_MISTAKES = {
    "syntax-second-colon": "title: a: b",
    "syntax-no-colon": "type: notice\ntitle：通知\ndepartment: security",
    "syntax-quote": 'title: "通知',
    "syntax-bracket": "places: [tower-1\ntype: notice",
    "syntax-tab": "type: notice\n\ttitle: x",
    "syntax-special": "title: @all",
    "syntax-layout": "title: [停水] 通知",
    "syntax-escape": 'title: "a\\qb"',
    "syntax-other": 'title: "\\xzz"',
    "not-a-mapping": "- a\n- b",
    "too-deep": "a: " + "[" * 30 + "]" * 30,
    "front-matter-too-large": "title: " + "长" * 20000,
}
_REQUIRED: dict[str, dict[str, Any]] = {
    "department": {"department": None},
    "languages": {"languages": None},
    "scope": kind("utility-outage"),
    "cause": kind("utility-outage"),
    "starts_at": kind("works", starts_at=None),
    "ends_at": kind("works", ends_at=None),
    "occurred_at": kind("emergency"),
    "origin": kind("owners-assembly"),
    "issuer": kind("owners-assembly"),
    **{f"activity-{part}": kind("community-activity") for part in ("theme", "participants", "sign_up", "rain")},
    **{f"weather-{part}": kind("weather-reminder") for part in ("station", "signal", "level", "issued_at")},
    "works-by": kind("works"),
    "certificate-bring": kind("title-certificate"),
    "disclosure-period": kind("disclosure"),
    "disclosure-objections": kind("disclosure"),
    **{f"fee-{part}": kind("fee-reminder") for part in ("name", "deadline", "how", "where")},
    **{f"register-{part}": {"register": {"reference": "1"}} for part in ("serial", "from", "medium", "received")},
    "late_reason-is": {"late_reason": {"note": "x"}},
    "outcome-is": {"outcome": {"note": "x"}},
    "outcome-at": {"outcome": {"note": "x"}},
    "correction-at": {"correction": {"note": "x"}},
    "correction-note": {"correction": {"at": "2026-11-20 09:00"}},
}

CORPUS: dict[str, dict[str, Any]] = {
    # R
    "R101.missing-notice": {"files": {"notice.md": None, "notice.en.md": ENGLISH}},
    "R101.too-large": {"files": {"notice.md": 300_000}},
    "R101.not-utf8": {"front": b"---\ntitle: \xff\n---\nx"},
    "R101.unreadable": problem("unreadable", f"{FOLDER}/notice.md"),
    "R101.empty-folder": problem("empty-folder", FOLDER),
    "R101.bad-name": problem("bad-name", FOLDER, name="X"),
    "R101.other": problem("unheard-of", FOLDER),
    "R102.symlink": {"files": {"a.png": PNG}, "forms": {"a.png": "symlink"}},
    "R102.repository": {"files": {"sub": b""}, "forms": {"sub": "repository"}},
    "R102.special-file": problem("special-file", f"{FOLDER}/pipe"),
    "R103.folder": {"files": {"sub": b""}, "forms": {"sub": "folder"}},
    "R103.file": problem("unreadable", f"{FOLDER}/a.png"),
    "R104.too-large": translation(300_000),
    "R104.not-utf8": translation(b"\xff"),
    "R104.unreadable": problem("unreadable", f"{FOLDER}/notice.en.md"),
    "R104.same-language": {"files": {"notice.zh.md": ENGLISH}},
    "R104.other": problem("unheard-of", f"{FOLDER}/notice.en.md"),
    "R104.no-front-matter": translation("Hello"),
    "R104.unclosed-front-matter": translation("---\ntitle: x\n"),
    **{f"R104.{what}": translation(f"---\n{text}\n---\nHello\n") for what, text in _MISTAKES.items()},
    "R201.no-front-matter": {"front": "大家好"},
    "R201.unclosed-front-matter": {"front": "---\ntitle: x\n"},
    **{f"R201.{what}": raw(text) for what, text in _MISTAKES.items()},
    "R202.anchor": {"front": {"scope": "&a 高区"}},
    "R202.duplicate-key": raw("title: a\ntitle: b"),
    "R202.key-not-text": raw("title: a\n? [b]\n: c"),
    "R202.several-documents": raw("title: a\n--- b"),
    "R203.unknown-key": {"front": {"qqqqqqqq": "x"}},
    "R203.similar": {"front": {"titel": "x"}},
    "R203.not-translatable": translation("---\ntitle: Fire\nplaces: [tower-1]\n---\nHello\n"),
    "R301.form": {"front": {"ends_at": "明天下午"}},
    "R301.date-form": {"front": kind("fee-reminder", fee={"deadline": "月底"})},
    "R301.date-only": {"front": {"ends_at": "2026-11-25"}},
    "R301.impossible": {"front": {"ends_at": "2026-11-31 09:00"}},
    "R301.range": {"front": {"ends_at": "0226-11-25 09:00"}},
    "R301.gap": {"zone": "America/New_York", "front": {"ends_at": "2027-03-14 02:30"}},
    "R301.ambiguous": {"zone": "America/New_York", "front": {"ends_at": "2026-11-01 01:30"}},
    "R302.list": {"front": {"channels": "board"}},
    "R302.flag": {"front": {"legal": "yes"}},
    "R302.group": {"front": {"outcome": "resolved"}},
    "R302.allowances": {"front": {"allow": "[F105]"}},
    "R302.single": {"front": {"scope": "[a, b]"}},
    "R302.choice": {"front": {"importance": "qqqq"}},
    "R302.choice-similar": {"front": {"importance": "majro"}},
    "R303": {"body": "零\u200e宽\u202e\n"},
    "R304.empty-value": {"front": {"scope": '""'}},
    "R304.listed-twice": {"front": {"places": "[tower-1, tower-1]"}},
    # F
    "F101.missing": {"front": {"type": None}},
    "F101.unknown": {"front": {"type": "qqqqqq"}},
    "F101.similar": {"front": {"type": "notic"}},
    **{f"F102.{variant}": {"front": front} for variant, front in _REQUIRED.items()},
    "F102.other": {"board": "demanding"},
    "F103.missing": {"front": kind("utility-outage")},
    "F103.unused": {"front": {"subtype": "water"}},
    "F103.unknown": {"front": kind("utility-outage", subtype="qqqq")},
    "F103.similar": {"front": kind("utility-outage", subtype="watr")},
    "F104": {"front": {"fee": {"name": "x"}}},
    "F105.unknown": {"front": {"department": "qqqq"}},
    "F105.similar": {"front": {"department": "securty"}},
    "F106.unreadable": {"front": {"places": "tower-1"}},
    "F106.unknown": {"front": {"places": "[tower-8, tower-9]"}},
    "F107.unknown": {"front": {"places": "[tower-1, qqqq]"}},
    "F107.similar": {"front": {"places": "[tower-1, tower-9]"}},
    "F107.empty": {"front": {"places": "[]"}},
    "F108.unknown": {"front": {"channels": "[qqqqqq]"}},
    "F108.similar": {"front": {"channels": "[bord]"}},
    "F108.empty": {"front": {"channels": "[]"}},
    "F109.unknown": {"front": {"contact": "qqqq"}},
    "F109.similar": {"front": {"contact": "front-dsk"}},
    "F110.unknown": {"front": {"notify": "[qqqq]"}},
    "F110.similar": {"front": {"notify": "[cleanin]"}},
    "F111.lowered": {"front": {**WEATHER, "importance": "general"}},
    "F111.household": {"front": {"importance": "major"}},
    "F201": {"front": {"title": None}},
    "F202.long": {"front": {"title": "长" * 61}},
    "F202.lines": {"front": {"title": '"一\\n二"'}},
    "F203": {"body": "\n \n<!-- 待写 -->\n"},
    "F301.kind": {"front": {**ASSEMBLY, "origin": "internal"}},
    "F301.register": {"front": {"origin": "external"}},
    "F301.internal": {"front": {"register": ASSEMBLY["register"]}},
    # V
    "V101.missing": {"front": {"valid_until": None}},
    "V101.unreadable": {"front": {"valid_until": "月底"}},
    "V102.stated": {"front": {"valid_until": "2026-11-20 12:00"}},
    "V102.default": {"base": FAULT, "front": {"valid_from": "2026-11-24 12:00"}},
    "V103.starts": {"front": {"ends_at": "2026-11-25 09:00"}},
    "V103.occurred": {"base": FAULT, "front": {"ends_at": "2026-11-20 09:40"}},
    "V104.begins": {"front": {"valid_until": "2026-11-25 09:00"}},
    "V104.ends": {"front": {"valid_until": "2026-11-25 16:59"}},
    "V105.after-end": {"front": {**WORKS, "valid_until": "2026-11-26 17:01"}},
    "V105.at-most": {"front": {"valid_until": "2027-02-18 12:01"}},
    "V106": {"at": "2026-11-26 18:00"},
    "V107": {"notice_id": "2026-09/fire-check"},
    # T
    "T101.late": {"base": FAULT, "at": "2026-11-20 10:16"},
    "T101.reason": {"base": FAULT, "at": "2026-11-20 10:16", "front": {"late_reason": {"is": "safety"}}},
    "T102.late": {"front": WEATHER, "at": "2026-11-20 13:01"},
    "T102.reason": {"front": {**WEATHER, "late_reason": {"is": "safety"}}, "at": "2026-11-20 13:01"},
    "T102.outside": {"front": OUTSIDE, "at": "2026-11-20 13:01"},
    "T103.late": {"front": LATE},
    "T103.reason": {"front": {**LATE, "late_reason": {"is": "safety"}}},
    "T103.outside": {"front": OUTSIDE},
    "T104.late": {"base": ACTIVITY, "front": LATE},
    "T104.reason": {"base": ACTIVITY, "front": {**LATE, "late_reason": {"is": "safety"}}},
    "T104.outside": {"base": ACTIVITY, "front": OUTSIDE},
    "T105.late": {"front": ASSEMBLY},
    "T105.reason": {"front": {**ASSEMBLY, "late_reason": {"is": "safety"}}},
    "T105.outside": {
        "front": {**ASSEMBLY, "register": OUTSIDE["register"], "valid_from": "2026-11-20 10:00"},
    },
    "T106.late": {"board": "strict"},
    "T106.reason": {"board": "strict", "front": {"late_reason": {"is": "safety"}}},
    "T106.outside": {"board": "strict", "front": {**OUTSIDE, "starts_at": "2026-12-01 09:00"}},
    "T107": {"base": FAULT, "at": "2026-11-20 10:04"},
    "T108": {"base": FAULT, "told": (datetime(2026, 11, 20, 1, 39, 59, tzinfo=UTC),)},
    "T201": {"base": ACTIVITY, "front": {"starts_at": "2026-12-05 14:00", "ends_at": "2026-12-05 16:00"}},
    "T202.occurred": {"base": FAULT, "front": {"occurred_at": "2026-11-20 10:01", "reported_at": None}},
    "T202.told": {"base": FAULT, "front": {"reported_at": "2026-11-20 10:01"}},
    "T203": {"base": FAULT, "front": {"reported_at": "2026-11-20 09:39"}},
    "T204": {"front": {"late_reason": {"is": "other"}}},
    # A
    "A101.missing": request(Refusal.UNKNOWN, approver=None),
    "A101.unknown": request(Refusal.UNKNOWN, approver="qqqq"),
    "A101.similar": request(Refusal.UNKNOWN, approver="yun-lichung"),
    "A102": request(Refusal.OUT_OF_TERM),
    "A103": request(Refusal.NO_ROLE),
    "A104": request(Refusal.NO_ROLE, issued_as="company"),
    "A105": request(Refusal.AUTHOR),
    **lacking("A106", None, NOTHING),
    **lacking("A107", OLDER, APPROVED),
    "A108": {"standing": Standing(OVERDUE, OLDER, OVERDUE), "at": "2026-11-20 09:40"},
    # L
    "L101": {"front": {"languages": "[en]"}, "files": {"notice.en.md": ENGLISH}},
    "L102.unknown": {"front": {"languages": "[zh, qq]"}},
    "L102.similar": {"front": {"languages": "[zh, eng]"}},
    "L103": {"front": TRANSLATED},
    "L104": {"files": {"notice.en.md": ENGLISH}},
    "L105.title": translation("---\nscope: x\n---\nHello\n"),
    "L105.body": translation("---\ntitle: x\n---\n"),
    "L106": {"front": {**TRANSLATED, "scope": "高区"}, "files": {"notice.en.md": ENGLISH}},
    "L107.title": translation(f"---\ntitle: {PLANNED['title']}\n---\nHello\n"),
    "L107.body": translation(f"---\ntitle: Fire\n---\n{BODY}"),
    # X
    "X101": {"front": {"supersedes": "tower-3-water"}},
    "X102.unknown": {"front": {"supersedes": "2026-10/qqqq"}},
    "X102.similar": {"front": {"supersedes": "2026-10/fire-chek"}, "known": {"2026-10/fire-check"}},
    "X103.itself": {"front": {"supersedes": "2026-11/fire-check"}},
    "X103.cycle": {
        "front": {"supersedes": "2026-10/a"},
        "known": {"2026-10/a"},
        "replaces": {"2026-11/fire-check": "2026-10/a", "2026-10/a": "2026-11/fire-check"}.get,
    },
    "X104": {"twins": ("2026-11/fire-check-2",)},
    # M
    "M101.picture": {"body": "![图](a.png)\n"},
    "M101.file": {"body": "[表](a.pdf)\n"},
    "M101.outside": {"body": "[表](../b/a.pdf)\n"},
    "M102": {"body": "![图](https://example.com/a.png)\n"},
    "M103": {"body": "[表](a.docx)\n", "files": {"a.docx": b"PK\x03\x04"}},
    "M104": {"body": "![图](a.png)\n", "files": {"a.png": PDF}},
    "M105.large": {"body": "![图](a.png)\n", "files": {"a.png": 5_242_881}},
    "M105.empty": {"body": "![图](a.png)\n", "files": {"a.png": b""}},
    "M106": {"files": {f"{index}.png": PNG for index in range(21)}},
    "M107": {"files": {"a.png": PNG}},
    "M108": {"body": "![](a.png)\n", "files": {"a.png": PNG}},
    "M109": {"body": "![图](<图 1.png>)\n", "files": {"图 1.png": PNG}},
    "M110": {"front": kind("disclosure", disclosure={"period": "三季度", "objections": "前台"})},
    "M111": {"body": "![图](a.png)\n", "files": {"a.png": (8000, 5001)}},
    "M201": {"files": {"a.svg": b"<svg/>"}},
    # O
    "O101": {"front": {"outcome": OUTCOME}},
    "O102.occurred": {"base": FAULT, "front": {"outcome": {"is": "resolved", "at": "2026-11-20 09:39"}}},
    "O102.public": {"front": {"outcome": {**OUTCOME, "at": "2026-11-20 09:00"}}},
    "O103": {"front": {"outcome": {"is": "resolved", "at": "2026-11-20 13:00"}}},
    "O104": {"front": {"outcome": {**OUTCOME, "new_date": None}}},
    "O105": {"front": {"outcome": {**OUTCOME, "note": None}}},
    "O106": {"front": {"outcome": {**OUTCOME, "new_date": "2026-11-20 13:00"}}},
    "O107": {"front": {"correction": {"at": "2026-11-20 10:01", "note": "x"}}},
    "O108": {"front": {"outcome": {**OUTCOME, "is": "cancelled"}}},
    "O109": {
        "front": {"outcome": OUTCOME},
        "at": "2026-11-20 17:00:01",
        "public_at": "2026-11-20 12:00",
        "renewed_at": datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    },
    # C
    "C101.field": {"front": {"scope": "<script>alert(1)</script>"}},
    "C101.body": {"body": "你好<script>alert(1)</script>\n"},
    "C102": {"body": "你好<b>大家</b>\n"},
    "C103": {"body": "# 大标题\n\n你好\n"},
    "C104": {"body": f"**{PLANNED['title']}**\n\n你好\n"},
    "C105": {"body": "你好\n\n" + "[" * 3000},
    # B
    "B101.field": {"front": {"scope": "＿＿楼"}},
    "B101.required": {"front": {"title": "＿＿"}},
    "B101.body": {"body": "请在＿＿前报名。\n"},
    # K
    "K101.none": {"front": {"channels": "[board, kiosk]"}},
    "K101.nowhere": {"front": {"places": "[garage]"}, "board": "screens"},
    # W
    "W101.unknown": {"front": {"allow": "[{code: 随便, reason: x}]"}},
    "W101.similar": {"front": {"allow": "[{code: f1055, reason: x}]"}},
    "W102": {"front": {"allow": "[{code: F201, reason: x}]"}},
    "W103": {"front": {"allow": "[{code: F105, reason: ' '}]"}},
    "W104": {"front": {"allow": "[{code: F105, reason: x}]"}},
}
"""Key of a finding to the arguments of a case that has it (see Bench.case). `zone` and `board` name others."""

STRAYS: dict[str, Problem] = {
    f"{code}.{variant}": Problem(f"{prefix}{variant}", Position("notices/x", 3, 4), values)
    for code, prefix, variants, values in (
        (
            "R401",
            "",
            ("misplaced", "bad-name", "symlink", "repository", "special-file", "unreadable", "empty-folder", "other"),
            {"name": "x"},
        ),
        (
            "E101",
            "settings-",
            (
                "syntax",
                "too-deep",
                "several-documents",
                "anchor",
                "key-not-text",
                "control-character",
                "duplicate-key",
                "unknown-key",
                "wrong-type",
                "bad-id",
                "bad-phone",
                "no-duty-phone",
                "unknown-place",
                "reserved-screen",
                "bad-orientation",
                "bad-size",
                "bad-pages",
                "bad-distance",
                "bad-languages",
                "bad-together",
                "bad-heartbeat",
                "bad-severity",
                "unknown-rule",
                "fixed-rule",
                "bad-term",
                "person-twice",
                "person-without-role",
                "standard-looser",
                "standard-unfit",
                "bad-key",
                "key-twice",
                "bad-account",
                "account-twice",
                "bad-deputy",
                "roster-unreadable",
                "other",
            ),
            {
                "name": "x",
                "value": "y",
                "key": "z",
                "line": "7",
                "limit": "20",
                "detail": "d",
                "expected": "text",
                "least": "5",
                "most": "200",
                "known": "zh, en",
                "code": "U+202E",
            },
        ),
        ("K102", "", ("screen-round",), {"name": "lobby-1", "takes": "600", "allowed": "180"}),
        ("E102", "", ("log-unreadable", "log-channel"), {}),
        ("E103", "", ("record-changed",), {}),
        ("E104", "", ("roster-not-in-force", "roster-without-keeper"), {"value": "v"}),
    )
    for variant in variants
}
"""Key of a finding to the problem around the notices that makes it."""


def demanding_board() -> Any:
    """A board whose own standard requires a field that the shipped one does not."""
    board = make_board()
    return replace(board, standard=replace(board.standard, requires=(*board.standard.requires, "number")))


def board_with_a_screen() -> Any:
    """A board with one screen, in tower 1."""
    return replace(make_board(), screens={"lobby-1": Screen("lobby-1", {"zh": "大堂"}, "tower-1")})


BOARDS = {"strict": strict_board, "demanding": demanding_board, "screens": board_with_a_screen}

__all__ = ["BOARDS", "CORPUS", "STRAYS", "written"]
