"""`gaoshi approve`: people sign what they have read, with their own keys, and nothing else is signed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import approvals
from approvals import Word
from gaoshi.sources.signatures import fingerprint_of

A, BY_KEY = "2026-11/a", "2026-11/b"
BAILU, LICHUN, GUYU, LEADER = "yun-bailu", "yun-lichun", "yun-guyu", "yun-dongzhi"
WITNESS = "yun-xiaoxue"
MORNING, NOON = "2026-11-24 09:00", "2026-11-24 10:00"


@pytest.fixture
def asked(estate: Any) -> Any:
    """An estate whose one notice is on main and approved by nobody."""
    estate.notice(A, body="东门今晚八点起关闭。\n")
    estate.commit(approved=False)
    return estate


def sign(estate: Any, who: str, *more: str, at: str = MORNING, subject: str = A) -> Any:
    """Run `gaoshi approve` with somebody's key, without being asked."""
    return estate.run(
        "approve", subject, "--key", str(approvals.key_of(who)), "--yes", "--at", at, "--lang", "en", *more
    )


def statements(estate: Any, subject: str = A) -> list[dict[str, Any]]:
    """What is written on a notice, the oldest first."""
    folder = estate.root / "records/approvals" / subject
    return [json.loads(path.read_bytes())["predicate"] for path in sorted(folder.glob("*.json"))]


def state(estate: Any, at: str = NOON) -> str:
    """The state of the notice on main."""
    value: str = estate.edition(at).entries[A].state.value
    return value


def test_two_people_sign_one_after_the_other_and_the_notice_is_public(asked: Any) -> None:
    """Each key gives the stage that is missing and that its owner can give; committed, both count."""
    assert sign(asked, BAILU, at="2026-11-24 09:00").status == 0
    asked.commit(approved=False)
    assert state(asked) == "withheld"
    assert sign(asked, LICHUN, at="2026-11-24 09:05").status == 0
    asked.commit(approved=False)
    assert state(asked) == "live"
    assert [(said["stage"], said["approver"]) for said in statements(asked)] == [
        ("content", BAILU),
        ("publish", LICHUN),
    ]


def test_what_is_signed_is_shown_first(asked: Any) -> None:
    """The text as owners read it, its dates, what was found, what one vouches for, and the content's own id."""
    shown = sign(asked, BAILU).out
    assert "东门今晚八点起关闭。" in shown
    assert "11月30日（周一）18:00" in shown
    assert "is true and reliable" in shown
    assert f"云白露: review of the content; approves {A}" in shown
    assert asked.contents("HEAD")[A] in shown


def test_where_the_statement_lies_and_what_is_to_be_done_with_it_is_said(asked: Any) -> None:
    """Its number, its path, and that it counts once it is committed."""
    said = sign(asked, BAILU).err
    [path] = (asked.root / "records/approvals" / A).glob("*.json")
    digest = hashlib.sha256(path.read_bytes()).hexdigest().upper()
    assert f"number {digest[:4]}-{digest[4:8]}: {path.relative_to(asked.root)}\n" in said
    assert "counts once it is committed" in said


