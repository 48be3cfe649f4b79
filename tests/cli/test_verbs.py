"""The command line as a whole: help, languages, instants, exit statuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gaoshi.cli import VERBS, main
from gaoshi.core.instants import NotAnInstant, parse_instant
from gaoshi.rules import RULES
from gaoshi.sources.templates import load_catalogue

A = "2026-11/a"
PYTHON = [sys.executable, "-W", "error"]


@pytest.fixture
def board(estate: Any) -> Any:
    """An estate with one live, one upcoming and one withheld notice."""
    estate.notice(A)
    estate.notice("2026-11/b", valid_from="2026-11-25 09:00")
    estate.notice("2026-11/c", approver="nobody")
    estate.commit()
    return estate


def test_help_is_quick_and_loads_nothing() -> None:
    """`gaoshi --help` imports neither MkDocs nor YAML nor the pipeline."""
    code = (
        "import sys\nsys.argv = ['gaoshi', '--help']\nfrom gaoshi.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "slow = {'mkdocs', 'yaml', 'gaoshi.edition', 'markdown', 'nh3', 'jinja2', 'sqlite3', 'subprocess'}\n"
        "bad = slow & set(sys.modules)\n"
        "sys.exit(f'imported {bad}' if bad else 0)"
    )
    result = subprocess.run([*PYTHON, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    for verb, words in VERBS.items():
        assert verb in result.stdout
        assert words.rstrip(".") in " ".join(result.stdout.split())


@pytest.mark.parametrize("verb", [*VERBS, None])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_verb_has_help_with_an_example(
    board: Any, verb: str | None, flag: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` says what a verb does and ends in an example of that very verb."""
    monkeypatch.setattr(sys, "argv", ["gaoshi", *([verb] if verb else []), flag])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0
    assert f"Example: gaoshi {verb or ''}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["check", "--nonsense"],
        ["check", "--format", "xml"],
        ["build", "--at"],
        ["explain", "Z999"],
        ["check", "--lang", "fr"],
    ],
)
def test_wrong_usage_is_exit_status_2(board: Any, arguments: list[str]) -> None:
    """What the command line does not know is told on standard error, with exit status 2."""
    run = board.run(*arguments) if arguments[0] != "explain" else _explain(*arguments[1:])
    assert (run.status, run.out) == (2, "")
    assert run.err
    assert "Traceback" not in run.err


def test_wrong_usage_is_told_in_the_users_language(board: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Usage, where the help is, and what is wrong: around our own sentences and around click's."""
    run = board.run("next", "--at", "soon", "--lang", "zh")
    usage, hint, gap, error = run.err.splitlines()
    assert usage.startswith("用法：")
    assert usage.endswith("next [OPTIONS]")
    assert (hint[:3], gap) == ("试试 ", "")
    assert error.startswith("错误：--at 的值不对：看不懂时间“soon”")
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert "\n错误：" in board.run("status", "--nonsense").err
    english = board.run("next", "--at", "soon", "--lang", "en").err.splitlines()
    assert [line.split(" ")[0] for line in english] == ["Usage:", "Try", "", "Error:"]
    assert english[-1].startswith("Error: Invalid value for --at: “soon”")


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"log", "approvals"}))
def test_every_verb_takes_a_language(verb: str) -> None:
    """`--lang` is among the options of each."""
    command = import_module(f"gaoshi.cli.{verb}").command
    assert "--lang" in {name for option in command.params for name in option.opts}


def test_what_is_to_come_and_what_is_asked_is_told_in_the_language_that_was_chosen(board: Any) -> None:
    """`next` and `new` speak Chinese to who asks for it, whatever the locale."""
    late = board.run("next", "--at", "2027-11-25 09:00", "--lang", "zh")
    assert late.err == "公告栏的内容不会再自行变化。\n"
    assert "文件夹名只能" in board.run("new", "safety", "--slug", "A B", "--lang", "zh").err


