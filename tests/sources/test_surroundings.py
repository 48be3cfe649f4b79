"""Broken surroundings: one sentence in each language, exit status 3, and the old board untouched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from approvals import Word
from gaoshi.cli import main

A, B = "2026-11/a", "2026-11/b"


def replaced(path: str, content: bytes) -> Callable[[Any], object]:
    """A file with other content."""
    return lambda estate: estate.write(path, content)


def removed(path: str) -> Callable[[Any], object]:
    """A file that is not there."""
    return lambda estate: (estate.root / path).unlink()


def edited(path: str, old: str, new: str) -> Callable[[Any], object]:
    """A file with one thing in it changed."""
    return lambda estate: estate.edit(path, old, new)


SETTINGS, ROSTER = "mkdocs.yml", ".github/approvers.yml"
CATALOGUE = "site_templates/i18n/zh/board.yml"
BREAK: dict[str, Callable[[Any], object]] = {
    "settings missing": removed(SETTINGS),
    "settings empty": replaced(SETTINGS, b""),
    "settings a list": replaced(SETTINGS, b"- a\n"),
    "settings not utf-8": replaced(SETTINGS, b"site_name: \xb9\xab\n"),
    "settings not yaml": replaced(SETTINGS, b"site_name: [1\nplugins: x\n"),
    "settings NUL": replaced(SETTINGS, b"site_name: \x00\n"),
    "settings too deep": replaced(SETTINGS, b"a: " + b"[" * 50_000),
    "settings too large": lambda estate: estate.write(
        SETTINGS, (estate.root / SETTINGS).read_bytes() + b"#" * 1024 * 1024
    ),
    "settings that expand": edited(
        SETTINGS,
        "languages: [zh, en]",
        "languages: [zh, en]\n      standard:\n        a0: &a0 [x, x]\n"
        + "".join(f"        a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
    ),
    "roster that expands": replaced(
        ROSTER, f"roles: &r [{'x, ' * 9999}x]\npeople: [{'{id: a, roles: *r}, ' * 9999}]\n".encode()
    ),
    "settings a link": lambda estate: (removed(SETTINGS)(estate), (estate.root / SETTINGS).symlink_to("/etc/hostname")),
    "settings a folder": lambda estate: (removed(SETTINGS)(estate), estate.write(f"{SETTINGS}/x", "x")),
    "no plugin": edited(SETTINGS, "- gaoshi:", "- other:"),
    "no options": replaced(SETTINGS, b"plugins: [gaoshi]\n"),
    "no board id": edited(SETTINGS, "board: cloudtop", "# board"),
    "bad board id": edited(SETTINGS, "board: cloudtop", "board: ../x"),
    "bad zone": edited(SETTINGS, "Asia/Shanghai", "Asia/Atlantis"),
    "zone a path": edited(SETTINGS, "Asia/Shanghai", "../../etc/passwd"),
    "zone a folder": edited(SETTINGS, "Asia/Shanghai", "America"),
    "roster missing": removed(ROSTER),
    "roster empty": replaced(ROSTER, b""),
    "roster not utf-8": replaced(ROSTER, b"people: \xff\n"),
    "roster not yaml": replaced(ROSTER, b"people: [\n"),
    "roster without people": replaced(ROSTER, b"policy: {}\n"),
    "people no list": replaced(ROSTER, b"people: x\n"),
    "broken words": lambda estate: (estate.own_templates(), estate.write(CATALOGUE, "board: [\n")),
    "words not utf-8": lambda estate: (estate.own_templates(), estate.write(CATALOGUE, b"board: \xff\n")),
    "broken template": lambda estate: (
        estate.own_templates(),
        estate.write("site_templates/theme/home.html", "{% if %}"),
    ),
}


ROSTERS = [what for what in BREAK if what.startswith(("roster", "people"))]
"""Of these an earlier version that can be read may still be in force."""


def refused(estate: Any) -> None:
    """Build, which must publish nothing and say why in one sentence, in either language."""
    for language, environment in (("zh", "zh_CN.UTF-8"), ("en", "en_GB.UTF-8")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LANG", environment)
            run = estate.run("build", "-o", str(estate.site), "--at", estate.at, "--lang", language)
        assert (run.status, run.out) == (3, ""), run.err
        assert run.err.count("\n") == 1, run.err
        assert "Traceback" not in run.err
        assert ("。" in run.err) is (language == "zh"), run.err
        assert "cli." not in run.err
        assert "{" not in run.err


@pytest.mark.parametrize("what", [what for what in BREAK if what not in ROSTERS])
def test_broken_settings_publish_nothing_and_say_why(estate: Any, what: str) -> None:
    """Whatever is wrong with settings, roster or templates: exit 3, one sentence, the old board stands."""
    estate.notice(A)
    estate.commit()
    assert estate.build().status == 0
    before = {path: path.read_bytes() for path in estate.site.rglob("*") if path.is_file()}
    BREAK[what](estate)
    estate.commit()
    refused(estate)
    assert {path: path.read_bytes() for path in estate.site.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in estate.site.parent.iterdir() if "gaoshi-" in path.name) == [
        f".{estate.site.name}.gaoshi-lock"
    ]


@pytest.mark.parametrize("what", ROSTERS)
def test_a_roster_that_never_could_be_read_publishes_nothing(estate: Any, what: str) -> None:
    """Without one readable roster in all of main's history: exit 3, one sentence, and nothing is published."""
    estate.notice(A)
    BREAK[what](estate)
    estate.commit()
    refused(estate)
    assert not estate.site.exists()


