"""`gaoshi due`: whether the public board has to be made anew, to the second, and why."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from public_server import PublicServer, files_of, send

A, AT, NEXT = "2026-11/a", "2026-11-24 10:00", "2026-11-24 10:30"
_KEPT: dict[str, Any] = {}


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project with one notice, built at AT; the board changes at NEXT. Made once, never changed."""
    if not _KEPT:
        estate = make_estate("due")
        estate.notice(A, valid_until=NEXT)
        estate.commit()
        assert estate.build(at=AT).status == 0
        _KEPT["estate"] = estate
    return _KEPT["estate"]


@pytest.fixture
def copy(project: Any, tmp_path: Path) -> Any:
    """The same project, to be changed, with the board that was built."""
    shutil.copytree(project.site, tmp_path / "copy-site")
    return type(project)(Path(shutil.copytree(project.root, tmp_path / "copy")))


def due(estate: Any, *arguments: str, at: str = "2026-11-24 10:05", after: Path | None = None) -> list[str]:
    """Why the board is due; its answer is the same in JSON, in words and as an exit status."""
    source = () if "--site" in arguments else ("--after", str(after or estate.site / "board.json"))
    told = estate.run("due", *source, "--at", at, "--lang", "en", "--format", "json", *arguments)
    plain = estate.run("due", *source, "--at", at, "--lang", "en", "--exit-code", *arguments)
    assert told.status == 0, told.err
    codes = [reason["code"] for reason in told.data["reasons"]]
    assert told.data["due"] is bool(codes)
    assert plain.status == (1 if codes else 0)
    assert plain.out.splitlines() == [reason["message"] for reason in told.data["reasons"]] or not codes
    assert plain.out.startswith("Due: " if codes else "Not due; ")
    return codes


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        ("2026-11-24 09:54:59", ["future"]),
        ("2026-11-24 09:55:00", []),
        ("2026-11-24 10:00:00", []),
        ("2026-11-24 10:29:59", []),
        ("2026-11-24 10:30:00", ["change"]),
        ("2026-12-24 10:30:00", ["change"]),
    ],
)
def test_a_board_is_due_from_the_second_of_its_next_change(project: Any, at: str, codes: list[str]) -> None:
    """Not a second sooner; and one of a time to come is due at once, or it never would be."""
    assert due(project, at=at) == codes


@pytest.mark.parametrize(("at", "codes"), [("2026-11-25 09:59:59", []), ("2026-11-25 10:00:00", ["age"])])
def test_a_board_without_a_next_change_is_due_after_a_day(copy: Any, at: str, codes: list[str]) -> None:
    """To the second, 24 hours after it was made."""
    data = json.loads((copy.site / "board.json").read_bytes()) | {"next": None, "due": "2026-11-25T10:00:00+08:00"}
    (copy.site / "board.json").write_text(json.dumps(data))
    assert due(copy, at=at) == codes


def test_another_revision_of_main_is_a_reason(copy: Any) -> None:
    """Whatever it changed; and the revision that is public is none."""
    old = copy.git("rev-parse", "HEAD")
    copy.write("readme.txt", "nothing that a board shows")
    copy.commit()
    assert due(copy) == ["revision"]
    assert due(copy, "--rev", old) == []


def test_people_read_short_ids_and_the_boards_time_and_programs_all_of_them(copy: Any) -> None:
    """Twelve digits of a commit, and an instant as the board says it; JSON has the whole id and the offset."""
    old = copy.git("rev-parse", "HEAD")
    copy.write("readme.txt", "x")
    new = copy.commit()
    run = copy.run("due", "--after", str(copy.site / "board.json"), "--at", AT, "--lang", "en")
    assert run.out == f"Due: main has gone on from {old[:12]} to {new[:12]}.\n"
    run = copy.run("due", "--after", str(copy.site / "board.json"), "--at", AT, "--lang", "en", "--format", "json")
    assert (run.data["reasons"][0]["was"], run.data["reasons"][0]["now"]) == ([old], [new])
    run = copy.run("due", "--after", str(copy.site / "board.json"), "--at", AT, "--rev", old, "--lang", "en")
    assert run.out == "Not due; without another change, the board is due at Tue 24 Nov 2026, 10:30.\n"


