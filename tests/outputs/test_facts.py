"""The box of facts and the banners: what an owner reads first, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from approvals import Word
from gaoshi.outputs.cards import card
from gaoshi.outputs.facts import Teller
from gaoshi.sources.templates import load_catalogues

A = "2026-11/a"
TEMPLATES = Path(__file__).resolve().parents[2] / "site_templates"
OUTAGE = {
    "type": "utility-outage",
    "subtype": "water",
    "places": "[tower-3, garage]",
    "scope": "高区",
    "cause": "检修",
    "approver": "yun-guyu",
    "department": "engineering",
    "contact": "repair-desk",
}
FAULT = OUTAGE | {
    "valid_from": "2026-11-24 06:00",
    "valid_until": None,
    "occurred_at": "2026-11-24 05:35",
    "ends_at": "2026-11-24 09:00",
}
ENGLISH = {"en": "---\ntitle: Water off\nscope: High zone\ncause: Repairs\n---\nDear all\n"}


def teller(edition: Any, language: str) -> Teller:
    """Who tells an edition's notices in a language."""
    catalogues = load_catalogues(TEMPLATES, edition.board.languages)
    return Teller(edition, catalogues[language], catalogues)


def facts(estate: Any, language: str) -> dict[str, str]:
    """The facts of A: label and words by name."""
    edition = estate.edition()
    made = {}
    for fact in teller(edition, language).facts(edition.entries[A]):
        parts = [part.text for part in (fact.words, fact.moment) if part] + [phone.number for phone in fact.phones]
        made[fact.name] = f"{fact.label}｜{' '.join(parts)}"
    return made


def banners(estate: Any, language: str) -> list[tuple[str, str, str]]:
    """The banners of A: name, title and words."""
    edition = estate.edition()
    found = teller(edition, language).banners(edition.entries[A])
    return [(banner.name, banner.title, banner.text.text if banner.text else "") for banner in found]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh",
            {
                "what": "停水",
                "when": "11月25日（周三）9:00–17:00",
                "where": "3号楼、地下车库",
                "scope": "高区",
                "cause": "检修",
                "department": "工程部",
                "approved_by": "服务中心副负责人",
                "issuer": "云上苑服务中心",
                "contact": "000-5550-0120 000-5550-0110",
            },
        ),
        (
            "en",
            {
                "what": "Water",
                "when": "Wed 25 Nov, 9:00–17:00",
                "where": "Tower 3, Underground garage",
                "scope": "High zone",
                "cause": "Repairs",
                "department": "Engineering",
                "approved_by": "Deputy head of the service centre",
                "issuer": "Cloudtop Court Service Centre",
                "contact": "000-5550-0120 000-5550-0110",
            },
        ),
    ],
)
def test_a_planned_outage_is_told_in_full(estate: Any, language: str, told: dict[str, str]) -> None:
    """What, when, where, how far, why, from whom, and whom to call by day and by night."""
    estate.notice(
        A,
        OUTAGE,
        starts_at="2026-11-25 09:00",
        ends_at="2026-11-25 17:00",
        valid_until="2026-11-25 20:00",
        texts=ENGLISH,
        languages="[zh, en]",
    )
    estate.commit()
    found = facts(estate, language)
    for name, words in told.items():
        assert words in found[name].partition("｜")[2], (name, found[name])
    assert "云谷雨" not in str(found)


def test_the_order_of_facts_is_the_order_of_questions(estate: Any) -> None:
    """What, when, where, how far and why come first; validity, contact, issuer and approval after them."""
    estate.notice(A, OUTAGE, starts_at="2026-11-25 09:00", ends_at="2026-11-25 17:00", valid_until="2026-11-25 20:00")
    estate.commit()
    order = list(facts(estate, "zh"))
    wanted = ["what", "when", "where", "scope", "cause", "validity", "contact", "issuer", "department", "approved_by"]
    assert [name for name in order if name in wanted] == wanted


def test_without_places_the_whole_estate_is_meant(estate: Any) -> None:
    """No places: the whole estate."""
    estate.notice(A)
    estate.commit()
    assert facts(estate, "zh")["where"].endswith("｜全小区")