@pytest.mark.parametrize("what", ROSTERS)
def test_a_roster_broken_later_leaves_the_earlier_one_in_force(estate: Any, what: str) -> None:
    """A broken roster is an error that says so, exit 1; the board is published by the roster before it."""
    estate.notice(A)
    estate.commit()
    in_force = estate.git("rev-parse", f"HEAD:{ROSTER}")
    BREAK[what](estate)
    estate.notice(B)
    estate.stage()
    for path in estate.approve(B, None, Word("content", "yun-bailu"), Word("publish", "yun-lichun")):
        estate.git("add", path)
    estate.commit()
    run = estate.build()
    assert run.status == 1, run.err
    assert f"{ROSTER}:" in run.err
    assert "E101" in run.err
    assert "Traceback" not in run.err
    assert [notice["id"] for notice in estate.manifest["notices"]] == [A, B]
    assert estate.manifest["roster"] == in_force
    variants = {(finding.code, finding.variant) for finding in estate.edition().findings}
    assert ("E101", "roster-unreadable") in variants


@pytest.mark.parametrize("verb", ["check", "status", "next", "build", "summary", "serve"])
def test_outside_a_repository_every_verb_says_so(
    tmp_path: Path, quiet_home: None, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """No repository, or no such folder: one sentence, exit status 3, nothing written."""
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path.parent / "nowhere" / "at all"):
        monkeypatch.setattr("sys.argv", ["gaoshi", verb, "--project", str(folder)])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 3
    assert list(tmp_path.iterdir()) == []


def test_an_empty_repository_has_no_settings(tmp_path: Path, estate: Any) -> None:
    """A repository without anything in it: the settings are missing."""
    empty = type(estate)(tmp_path / "empty")
    empty.root.mkdir()
    empty.git("init", "-q")
    run = empty.run("check", "--lang", "en")
    assert run.status == 3
    assert run.err.startswith("mkdocs.yml is missing")


def test_a_repository_without_notices_makes_an_empty_board(estate: Any) -> None:
    """No notices at all is no error: the board is built, and says that there is nothing."""
    estate.commit()
    assert estate.build().status == 0
    assert estate.manifest["notices"] == []
    assert estate.manifest["next"] is None