def test_a_clone_that_is_only_fetched_into_is_asked_about_what_it_follows(copy: Any, tmp_path: Path) -> None:
    """As a publisher's: HEAD stays where it was cloned, and what is published is what was fetched."""
    clone = type(copy)(tmp_path / "clone")
    subprocess.run(["git", "clone", "--quiet", str(copy.root), str(clone.root)], check=True, capture_output=True)
    copy.write("readme.txt", "x")
    newest = copy.commit()
    public = copy.site / "board.json"
    assert copy.build("--after", str(public), at=AT).status == 0
    assert due(clone, after=public) == ["revision"]
    clone.git("fetch", "--quiet")
    assert due(clone, after=public) == []
    assert clone.run("due", "--after", str(public), "--at", AT, "--format", "json").data["revision"] == newest
    clone.write("mine.txt", "not pushed yet")
    mine = clone.commit()
    run = clone.run("due", "--after", str(public), "--at", AT, "--format", "json")
    assert (run.data["due"], run.data["revision"]) == (True, mine)


def test_a_board_that_goes_beyond_what_is_here_is_not_said_to_have_gone_back(copy: Any) -> None:
    """The public board is of a later commit than the one asked about: told so, with what to do."""
    old = copy.git("rev-parse", "HEAD")
    copy.write("readme.txt", "x")
    newest = copy.commit()
    assert copy.build("--after", str(copy.site / "board.json"), at=AT).status == 0
    assert due(copy, "--rev", old) == ["revision"]
    run = copy.run("due", "--after", str(copy.site / "board.json"), "--at", AT, "--rev", old, "--lang", "en")
    assert run.out == (
        f"Due: the public board was made from {newest[:12]}, which is newer than {old[:12]} here. "
        "Run git fetch, or name what is published with --rev.\n"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param(
            "en",
            (
                "Due: the public board was made from {was}, which is not in this clone. Run git fetch; if it stays so, "
                "this clone has only part of the history, or main was rewritten.\n"
            ),
            id="en",
        ),
        pytest.param(
            "zh",
            "需要重新生成：公开的公告栏由 {was} 生成，而本机没有这个版本。请运行 git fetch；之后仍然没有的话，本机的历史不完整，或主分支的历史被改写过。\n",
            id="zh",
        ),
    ],
)
def test_of_a_commit_that_is_not_here_nothing_is_said_but_that(
    copy: Any, tmp_path: Path, language: str, said: str
) -> None:
    """The public board is of a commit that this clone has not fetched: main is not said to have gone on, or back."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(copy.root), str(clone)], check=True, capture_output=True)
    copy.write("readme.txt", "x")
    newest = copy.commit()
    assert copy.build("--after", str(copy.site / "board.json"), at=AT).status == 0
    arguments = ("--after", str(copy.site / "board.json"), "--at", AT, "--lang", language)
    assert type(copy)(clone).run("due", *arguments).out == said.format(was=newest[:12])
    assert copy.run("due", *arguments).out.startswith({"en": "Not due", "zh": "不必"}[language])


def test_new_records_are_a_reason(copy: Any) -> None:
    """An approval that came by the branch `records`, here or as it was fetched, makes the board due."""
    tip = copy.record({"records/readme.txt": b"one"})
    assert due(copy) == ["records"]
    assert copy.build("--after", str(copy.site / "board.json"), at=AT).status == 0
    assert due(copy) == []
    copy.git("update-ref", "refs/remotes/origin/records", tip)
    assert due(copy) == []
    copy.record({"records/more.txt": b"two"})
    assert due(copy) == ["records"]


def test_every_reason_is_told(copy: Any) -> None:
    """Several at once, each in a sentence."""
    copy.record({"records/readme.txt": b"one"})
    copy.write("readme.txt", "x")
    copy.commit()
    assert due(copy, at="2026-11-24 10:30") == ["revision", "records", "change"]


@pytest.mark.parametrize("data", [b"", b"<!doctype html>", b'{"format": 2}'])
def test_no_readable_board_is_a_reason(copy: Any, data: bytes) -> None:
    """Half of a file, a portal's page, another format: the board has to be made."""
    (copy.site / "board.json").write_bytes(data)
    assert due(copy) == ["no-board"]


@pytest.mark.parametrize(("language", "words"), [("zh", "打不开 "), ("en", "cannot be opened")])
def test_a_file_that_is_not_there_is_wrong_usage(copy: Any, language: str, words: str) -> None:
    """It was named wrongly or not fetched, which says nothing about the board; the sentence names it."""
    run = copy.run("due", "--after", "nix.json", "--at", AT, "--lang", language)
    assert (run.status, run.out) == (2, "")
    assert words in run.err
    assert "nix.json" in run.err


def test_the_board_of_another_estate_is_a_reason(copy: Any) -> None:
    """And the only one: its revision and instants say nothing about ours."""
    data = json.loads((copy.site / "board.json").read_bytes()) | {"board": "elsewhere"}
    (copy.site / "board.json").write_text(json.dumps(data))
    assert due(copy, at="2026-11-24 11:30") == ["board"]