def _explain(*arguments: str) -> Any:
    result = subprocess.run(
        [sys.executable, "-m", "gaoshi.cli", "explain", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LANG": "en_GB.UTF-8"},
    )

    class Result:
        status, out, err = result.returncode, result.stdout, result.stderr

    return Result


def test_a_defect_is_one_sentence_and_70(board: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that never should happen: one sentence that asks to report it, exit status 70, no traceback."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("gaoshi.edition.compose", broken)
    for language, words in (("en_GB", "a defect of ours"), ("zh_CN", "这是我们的缺陷")):
        monkeypatch.setenv("LANG", f"{language}.UTF-8")
        run = board.run("status")
        assert (run.status, run.out, run.err.count("\n")) == (70, "", 1)
        assert "ZeroDivisionError: on purpose" in run.err
        assert words in run.err
        assert "Traceback" not in run.err


def test_a_reader_who_leaves_is_no_defect(board: Any) -> None:
    """`gaoshi status | head -1` ends quietly."""
    command = f"{sys.executable} -m gaoshi.cli status --project {board.root} | true"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_a_terminal_without_the_characters_is_no_defect(board: Any, encoding: str) -> None:
    """Where the terminal cannot show Chinese, marks stand in for it; nothing fails."""
    result = subprocess.run(
        [sys.executable, "-m", "gaoshi.cli", "status", "--project", str(board.root), "--at", board.at, "--lang", "zh"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert (result.returncode, result.stderr) == (1, b"")
    assert A.encode() in result.stdout


# ── instants ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 10:00",
        "2026-11-24T10:00",
        "2026-11-24 10:00:00",
        "2026-11-24T02:00Z",
        "2026-11-24T03:00+01:00",
        " 2026-11-24 10:00 ",
    ],
)
def test_at_takes_an_instant_in_board_time_or_with_an_offset(board: Any, text: str) -> None:
    """Every form of the same instant gives the same answer, told in the board's zone."""
    data = board.run("next", "--at", text, "--format", "json").data
    assert data["at"] == "2026-11-24T10:00:00+08:00"
    assert data["next"] == "2026-11-25T09:00:00+08:00"


@pytest.mark.parametrize("verb", ["check", "status", "next", "build", "summary", "serve"])
@pytest.mark.parametrize(
    "text", ["soon", "2026-11-24", "2026-02-30 10:00", "2026-11-24 24:00", "", "1900-01-01 00:00", "2026-11-24 10"]
)
def test_at_refuses_what_is_no_instant(board: Any, verb: str, text: str) -> None:
    """An unclear time is wrong usage: it is named, and nothing is done."""
    run = board.run(verb, "--at", text)
    assert (run.status, run.out) == (2, "")
    assert "--at" in run.err
    assert "cli.not_an_instant" not in run.err


def test_without_at_it_is_now(board: Any) -> None:
    """The clock is read when nobody says otherwise."""
    at = datetime.fromisoformat(board.run("status", "--format", "json").data["at"])
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


# ── status and next ──────────────────────────────────────────────────────────────────────────────


def test_status_lists_every_notice_with_its_state(board: Any) -> None:
    """As documented: id, state, reasons with code, message and fix; exit status 1 as something is withheld."""
    run = board.run("status", "--rev", "HEAD", "--at", board.at, "--format", "json", "--lang", "en")
    assert run.status == 1
    data = run.data
    assert (data["format"], data["at"]) == (1, "2026-11-24T10:00:00+08:00")
    assert data["revision"] == board.git("rev-parse", "HEAD")
    states = {notice["id"]: notice["state"] for notice in data["notices"]}
    assert states == {A: "live", "2026-11/b": "upcoming", "2026-11/c": "withheld"}
    reasons = data["notices"][2]["reasons"]
    assert [reason.keys() for reason in reasons] == [{"code", "message", "fix"}] * 2
    assert reasons[0]["code"] == "A101"


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ["暂缓发布", "发布中", "待发布"]), ("en", ["Withheld", "Live", "Upcoming"])]
)
def test_status_speaks_to_people(board: Any, language: str, words: list[str]) -> None:
    """States are called by the names that people know, withheld first; then how many there are of each."""
    run = board.run("status", "--rev", "HEAD", "--at", board.at, "--lang", language)
    heads = [line for line in run.out.splitlines() if not line.startswith(" ")]
    assert [line.split("  ")[0] for line in heads[:-1]] == words
    assert heads[-1].startswith({"zh": "共 3 份告示：暂缓发布 1、", "en": "Notices: 3. Withheld 1, "}[language])
    assert "A101" in run.out