def test_what_changed_since_the_approved_version_is_shown(estate: Any) -> None:
    """Who approves a change sees the change, line by line."""
    estate.notice(A, body="东门今晚八点起关闭。\n")
    estate.commit()
    estate.notice(A, body="东门今晚九点起关闭。\n")
    estate.commit(approved=False)
    shown = sign(estate, BAILU).out
    assert "-东门今晚八点起关闭。" in shown
    assert "+东门今晚九点起关闭。" in shown


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_who_does_not_say_yes_signs_nothing(asked: Any, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """No, an empty line and no terminal at all: nothing is written."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    run = asked.run("approve", A, "--key", str(approvals.key_of(BAILU)), "--at", MORNING)
    assert run.status == 2
    assert not (asked.root / "records").exists()


def by_environment(_estate: Any, monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    monkeypatch.setenv("GAOSHI_KEY", str(key))


def by_git(estate: Any, _monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    estate.git("config", "user.signingkey", str(key))


def by_home(_estate: Any, _monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    home = Path(os.environ["HOME"]) / ".ssh"
    home.mkdir(mode=0o700)
    for name, holder in (("id_ed25519", "somebody-else"), ("work", key.name)):
        for suffix in ("", ".pub"):
            (home / f"{name}{suffix}").write_bytes(Path(f"{approvals.key_of(holder)}{suffix}").read_bytes())
            (home / f"{name}{suffix}").chmod(0o600)


def by_home_without_public_half(_estate: Any, _monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    home = Path(os.environ["HOME"]) / ".ssh"
    home.mkdir(mode=0o700)
    (home / "id_ed25519").write_bytes(key.read_bytes())
    (home / "id_ed25519").chmod(0o600)


@pytest.mark.parametrize("way", [by_environment, by_git, by_home, by_home_without_public_half])
def test_the_key_is_found_where_people_keep_theirs(
    asked: Any, monkeypatch: pytest.MonkeyPatch, way: Callable[[Any, pytest.MonkeyPatch, Path], None]
) -> None:
    """In GAOSHI_KEY, where git has it, or in ~/.ssh: of several the one that the roster knows."""
    way(asked, monkeypatch, approvals.key_of(BAILU))
    assert asked.run("approve", A, "--yes", "--at", MORNING).status == 0
    assert statements(asked)[0]["approver"] == BAILU


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ssh-agent of this test's own."""
    socket = tmp_path / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        yield
        process.terminate()


def test_an_agent_signs_for_who_names_the_public_half(asked: Any, tmp_path: Path, agent: None) -> None:
    """The private half stays with the agent, as it does with a hardware key."""
    subprocess.run(["ssh-add", "-q", str(approvals.key_of(BAILU))], check=True, capture_output=True)
    public = tmp_path / "mine.pub"
    public.write_bytes(Path(f"{approvals.key_of(BAILU)}.pub").read_bytes())
    assert asked.run("approve", A, "--key", str(public), "--yes", "--at", MORNING).status == 0
    asked.commit(approved=False)
    assert [given.person.id for given in asked.edition(NOON).entries[A].standing.newest.given] == [BAILU]


# ── pushing ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def remote(asked: Any, tmp_path: Path) -> Path:
    """Where the estate is pushed to."""
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(path)], check=True)
    asked.git("remote", "add", "origin", str(path))
    asked.git("push", "-q", "origin", "main")
    return path