# ── asking the public board ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def public(project: Any) -> Iterator[PublicServer]:
    """A server with the board as it was built."""
    server = PublicServer(files_of(project.site))
    yield server
    server.close()


def test_the_public_board_is_asked_for_its_manifest_alone(project: Any, public: PublicServer) -> None:
    """One line asks the public board, past caches."""
    assert due(project, "--site", public.address) == []
    assert due(project, "--site", public.address, at=NEXT) == ["change"]
    assert set(public.paths) == {"board.json"}
    assert all(headers["Cache-Control"] == "no-cache" for _, headers in public.asked)


@pytest.mark.parametrize("status", [404, 500])
def test_a_public_board_that_cannot_be_read_is_a_reason(project: Any, public: PublicServer, status: int) -> None:
    """Whether there is none or its host is down: it is due, and why it could not be read is said."""
    public.any_lie = lambda handler, _: send(handler, b"no", status=status)
    assert due(project, "--site", public.address) == ["no-board"]
    run = project.run("due", "--site", public.address, "--lang", "en")
    assert run.out == (
        f"Due: the public board cannot be read (/board.json: expected status 200, and it is {status}.).\n"
    )


# ── surroundings ─────────────────────────────────────────────────────────────────────────────────


def test_it_needs_no_history(project: Any, tmp_path: Path) -> None:
    """A clone of the newest commit alone is enough."""
    shallow = type(project)(tmp_path / "shallow")
    clone = ["git", "clone", "--quiet", "--depth=1", f"file://{project.root}", str(shallow.root)]
    subprocess.run(clone, check=True, capture_output=True)
    assert due(shallow, after=project.site / "board.json") == []


def test_no_notice_is_looked_into(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is quick however many notices there are: nothing is composed."""

    def broken(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("gaoshi.edition.compose", broken)
    monkeypatch.setattr("gaoshi.sources.notices.read_shelf", broken)
    assert due(project) == []


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 2),
        (["--after", "x", "--site", "https://board.example/"], 2),
        (["--site", "board.example"], 2),
        (["--after", "x", "--at", "yesterday"], 2),
        (["--after", "x", "--rev", "nothing"], 3),
        (["--after", "x", "--rev=--all"], 3),
    ],
)
def test_wrong_usage_and_broken_surroundings_are_told_apart(project: Any, arguments: list[str], status: int) -> None:
    """One source for the public board, an instant, a revision that is there; one sentence otherwise."""
    run = project.run("due", *arguments)
    assert (run.status, run.out) == (status, "")
    assert "Traceback" not in run.err
    assert run.err


def test_without_a_repository_it_is_exit_status_3(project: Any, tmp_path: Path) -> None:
    """Nobody can tell whether main has gone on."""
    assert type(project)(tmp_path).run("due", "--after", str(project.site / "board.json")).status == 3


def test_json_has_the_documented_keys(project: Any) -> None:
    """Fixed names, instants in the board's zone."""
    data = project.run(
        "due",
        "--after",
        str(project.site / "board.json"),
        "--at",
        "2026-11-24T02:30Z",
        "--format",
        "json",
        "--lang",
        "zh",
    ).data
    text = (Path(__file__).resolve().parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    shown = json.loads(text.split("\n## due --format json\n")[1].split("```json\n")[1].split("```")[0])
    assert list(data) == list(shown)
    assert data == {
        "format": 1,
        "due": True,
        "reasons": [
            {
                "code": "change",
                "was": "2026-11-24T10:30:00+08:00",
                "now": "2026-11-24T10:30:00+08:00",
                "message": "需要重新生成：内容应在 2026年11月24日（周二）10:30 变化（现在是 2026年11月24日（周二）10:30）。",
            }
        ],
        "at": "2026-11-24T10:30:00+08:00",
        "revision": project.git("rev-parse", "HEAD"),
        "next": "2026-11-24T10:30:00+08:00",
        "due_at": "2026-11-24T10:30:00+08:00",
    }


def test_a_branch_that_lags_behind_here_is_no_reason(copy: Any) -> None:
    """Who approved and fetched since has an older `records` of his own beside the remote's: only the newer one counts."""
    old = copy.record({"records/log/x": b"1"})
    new = copy.record({"records/log/y": b"2"})
    copy.git("update-ref", "refs/remotes/origin/records", new)
    copy.git("update-ref", "refs/heads/records", old)
    assert copy.build().status == 0
    assert copy.manifest["records"] == [new]
    assert due(copy) == []
    copy.git("update-ref", "refs/heads/records", new)
    assert due(copy) == []