@pytest.mark.parametrize(
    ("language", "title", "number"),
    [("zh", "已过预计恢复时间，尚未确认恢复", "000-5550-0110"), ("en", "", "000-5550-0110")],
)
def test_an_overdue_outage_says_so_and_whom_to_call(estate: Any, language: str, title: str, number: str) -> None:
    """When the expected restoration has passed: that it is not confirmed, and the number that answers day and night."""
    estate.notice(A, FAULT, texts=ENGLISH, languages="[zh, en]")
    estate.commit()
    ((name, said, text),) = banners(estate, language)
    assert name == "overdue"
    assert title in said
    assert number in text


@pytest.mark.parametrize(
    ("outcome", "zh"),
    [
        ({"is": "resolved", "at": "2026-11-24 08:40", "note": "修好了"}, ("resolved", "已恢复", "修好了")),
        ({"is": "cancelled", "at": "2026-11-24 08:40", "note": "不停了"}, ("cancelled", "已取消", "不停了")),
        (
            {"is": "postponed", "at": "2026-11-24 08:40", "note": "改期", "new_date": "2026-12-01 09:00"},
            ("postponed", "已延期：改期至 12月1日（周二）9:00", "改期"),
        ),
        (
            {"is": "postponed", "at": "2026-11-24 08:40", "note": "改期", "new_date": "另行通知"},
            ("postponed", "已延期：新的时间另行通知", "改期"),
        ),
    ],
)
def test_an_outcome_leads(estate: Any, outcome: dict[str, str], zh: tuple[str, str, str]) -> None:
    """The outcome is the first that a reader sees, with its note; nothing is overdue any more."""
    estate.notice(A, FAULT, outcome=outcome)
    estate.commit()
    name, title, text = banners(estate, "zh")[0]
    assert (name, title.replace(" ", ""), text) == (zh[0], zh[1].replace(" ", ""), zh[2])
    assert "overdue" not in [name for name, *_ in banners(estate, "zh")]
    assert "restoration" not in facts(estate, "zh")


def test_what_was_no_interruption_is_over_not_restored(estate: Any) -> None:
    """An emergency that is resolved is over; only a supply is restored."""
    estate.notice(
        A,
        type="emergency",
        occurred_at="2026-11-24 08:00",
        valid_from=None,
        outcome={"is": "resolved", "at": "2026-11-24 09:00", "note": "x"},
    )
    estate.commit()
    assert banners(estate, "zh")[0][1] == "已结束"


def test_an_expected_restoration_is_told_until_it_comes(estate: Any) -> None:
    """The expected restoration of an unplanned outage is a fact of its own."""
    estate.notice(A, FAULT, ends_at="2026-11-24 12:00")
    estate.commit()
    assert "11月24日（周二）12:00" in facts(estate, "zh")["restoration"]
    assert banners(estate, "zh") == []


def ahead(estate: Any, at: str) -> list[tuple[str, str]]:
    """What will lead A of itself, as of an instant: its name, and since when."""
    edition = estate.edition(at)
    return [(banner.name, banner.since) for banner in teller(edition, "zh").banners_ahead(edition.entries[A])]


NOON = "2026-11-24T12:00:00+08:00"


@pytest.mark.parametrize(
    ("at", "lies_ahead", "until"),
    [
        ("2026-11-24 10:00", [("overdue", NOON)], NOON),
        ("2026-11-24 11:59:59", [("overdue", NOON)], NOON),
        ("2026-11-24 12:00", [], ""),
    ],
)
def test_what_will_be_overdue_is_told_ahead(
    estate: Any, at: str, lies_ahead: list[tuple[str, str]], until: str
) -> None:
    """Until the expected restoration comes, what will then be said is there with its instant; from then on it is said."""
    estate.notice(A, FAULT, ends_at="2026-11-24 12:00")
    estate.commit()
    assert ahead(estate, at) == lies_ahead
    edition = estate.edition(at)
    (told,) = (fact for fact in teller(edition, "zh").facts(edition.entries[A]) if fact.name == "restoration")
    assert told.until == until
    assert "已过预计恢复时间" in str(told.then if until else told.words)
    assert (told.moment is not None) == bool(until)
    assert (edition.entries[A].overdue, [banner[0] for banner in banners_at(estate, at)]) == (
        not lies_ahead,
        [] if lies_ahead else ["overdue"],
    )