def test_pushing_adds_to_the_records_and_touches_nothing_here(asked: Any, remote: Path) -> None:
    """The branch records of the remote has the statement; working tree, index and main are as they were."""
    asked.write("notes.txt", "not to be touched")
    before = asked.git("status", "--porcelain"), asked.git("rev-parse", "HEAD")
    run = sign(asked, BAILU, "--push")
    assert run.status == 0
    assert (asked.git("status", "--porcelain"), asked.git("rev-parse", "HEAD")) == before
    assert "; pushed to the branch records of origin.\n" in run.err
    assert "git commit" not in run.err
    listed = subprocess.run(
        ["git", "-C", str(remote), "ls-tree", "-r", "--name-only", "records"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [path.partition(".json")[2] for path in listed] == ["", ".sig"]
    assert all(path.startswith(f"records/approvals/{A}/") for path in listed)


def test_two_heads_in_two_places_push_one_after_the_other(asked: Any, remote: Path, tmp_path: Path) -> None:
    """Who did not know of the other's statement adds his on top of it, and both count."""
    other = type(asked)(tmp_path / "other")
    subprocess.run(["git", "clone", "-q", str(remote), str(other.root)], check=True)
    assert sign(asked, BAILU, "--push", at="2026-11-24 09:00").status == 0
    asked.git("fetch", "-q", "origin")
    assert "reviewed first" in sign(other, GUYU, "--push", at="2026-11-24 09:05").err
    other.git("fetch", "-q", "origin")
    assert sign(other, GUYU, "--push", at="2026-11-24 09:06").status == 0
    asked.git("fetch", "-q", "origin")
    assert state(asked) == "live"
    listed = asked.git("ls-tree", "-r", "--name-only", "refs/remotes/origin/records").splitlines()
    assert len([path for path in listed if path.endswith(".json")]) == 2


# ── what is not signed ───────────────────────────────────────────────────────────────────────────


def nothing_written(estate: Any) -> bool:
    """Whether no statement was made."""
    return not (estate.root / "records/approvals" / A).exists()


def test_a_key_that_the_roster_does_not_know_signs_nothing(asked: Any) -> None:
    """The sentence says whom to ask."""
    run = sign(asked, "mallory")
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "Ask a keeper of the roster" in run.err
    assert f"({fingerprint_of(approvals.public_key('mallory'))})" in run.err


@pytest.mark.parametrize("named", ["mallory", "not-there"])
def test_a_key_that_is_named_is_never_replaced_by_another(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """Though a good one lies in ~/.ssh: who names a key means that one."""
    by_home(asked, monkeypatch, approvals.key_of(BAILU))
    key = approvals.key_of(named) if named == "mallory" else tmp_path / named
    run = asked.run("approve", A, "--key", str(key), "--yes", "--at", MORNING)
    assert (run.status, nothing_written(asked)) == (2, True)
    assert str(key) in run.err


def test_without_any_key_nothing_is_signed(asked: Any) -> None:
    """There is not even a ~/.ssh; the sentence says where was looked, and what to do."""
    run = asked.run("approve", A, "--yes", "--at", MORNING, "--lang", "en")
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "(~/.ssh); name one with --key" in run.err


def test_a_file_that_is_no_key_signs_nothing(asked: Any, tmp_path: Path) -> None:
    """Neither a text nor a file that is not there."""
    (tmp_path / "x").write_text("hello", encoding="utf-8")
    for name in ("x", "y"):
        run = asked.run("approve", A, "--key", str(tmp_path / name), "--yes", "--at", MORNING)
        assert (run.status, nothing_written(asked)) == (2, True)
        assert str(tmp_path / name) in run.err


def test_what_would_not_count_is_not_signed(estate: Any) -> None:
    """Who wrote the notice is told so before he signs, and who is not asked for learns who is."""
    estate.notice(A)
    estate.commit(author="yun.guyu@cloudtop.example", approved=False)
    run = sign(estate, GUYU, "--stage", "publish")
    assert (run.status, nothing_written(estate)) == (2, True)
    assert "would count for nothing" in run.err
    run = sign(estate, LEADER)
    assert (run.status, nothing_written(estate)) == (2, True)
    assert "云立春 (yun-lichun)" in run.err


def test_that_nobody_is_left_who_could_approve_is_said(estate: Any) -> None:
    """Where all who may approve publication wrote the notice, no name is given and none is made up."""
    for author, body in (("yun.lichun", "东门关闭。\n"), ("yun.guyu", "西门关闭。\n")):
        estate.notice(A, body=body)
        estate.commit(author=f"{author}@cloudtop.example", approved=False)
    assert sign(estate, BAILU).status == 0
    estate.commit(approved=False)
    assert "These can: nobody on the roster" in sign(estate, LEADER).err


def test_what_is_not_committed_or_not_there_is_not_signed(asked: Any) -> None:
    """An approval is of what git holds; the sentence says to commit first."""
    asked.notice("2026-11/b")
    run = sign(asked, BAILU, subject="2026-11/b")
    assert run.status == 2
    assert "not committed yet" in run.err
    assert sign(asked, BAILU, subject="2026-11/c").status == 2


def test_what_is_approved_is_not_signed_again_by_mistake(estate: Any) -> None:
    """Nothing is missing, and the sentence says how to sign all the same."""
    estate.notice(A)
    estate.commit()
    run = sign(estate, LICHUN)
    assert run.status == 2
    assert "nothing is missing" in run.err


UNCOMMITTED = "changes that are not committed"


def test_what_others_did_wrong_stops_nobody(asked: Any) -> None:
    """A statement that counts for nothing lies there already; who signs after it is not told what was wrong with it."""
    asked.approve(A, None, Word("content", LEADER))
    asked.commit(approved=False)
    assert sign(asked, BAILU).status == 0
    asked.commit(approved=False)
    newest = asked.edition(NOON).entries[A].standing.newest
    assert ([given.person.id for given in newest.given], len(newest.set_aside)) == ([BAILU], 1)


def test_what_is_signed_already_is_not_written_over(asked: Any) -> None:
    """The same words of the same second lie there: nothing is changed."""
    assert sign(asked, BAILU).status == 0
    [signature] = (asked.root / "records/approvals" / A).glob("*.sig")
    signature.write_bytes(b"as it was")
    run = sign(asked, BAILU)
    assert (run.status, signature.read_bytes()) == (1, b"as it was")
    assert "is there already" in run.err


def test_a_stage_may_be_given_twice_by_who_says_so(estate: Any) -> None:
    """It is not needed, and does no harm."""
    estate.notice(A)
    estate.commit()
    assert sign(estate, GUYU, "--stage", "publish").status == 0


def test_publication_is_approved_before_the_company_where_that_is_asked_too(estate: Any) -> None:
    """Only the review of the content comes first; what else is missing may follow."""
    estate.notice(A, issued_as="company", approver=LEADER)
    estate.commit(approved=False)
    for who, at in ((BAILU, "2026-11-24 09:00"), (LICHUN, "2026-11-24 09:05"), (LEADER, "2026-11-24 09:10")):
        assert state(estate) == "withheld"
        assert sign(estate, who, at=at).status == 0
        estate.commit(approved=False)
    assert state(estate) == "live"


def test_changes_that_are_not_committed_are_pointed_out(asked: Any) -> None:
    """What one approves is the version that is committed, not the one that lies open in the editor."""
    asked.edit(f"notices/{A}/notice.md", "八点", "九点")
    run = sign(asked, BAILU)
    assert f"notices/{A} has {UNCOMMITTED}" in run.out
    assert "东门今晚八点起关闭。" in run.out


def test_nothing_is_pointed_out_where_nothing_differs_or_a_version_is_named(asked: Any) -> None:
    """Everything is committed, or who named a version knows which one he approves."""
    assert UNCOMMITTED not in sign(asked, BAILU).out
    asked.edit(f"notices/{A}/notice.md", "八点", "九点")
    assert UNCOMMITTED not in sign(asked, BAILU, "--rev", "main", at="2026-11-24 09:01").out


def test_publication_is_approved_after_the_content(asked: Any) -> None:
    """The head of the centre cannot go before the head of the department: the order is the standard's (P-7.1)."""
    run = sign(asked, LICHUN)
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "reviewed first" in run.err
    assert "云白露 (yun-bailu)" in run.err


# ── sending back ─────────────────────────────────────────────────────────────────────────────────


def test_a_rejection_needs_a_reason_and_stands_until_its_author_approves(asked: Any) -> None:
    """Empty words are no reason; the state tells who sent it back and why, until he approves himself."""
    assert sign(asked, BAILU, "--reject", "  ").status == 2
    assert sign(asked, BAILU, "--reject", "时间写错了", at="2026-11-24 09:00").status == 0
    asked.commit(approved=False)
    listed = asked.run("approvals", A, "--at", NOON, "--lang", "zh").out
    assert "云白露" in listed
    assert "时间写错了" in listed
    assert sign(asked, BAILU, at="2026-11-24 09:10").status == 0
    asked.commit(approved=False)
    assert sign(asked, LICHUN, at="2026-11-24 09:20").status == 0
    asked.commit(approved=False)
    assert state(asked) == "live"


def test_who_approved_and_then_sent_it_back_approves_again(asked: Any) -> None:
    """His own rejection is what he takes back, though his stage had been given; others go on with theirs."""
    for who, more, at in (
        (BAILU, (), "2026-11-24 09:00"),
        (BAILU, ("--reject", "时间写错了"), "2026-11-24 09:05"),
        (LICHUN, (), "2026-11-24 09:10"),
    ):
        assert sign(asked, who, *more, at=at).status == 0
        asked.commit(approved=False)
    assert state(asked) == "withheld"
    assert sign(asked, BAILU, at="2026-11-24 09:15").status == 0
    asked.commit(approved=False)
    assert state(asked) == "live"
    said = sorted(statements(asked), key=lambda said: said["at"])
    assert [one["stage"] for one in said] == ["content", "content", "publish", "content"]


def test_what_is_public_is_sent_back_by_whoever_may_approve_it(estate: Any) -> None:
    """Nothing is missing to it, and one word takes it from the board."""
    estate.notice(A)
    estate.commit()
    assert state(estate) == "live"
    assert sign(estate, BAILU, "--reject", "时间写错了").status == 0
    estate.commit(approved=False)
    assert state(estate) == "withheld"


def test_who_may_approve_nothing_sends_nothing_back(asked: Any) -> None:
    """He is told who may."""
    run = sign(asked, WITNESS, "--reject", "时间写错了")
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "These can: 云白露 (yun-bailu)" in run.err


# ── in the urgent lane ───────────────────────────────────────────────────────────────────────────


def test_a_head_countersigns_what_a_duty_officer_let_out(estate: Any) -> None:
    """Nothing else is missing, so that this is what he is asked for; who is no head is not."""
    estate.notice(A, type="emergency", occurred_at="2026-11-24 08:50", valid_from=None, valid_until=None)
    estate.commit(approved=False)
    assert sign(estate, BAILU, "--stage", "urgent").status == 0
    estate.commit(approved=False)
    assert estate.edition(NOON).entries[A].verdict.countersign_due is not None
    for other in (LEADER, BAILU):
        refused = sign(estate, other, at="2026-11-24 09:20").err
        assert "its countersignature is still due" in refused
        assert f"{other} cannot. These can: 云立春 ({LICHUN})" in refused
    assert sign(estate, LICHUN, at="2026-11-24 09:30").status == 0
    estate.commit(approved=False)
    assert {said["stage"] for said in statements(estate)} == {"urgent", "countersign"}
    assert estate.edition(NOON).entries[A].verdict.countersign_due is None
    assert "nothing is missing" in sign(estate, LEADER, at="2026-11-24 09:40").err


def test_a_countersignature_is_listed_and_decides_nothing(estate: Any) -> None:
    """Text, data and proof name it beside what approved the notice, whose number and roles stay as they were."""
    estate.notice(A, type="emergency", occurred_at="2026-11-24 08:50", valid_from=None, valid_until=None)
    estate.commit(approved=False)
    urgent, later, again = (
        Word("urgent", BAILU, "2026-11-24T09:00:00+08:00"),
        Word("countersign", LICHUN, "2026-11-24T09:30:00+08:00"),
        Word("countersign", GUYU, "2026-11-24T09:40:00+08:00"),
    )
    estate.approve(A, None, urgent, later, again)
    estate.commit(approved=False)
    listed = estate.run("approvals", A, "--at", NOON, "--lang", "zh").out
    assert "✓ 补签：云立春（服务中心负责人），" in listed
    assert "□" not in listed
    standing = estate.run("approvals", A, "--at", NOON, "--format", "json").data["notices"][0]["newest"]
    assert [(one["stage"], one["approver"]) for one in standing["given"]] == [
        ("urgent", BAILU),
        ("countersign", LICHUN),
    ]
    assert [one["why"] for one in standing["set_aside"]] == ["not-needed"]
    assert standing["approval"] == standing["given"][0]["number"]
    assert f"countersignature {LICHUN}" in estate.run("verify", "--at", NOON, "--lang", "en").out
    estate.build()
    assert "service-centre-head" not in estate.manifest["notices"][0]["approved_by"]


# ── on paper ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """The scan of a sheet that somebody signed."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7 a signed sheet")
    return path


def test_a_witness_records_what_was_signed_on_paper(asked: Any, scan: Path) -> None:
    """With the sheet's number and the scan's SHA-256; the page tells it from one that was approved by key."""
    asked.notice(BY_KEY)
    asked.commit(approved=False)
    asked.approve(BY_KEY)
    for approver, at in ((BAILU, "2026-11-24 09:00"), (LICHUN, "2026-11-24 09:05")):
        paper = ("--on-paper", "纸审2026-031", "--scan", str(scan), "--approver", approver)
        assert sign(asked, WITNESS, *paper, at=at).status == 0
        asked.commit(approved=False)
    assert state(asked) == "live"
    [first, _] = statements(asked)
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    assert re.search(digest, json.dumps(first))
    asked.build(at=NOON)
    on_paper, by_key = (
        (asked.site / "notices" / notice / "index.html").read_text(encoding="utf-8") for notice in (A, BY_KEY)
    )
    number = asked.edition(NOON).entries[A].verdict.number
    assert f"{number}（纸质审批）" in on_paper
    assert "纸质审批" not in by_key


def test_a_rejection_on_paper_says_why(asked: Any, scan: Path) -> None:
    """The words on the sheet are in the statement, and it counts."""
    paper = ("--on-paper", "纸审2026-031", "--scan", str(scan), "--approver", BAILU)
    assert sign(asked, WITNESS, *paper, "--reject", "时间写错了").status == 0
    asked.commit(approved=False)
    [rejection] = asked.edition(NOON).entries[A].standing.newest.rejected
    assert (rejection.person.id, rejection.statement.reason) == (BAILU, "时间写错了")


@pytest.mark.parametrize(
    "told",
    [
        ("--on-paper",),
        ("--scan",),
        ("--approver",),
        ("--on-paper", "--scan"),
        ("--on-paper", "--approver"),
        ("--scan", "--approver"),
    ],
)
def test_paper_needs_number_scan_and_name(asked: Any, scan: Path, told: tuple[str, ...]) -> None:
    """Half a record is none, and is never taken for an approval of who holds the key."""
    values = {"--on-paper": "纸审2026-031", "--scan": str(scan), "--approver": BAILU}
    run = sign(asked, BAILU, *(part for option in told for part in (option, values[option])))
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "give all of --on-paper, --scan and --approver" in run.err


def test_who_is_no_witness_records_nothing_on_paper(asked: Any, scan: Path) -> None:
    """Nor does a witness record his own approval."""
    for who, approver in ((GUYU, BAILU), (BAILU, BAILU)):
        run = sign(asked, who, "--on-paper", "1", "--scan", str(scan), "--approver", approver)
        assert (run.status, nothing_written(asked)) == (2, True)


# ── the roster ───────────────────────────────────────────────────────────────────────────────────


ROSTER = ".github/approvers.yml"


def test_a_keeper_approves_a_change_of_the_roster(asked: Any) -> None:
    """Until then the roster before it holds; the keeper sees the change before he signs."""
    asked.commit()
    asked.edit(ROSTER, "name: 云白露", "name: 云白露露")
    asked.commit(approved=False)
    assert asked.edition(NOON).reign.roster.people[BAILU].name == "云白露"
    run = sign(asked, LEADER, subject="roster")
    assert run.status == 0
    assert "云白露露" in run.out
    asked.commit(approved=False)
    assert asked.edition(NOON).reign.roster.people[BAILU].name == "云白露露"


def test_a_roster_that_lies_changed_on_disk_is_pointed_out(asked: Any) -> None:
    """What the keeper approves is the one that is committed."""
    asked.commit()
    asked.edit(ROSTER, "name: 云白露", "name: 云白露露")
    asked.commit(approved=False)
    asked.edit(ROSTER, "name: 云白露露", "name: 云白露露露")
    assert f"{ROSTER} has {UNCOMMITTED}" in sign(asked, LEADER, subject="roster").out


def test_nobody_else_approves_the_roster(asked: Any) -> None:
    """The head of the centre is no keeper."""
    asked.edit(ROSTER, "name: 云白露", "name: 云白露露")
    asked.commit(approved=False)
    assert sign(asked, LICHUN, subject="roster").status == 2
    assert not (asked.root / "records/approvals/roster").exists()


def without_keeper(text: str) -> str:
    return text.replace("role: roster-keeper", "role: company-leader")


def broken(_text: str) -> str:
    return "people: [\n"


@pytest.mark.parametrize("change", [without_keeper, broken])
def test_a_roster_that_nobody_could_change_again_is_not_approved(asked: Any, change: Callable[[str], str]) -> None:
    """Without a keeper, or unreadable, it must not come into force."""
    path = asked.root / ROSTER
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    asked.commit(approved=False)
    run = sign(asked, LEADER, subject="roster")
    assert run.status == 2
    assert not (asked.root / "records/approvals/roster").exists()


# ── in words ─────────────────────────────────────────────────────────────────────────────────────


def test_the_list_says_what_is_given_and_who_can_give_the_rest(asked: Any, scan: Path) -> None:
    """Who, in which office, when and how; what is missing, with names to ask."""
    paper = ("--on-paper", "纸审2026-031", "--scan", str(scan), "--approver", BAILU)
    sign(asked, WITNESS, *paper)
    asked.commit(approved=False)
    run = asked.run("approvals", A, "--at", NOON, "--lang", "zh")
    assert run.status == 1
    assert "✓ 内容审核：云白露（部门主管），2026年11月24日（周二）9:00，纸质审批 纸审2026-031，云小雪见证" in run.out
    assert "□ 缺发布审批，可以请：云立春 (yun-lichun)、云谷雨 (yun-guyu)" in run.out


def test_the_list_as_data_has_the_same(asked: Any) -> None:
    """Stages, people and instants by their fixed names."""
    sign(asked, BAILU)
    asked.commit(approved=False)
    [notice] = asked.run("approvals", A, "--at", NOON, "--format", "json").data["notices"]
    assert notice["approved"] is False
    assert [(given["stage"], given["approver"]) for given in notice["newest"]["given"]] == [("content", BAILU)]
    assert notice["newest"]["missing"] == [{"stage": "publish", "people": [LICHUN, GUYU]}]


def test_verify_proves_what_is_public_and_fails_on_what_is_not(estate: Any, tmp_path: Path) -> None:
    """Of a published manifest, too: a notice added to it, or other content under its name, is found out."""
    estate.notice(A)
    estate.commit()
    estate.build()
    proved = estate.run("verify", "--at", NOON)
    assert proved.status == 0
    assert "the one notice on the board has a valid approval" in proved.err
    board = tmp_path / "board.json"
    board.write_bytes((estate.site / "board.json").read_bytes())
    assert estate.run("verify", "--board", str(board)).status == 0
    said = json.loads(board.read_bytes())
    said["notices"][0]["content_id"] = "0" * 40
    board.write_text(json.dumps(said), encoding="utf-8")
    run = estate.run("verify", "--board", str(board))
    assert run.status == 1
    assert A in run.err
    board.write_text("<html>", encoding="utf-8")
    assert estate.run("verify", "--board", str(board)).status == 2


def test_the_words_used_here_are_those_of_a_real_head(asked: Any) -> None:
    """What the verb writes is what the tests' own statements are: one form, one way to count."""
    sign(asked, BAILU)
    [path] = (asked.root / "records/approvals" / A).glob("*.json")
    word = Word("content", BAILU, "2026-11-24T09:00:00+08:00")
    [payload, _] = word.files(A, asked.contents("HEAD")[A]).values()
    assert path.read_bytes() == payload
