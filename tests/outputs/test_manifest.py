"""`board.json`: the edition for machines, as documented, the same as what people see, and nothing internal."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from gaoshi.core.published import read_published
from gaoshi.outputs.manifest import manifest

A = "2026-11/a"
KEYS = [
    "id",
    "kind",
    "subtype",
    "importance",
    "title",
    "url",
    "valid_from",
    "valid_until",
    "foreseen",
    "starts_at",
    "ends_at",
    "occurred_at",
    "places",
    "channels",
    "department",
    "contact",
    "outcome",
    "corrected_at",
    "late",
    "content_id",
    "approved_by",
    "approval",
]
EDITED = "2026-11/e-bike-charging"
"""The sample's notice that was changed after it had been approved."""
NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def test_the_manifest_of_the_sample_is_as_it_was(sample: Any, golden: Callable[[str, str], None]) -> None:
    """The whole manifest, compared with the one on record; ids of contents and revision are git's own."""
    sample.build()
    text = (sample.site / "board.json").read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["revision"] == sample.git("rev-parse", "HEAD")
    assert data["roster"] == sample.git("rev-parse", "HEAD:.github/approvers.yml")
    newest = {notice["id"]: sample.git("rev-parse", f"HEAD:notices/{notice['id']}") for notice in data["notices"]}
    older = [notice["id"] for notice in data["notices"] if notice["content_id"] != newest[notice["id"]]]
    assert older == [EDITED]
    had = sample.git("log", "--format=%H", "--first-parent", "--", f"notices/{EDITED}").split()
    contents = [sample.git("rev-parse", f"{commit}:notices/{EDITED}") for commit in had]
    assert contents[1:].count(next(n["content_id"] for n in data["notices"] if n["id"] == EDITED)) >= 1
    golden("board.json", re.sub(r'("revision"|"content_id"|"roster"): "[0-9a-f]{40}"', r'\1: "…"', text))


def test_the_manifest_has_the_documented_keys_and_types(sample: Any) -> None:
    """Fixed names, instants with their offset, null for what is absent, and a page for every address."""
    sample.build()
    data = sample.manifest
    heads = ["format", "board", "at", "revision", "records", "roster", "next", "due", "notices"]
    assert list(data)[:9] == heads
    assert re.fullmatch("[0-9a-f]{40}", data["roster"])
    assert data["records"] == []
    assert (data["format"], data["board"], data["at"]) == (1, "cloudtop", "2026-11-24T10:00:00+08:00")
    for notice in data["notices"]:
        assert list(notice)[: len(KEYS)] == KEYS
        for key in ("valid_from", "valid_until", "starts_at", "ends_at", "occurred_at", "corrected_at"):
            assert notice[key] is None or INSTANT.fullmatch(notice[key])
        assert notice["approved_by"]
        assert NUMBER.fullmatch(notice["approval"])
        assert notice["title"]["zh"]
        for path in notice["url"].values():
            assert (sample.site / path / "index.html").is_file()
    pages = {
        path.parent.relative_to(sample.site / "notices").as_posix()
        for path in (sample.site / "notices").rglob("index.html")
        if "data-content=" in path.read_text(encoding="utf-8")
    }
    assert pages == {notice["id"] for notice in data["notices"]}


OUTCOME = {"at": "2026-11-24 18:00", "note": "x"}


@pytest.mark.parametrize(
    ("fields", "foreseen"),
    [
        ({}, None),
        ({"outcome": OUTCOME | {"is": "withdrawn"}}, {"is": "withdrawn", "at": "2026-11-24T18:00:00+08:00"}),
        ({"outcome": OUTCOME | {"is": "cancelled"}}, {"is": "expired", "at": "2026-11-25T18:00:00+08:00"}),
        ({"outcome": OUTCOME | {"is": "cancelled", "at": "2026-11-29 18:00"}}, None),
        ({"outcome": OUTCOME | {"is": "cancelled", "at": "2026-11-24 09:00"}}, None),
    ],
)
def test_the_stated_end_stands_beside_the_foreseen_one(
    estate: Any, fields: dict[str, Any], foreseen: dict[str, str] | None
) -> None:
    """`valid_until` is the end in force; how the notice leaves, where that is written and is another, is told beside it."""
    estate.notice(A, fields, valid_until="2026-11-30 18:00")
    estate.commit()
    [notice] = json.loads(manifest(estate.edition("2026-11-24 10:00")))["notices"]
    ends = "2026-11-25T09:00:00+08:00" if "09:00" in str(fields) else "2026-11-30T18:00:00+08:00"
    assert (notice["valid_until"], notice["foreseen"]) == (ends, foreseen)
    published = read_published(manifest(estate.edition("2026-11-24 10:00"))).notices[A]
    assert published.leaves == datetime.fromisoformat(foreseen["at"] if foreseen else ends)