def banners_at(estate: Any, at: str) -> list[tuple[str, str]]:
    """What leads A at an instant."""
    edition = estate.edition(at)
    return [(banner.name, banner.since) for banner in teller(edition, "zh").banners(edition.entries[A])]


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": {"is": "resolved", "at": "2026-11-24 08:40", "note": "修好了"}},
        {"outcome": {"is": "resolved", "at": "2026-11-24 11:00", "note": "修好了"}},
        {"ends_at": None},
        {"type": "emergency", "subtype": None},
    ],
    ids=["over", "over by then", "no end known", "nothing to restore"],
)
def test_what_will_not_be_overdue_is_not_announced(estate: Any, fields: dict[str, Any]) -> None:
    """An outcome by then, no expected end, or nothing that could be restored: nothing lies ahead."""
    estate.notice(A, FAULT | {"ends_at": "2026-11-24 12:00"} | fields)
    estate.commit()
    assert ahead(estate, "2026-11-24 10:00") == []


def test_a_card_says_that_a_notice_was_corrected_and_when(estate: Any) -> None:
    """In a list, too: an outcome first, then the correction with its hour."""
    estate.notice(
        A,
        FAULT,
        outcome={"is": "resolved", "at": "2026-11-24 08:40", "note": "修好了"},
        correction={"at": "2026-11-23 09:00", "note": "电话有误，已更正"},
    )
    estate.commit()
    edition = estate.edition()
    found = teller(edition, "zh").brief_banners(edition.entries[A])
    assert [banner.name for banner in found] == ["resolved", "corrected"]
    assert found[1].moment is not None
    assert found[1].moment.iso == "2026-11-23T09:00:00+08:00"


def test_a_correction_is_told(estate: Any) -> None:
    """That a notice was corrected, and what."""
    estate.notice(A, correction={"at": "2026-11-23 09:00", "note": "电话有误，已更正"})
    estate.commit()
    assert [(name, text) for name, _, text in banners(estate, "zh")] == [("corrected", "电话有误，已更正")]
    assert "11月23日" in facts(estate, "zh")["corrected"]


@pytest.mark.parametrize("urgent", [True, False])
def test_a_missing_translation_is_said(estate: Any, *, urgent: bool) -> None:
    """In a language that has no text, a banner says so; of urgent news, that it will follow."""
    fields = FAULT | {"languages": "[zh, en]", "ends_at": "2026-11-24 12:00"} if urgent else {}
    estate.notice(A, fields)
    estate.commit()
    assert estate.edition().entries[A].state == "live"
    ((name, title, _),) = banners(estate, "en")
    assert name == "untranslated"
    assert ("English to follow" in title) is urgent
    assert banners(estate, "zh") == []


@pytest.mark.parametrize(("language", "office"), [("zh", "审批｜值班负责人"), ("en", "Approved by｜Duty officer")])
def test_a_duty_officer_is_named_as_such(estate: Any, language: str, office: str) -> None:
    """Who approves on duty does so by that office, whatever post the person holds otherwise."""
    estate.notice(A, FAULT)
    estate.signed(A, Word("urgent", "yun-bailu", "2026-11-24T09:50:00+08:00"))
    assert facts(estate, language)["approved_by"] == office


def test_a_weather_card_tells_signal_and_level(estate: Any) -> None:
    """The warning stands on the card, as on the page; other kinds have none."""
    estate.notice(A, weather={"signal": "rainstorm", "level": "yellow"}, type="weather-reminder")
    estate.notice("2026-11/b")
    estate.commit()
    edition = estate.edition()
    cards = {
        name: card(entry, teller(edition, "zh"), {}, texts="", ribbon=False) for name, entry in edition.entries.items()
    }
    assert [cards[name].signal and cards[name].signal.words.text for name in (A, "2026-11/b")] == ["暴雨黄色预警", None]