def test_next_is_printed_as_an_instant_or_a_sentence(board: Any) -> None:
    """The next change to the second with its offset; and when there is none, a sentence and null."""
    assert board.run("next", "--at", board.at).out == "2026-11-25T09:00:00+08:00\n"
    late = board.run("next", "--at", "2027-11-25 09:00")
    assert (late.status, late.out, late.err) == (0, "", "Nothing on the board will change by itself.\n")
    assert board.run("next", "--at", "2027-11-25 09:00", "--format", "json").data["next"] is None


# ── explain ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_explained_in_every_language(
    quiet_home: None, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every code: its title, its clause, why, and how to mend it; and all of them in the list."""
    for code in RULES:
        monkeypatch.setattr(sys, "argv", ["gaoshi", "explain", code.lower(), "--lang", language])
        with pytest.raises(SystemExit) as stop:
            main()
        out = capsys.readouterr().out
        assert stop.value.code == 0
        assert out.startswith(f"{code}  ")
        assert RULES[code].clause in out
        assert "→" in out
        assert "rules." not in out
        assert "cli." not in out
        assert not re.search(r"\{[a-z_]+\}", out)
    monkeypatch.setattr(sys, "argv", ["gaoshi", "explain", "--lang", language])
    with pytest.raises(SystemExit):
        main()
    assert [line[:4] for line in capsys.readouterr().out.splitlines()] == sorted(RULES)


def test_an_unknown_code_is_answered_with_a_guess() -> None:
    """`explain T31` names the code that was probably meant."""
    result = _explain("T310")
    assert result.status == 2
    assert "T301" in result.err or "T1" in result.err or "T2" in result.err


def test_language_follows_the_locale(board: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are in Chinese in a Chinese locale and in English in any other; LANGUAGE and LC_ALL go before LANG."""
    for settings, chinese in [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "de_DE.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "zh_CN:en"}, True),
        ({}, False),
    ]:
        with monkeypatch.context() as patch:
            for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES"):
                patch.delenv(name, raising=False)
            for name, value in settings.items():
                patch.setenv(name, value)
            out = board.run("status", "--at", board.at).out
            assert ("发布中" in out) is chinese, settings


def test_json_is_one_document_on_standard_output(board: Any) -> None:
    """With `--format json` standard output is JSON and nothing else."""
    for arguments in (("check",), ("status",), ("next",)):
        run = board.run(*arguments, "--format", "json", "--at", board.at)
        assert json.loads(run.out)["format"] == 1
        assert run.err == ""


def test_instants_have_no_reason_without_words() -> None:
    """Whatever can be wrong with an instant, there is a sentence for it in each language."""
    zone = ZoneInfo("America/New_York")
    whys = set()
    for text in ("soon", "2026-11-24", "2026-02-30 10:00", "1900-01-01 00:00", "2026-03-08 02:30", "2026-11-01 01:30"):
        with pytest.raises(NotAnInstant) as caught:
            parse_instant(text, zone)
        whys.add(caught.value.why)
    assert whys == {"form", "date-only", "impossible", "range", "gap", "ambiguous"}
    templates = Path(__file__).resolve().parents[2] / "site_templates"
    for language in ("zh", "en"):
        catalogue = load_catalogue(templates, language)
        assert catalogue is not None
        missing = [why for why in whys if not isinstance(catalogue.find(f"cli.not_an_instant.{why}"), str)]
        assert not missing