def test_what_is_absent_is_null(estate: Any) -> None:
    """A notice with nothing but what it must have has nulls for the rest, and the default contact."""
    estate.notice(A)
    estate.commit()
    estate.build()
    (notice,) = estate.manifest["notices"]
    nulls = {key for key, value in notice.items() if value is None}
    assert nulls >= {"subtype", "starts_at", "ends_at", "occurred_at", "outcome", "corrected_at", "late"}
    assert (notice["contact"], notice["places"], notice["channels"]) == ("front-desk", [], ["board", "kiosk"])


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (
            {"is": "postponed", "at": "2026-11-24 09:00", "new_date": "2026-12-05 09:30", "note": "下雨"},
            {
                "is": "postponed",
                "at": "2026-11-24T09:00:00+08:00",
                "note": {"zh": "下雨"},
                "new_date": "2026-12-05T09:30:00+08:00",
            },
        ),
        (
            {"is": "cancelled", "at": "2026-11-24T01:00Z", "note": "取消"},
            {"is": "cancelled", "at": "2026-11-24T09:00:00+08:00", "note": {"zh": "取消"}, "new_date": None},
        ),
        ({"is": "cancelled", "at": "2026-11-24 10:00:01", "note": "以后"}, None),
    ],
)
def test_an_outcome_is_told_from_its_instant_on(estate: Any, outcome: dict[str, str], shown: Any) -> None:
    """What happened, when, the note by language and the new date; one that lies ahead is not told."""
    estate.notice(A, outcome=outcome)
    estate.commit()
    estate.build()
    assert estate.manifest["notices"][0]["outcome"] == shown


def test_lateness_is_told_without_its_reason(estate: Any) -> None:
    """By which class a notice is late and what the last good instant was; why is internal."""
    estate.notice(
        A, type="notice", starts_at="2026-11-25 09:00", valid_from="2026-11-24 08:00", late_reason={"is": "safety"}
    )
    estate.commit()
    estate.build()
    assert estate.manifest["notices"][0]["late"] == {"timeliness": "general", "limit": "2026-11-23T23:59:59+08:00"}


SENTINELS = {
    "register": {
        "serial": "SENTINELserial",
        "from": "外单位",
        "medium": "letter",
        "received": "2026-11-19 15:20",
        "reference": "公开文号",
    },
    "origin": "external",
    "late_reason": {"is": "other", "note": "SENTINELlate"},
    "activity": {
        "theme": "主题",
        "cost": "SENTINELcost",
        "helping_departments": "[repair, cleaning]",
        "participants": "业主",
        "sign_up": "前台",
        "rain": "照常",
    },
    "legal": "true",
    "allow": "[{code: T201, reason: SENTINELallow}]",
    "notify": "[security]",
}


def test_nothing_internal_is_published(estate: Any) -> None:
    """Serial numbers, costs, reasons, allowances, people's names and addresses are in no file of the site."""
    estate.notice(
        A,
        SENTINELS,
        type="community-activity",
        starts_at="2026-11-30 09:00",
        ends_at="2026-11-30 10:00",
        department="customer-service",
        texts={"en": "---\ntitle: Fun\n---\nFun.\n"},
        languages="[zh, en]",
    )
    estate.notice("2026-11/withheld", title="SENTINELwithheld", approver="nobody")
    estate.commit(author="SENTINELauthor@cloudtop.example")
    run = estate.build()
    assert [notice["id"] for notice in estate.manifest["notices"]] == [A], run.err
    words = [
        b"SENTINEL",
        "云立春".encode(),
        b"yun-lichun",
        b"@cloudtop.example",
        "法律顾问".encode(),
        b"SENTINELlate",
        b"T201",
        b"helping",
        b"late_reason",
    ]
    words += ["维修部".encode()]  # helps with this activity, and is no contact's name in this estate
    seen = 0
    for path in estate.site.rglob("*"):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            found = [word.decode() for word in words[:-1] if word in data]
            assert not found, (path, found)
            seen += 1
    assert seen > 10
    page = (estate.site / "notices" / A / "index.html").read_text(encoding="utf-8")
    assert "公开文号" in page
    facts = page.partition("</dl>")[0]
    assert "服务中心负责人" in page
    assert "repair" not in facts


def test_the_same_edition_is_the_same_bytes(estate: Any) -> None:
    """The manifest is a function of the edition and nothing else."""
    estate.notice(A)
    estate.notice("2026-11/b", importance="important")
    estate.commit()
    one, two = manifest(estate.edition()), manifest(estate.edition())
    assert one == two
    assert one.endswith(b"}\n")
    assert manifest(estate.edition("2026-11-24 10:00:01")) != one