# ── what is wrong in part is reported and left out ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "old", "new", "variant"),
    [
        (SETTINGS, '"000-5550-0100"', "javascript:alert(1)", "bad-phone"),
        (SETTINGS, "always: true", "always: false", "no-duty-phone"),
        (SETTINGS, "tower-1: {zh", "Tower 1: {zh", "bad-id"),
        (SETTINGS, "place: tower-4", "place: tower-9", "unknown-place"),
        (SETTINGS, "screens:", "screams:", "unknown-key"),
        (SETTINGS, "languages: [zh, en]", "languages: [zh, en]\n      rules: {T201: fatal}", "bad-severity"),
        (SETTINGS, "languages: [zh, en]", "languages: [zh, en]\n      rules: {Z999: off}", "unknown-rule"),
        (SETTINGS, "languages: [zh, en]", "languages: [zh, en]\n      rules: {A101: off}", "fixed-rule"),
        (
            SETTINGS,
            "languages: [zh, en]",
            "languages: [zh, en]\n      standard: {kinds: {works: {timeliness: none}}}",
            "standard-looser",
        ),
        (
            SETTINGS,
            "languages: [zh, en]",
            "languages: [zh, en]\n      standard: {kinds: {disclosure: {requires_attachment: false}}}",
            "standard-looser",
        ),
        (
            SETTINGS,
            "languages: [zh, en]",
            "languages: [zh, en]\n      standard: {timeliness: {general: {days_before: 1}}}",
            "standard-looser",
        ),
        (
            SETTINGS,
            "languages: [zh, en]",
            "languages: [zh, en]\n      standard: {kinds: {own: {format: notice}}}",
            "standard-unfit",
        ),
        (SETTINGS, "board: cloudtop", "board: cloudtop\n      board: other", "duplicate-key"),
        (SETTINGS, "tower-1: {zh: ", 'tower-1: {fr: "\\u202E\\x1b", zh: ', "control-character"),
        (ROSTER, "id: yun-guyu", 'title: "\\u202Ex"\n    id: yun-guyu', "control-character"),
        (
            SETTINGS,
            "languages: [zh, en]",
            "languages: [zh, en]\n      standard: {timeliness: {general: {days_before: 99999999}}}",
            "standard-unfit",
        ),
        (ROSTER, "from: 2026-01-01, until: 2027-12-31", "from: 1 January, until: 2027-12-31", "bad-term"),
        (ROSTER, "until: 2027-12-31", "until: 9999-12-31", "bad-term"),
        (ROSTER, "id: yun-guyu", "id: yun-lichun", "person-twice"),
        (ROSTER, "id: yun-guyu", "id: 云谷雨", "bad-id"),
        (
            ROSTER,
            "    roles:\n      - {role: witness, from: 2025-06-01}   # may record what was signed on paper\n",
            "",
            "person-without-role",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_finding_with_its_place(
    estate: Any, path: str, old: str, new: str, variant: str
) -> None:
    """One bad setting is reported at its line and left out; the board is built without it."""
    estate.notice(A)
    estate.edit(path, old, new)
    estate.commit()
    findings = [finding for finding in estate.edition().findings if finding.variant == variant]
    assert [(finding.code, finding.position.path) for finding in findings] == [("E101", path)], (
        estate.edition().findings
    )
    assert findings[0].position.line > 1
    run = estate.build()
    assert run.status == (1 if findings[0].blocks else 0)
    assert "E101" in run.err
    assert estate.site.is_dir()


def test_a_term_that_cannot_be_read_is_not_held(estate: Any) -> None:
    """When a term is unclear, the safe side: what the person signs counts for nothing."""
    estate.notice(A, approver="yun-guyu")
    estate.edit(ROSTER, "from: 2026-01-01, until: 2027-12-31", "from: 2026-01-01, until: soon")
    estate.commit()
    (entry,) = estate.edition().withheld
    assert (entry.id, [reason.code for reason in entry.reasons]) == (A, ["A102", "A106"])
    assert [aside.why for aside in entry.standing.newest.set_aside] == ["no-role"]


def test_settings_may_hold_what_only_mkdocs_knows(estate: Any) -> None:
    """Tags, anchors and plugins of MkDocs' own are passed over."""
    estate.notice(A)
    estate.edit(
        SETTINGS,
        "use_directory_urls: true",
        "use_directory_urls: true\nextra: &x {a: !ENV [HOME, x], b: !!python/name:os.system ''}\nmore: *x",
    )
    edition = estate.edition(rev=None)
    assert ([entry.id for entry in edition.live], edition.findings) == ([A], ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 2}',
        b'{"format":1,"event":"appeared","id":"2026-11/a","at":"soon"}',
        b'{"format":1,"event":"appeared","id":"2026-11/a","at":"2026-11-20T09:00:00"}',
        b'{"format":1,"event":"appeared","id":"2026-11/other","at":"2026-11-20T09:00:00+08:00"}',
        b"[" * 9000,
        b"\xff",
        b"9" * 70000,
    ],
)
def test_a_log_entry_that_says_nothing_is_a_finding(estate: Any, content: bytes) -> None:
    """An entry that is no event of its notice is reported and not counted; the notice is live all the same."""
    estate.notice(A)
    estate.write(f"records/log/{A}/20261120T010000Z-appeared.json", content)
    estate.commit()
    edition = estate.edition()
    assert [finding.code for finding in edition.findings] == ["E102"]
    assert [entry.id for entry in edition.live] == [A]


def test_the_first_appearance_counts(estate: Any) -> None:
    """Of several appearances the earliest tells whether a notice was late."""
    estate.notice(A, type="notice", starts_at="2026-11-25 09:00", valid_from="2026-11-24 08:00")
    estate.commit()
    assert [reason.code for reason in estate.edition().entries[A].reasons] == ["T103"]
    estate.appeared(A, "2026-11-24 08:00")
    estate.commit()
    entry = estate.edition().entries[A]
    assert (entry.reasons, entry.late.name) == ((), "general")
    estate.appeared(A, "2026-11-23 08:00")
    estate.commit()
    entry = estate.edition().entries[A]
    assert (entry.late, entry.public_at) == (None, estate.instant("2026-11-23 08:00"))
