"""Makes the sample estate's keys, and signs its approvals and receipts anew.

Run it after every change of a sample notice, commit what it writes, and commit it alone: an approval is
of the version that is committed. The private keys lie in `.cache/sample-keys`, which git ignores; where
they are missing, new ones are made, and then the roster begins anew (see docs/approval.md, "The root").
"""

import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from gaoshi.core.instants import parse_instant
from gaoshi.core.notice import Notice
from gaoshi.core.roster import Roster
from gaoshi.core.statement import Decision, How, Receipt, Stage, Statement, Subject, digest_of
from gaoshi.sources.cache import Cache
from gaoshi.sources.notices import read_folders, read_shelf
from gaoshi.sources.records import read_log
from gaoshi.sources.rosters import parse_roster
from gaoshi.sources.settings import parse_board
from gaoshi.sources.signatures import fingerprint_of
from gaoshi.sources.snapshot import ROSTER, SETTINGS, Snapshot, open_snapshot
from gaoshi.sources.versions import read_versions
from gaoshi.sources.witness import signed_receipt, signed_statement

ROOT = Path(__file__).resolve().parent.parent
KEYS = ROOT / ".cache" / "sample-keys"
WITNESS = "publisher"
RECORDER = "yun-xiaoxue"
HEAD = "yun-lichun"
LEADER = "yun-dongzhi"
DUTY_OFFICERS = ("yun-mangzhong", "yun-bailu")
NEWEST = "2026-11-23 16:00"
"""What is only to come was approved before this, so that the sample's board knows of it."""

NEVER_APPROVED = {"2026-11/warm-winter-week"}
EDITED_SINCE = {"2026-11/e-bike-charging"}
"""Its newest version is not approved; the one before it is."""
APPROVED_AGAIN = {
    f"2026-11/{name}"
    for name in (
        "common-income-q3",
        "handover-tower-4",
        "leaf-volunteers",
        "service-fee-2027",
        "street-fire-inspection",
        "title-certificates-tower-3",
    )
}
"""Both its versions are approved, the newest one at NEWEST."""
ON_PAPER = {"2026-03/everyday-services": "纸审2026-007"}
NOT_COUNTERSIGNED = {"2026-11/tower-4-water-fault", "2026-11/tower-1-lift-fault"}


def main() -> None:
    """Keys where they are missing, then every statement and every receipt."""
    make_keys()
    for part in ("approvals", "receipts"):
        shutil.rmtree(ROOT / "records" / part, ignore_errors=True)
    with open_snapshot(ROOT, "HEAD") as snapshot:
        files = dict(sign_all(snapshot))
    for path, data in files.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    print(f"{len(files)} files in records/; commit them alone: git add records && git commit")


def make_keys() -> None:
    """A key for everybody whom the roster gives one, with its public half on the roster."""
    path = ROOT / ROSTER
    text = path.read_text(encoding="utf-8")
    holder = ""
    lines = []
    for line in text.splitlines(keepends=True):
        found = re.match(r"  - id: (\S+)", line)
        holder = found[1] if found else holder
        lines.append(re.sub(r"ssh-ed25519 [^\s,}]+", lambda _: public_half(holder), line))  # noqa: B023
    if "".join(lines) != text:
        path.write_text("".join(lines), encoding="utf-8")
        sys.exit(f"New keys are on the roster. Commit {ROSTER}, then run this again.")


def public_half(holder: str) -> str:
    """The public key of somebody, as it stands on the roster."""
    key = KEYS / holder
    if not key.exists():
        KEYS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", holder, "-f", str(key)], check=True)
    return " ".join(key.with_name(f"{holder}.pub").read_text(encoding="utf-8").split()[:2])


def sign_all(snapshot: Snapshot):  # noqa: ANN201
    """Every statement and receipt as files."""
    board, _ = parse_board(snapshot.read(SETTINGS))
    roster, _ = parse_roster(snapshot.read(ROSTER), board.zone, board.language)
    cache = Cache(None, "")
    shelf = read_shelf(snapshot, board, cache)
    log = read_log(snapshot, shelf.notices.keys(), board.standard.channels)
    versions = read_versions(snapshot, cache).notices
    earlier = [(notice_id, versions[notice_id][-2].content_id) for notice_id in EDITED_SINCE | APPROVED_AGAIN]
    before = {notice_id: notice for (notice_id, _), notice in read_folders(snapshot, earlier, board, cache).items()}
    newest = parse_instant(NEWEST, board.zone)
    for notice_id, notice in (shelf.notices | before).items():
        if notice_id in NEVER_APPROVED:
            continue
        public = log.appeared.get(notice_id) or min(notice.instant("valid_from") or newest, newest)
        for statement in statements(notice, roster, board.id, public.astimezone(board.zone)):
            yield from signed(statement, board.id)
        if notice_id in APPROVED_AGAIN:
            for statement in statements(shelf.notices[notice_id], roster, board.id, newest):
                yield from signed(statement, board.id)


def statements(notice: Notice, roster: Roster, board: str, public: datetime):  # noqa: ANN201
    """What people said of a notice before it was `public`, and after."""

    def said(stage: Stage, approver: str, minutes: int, **given: str) -> Statement:
        how = How.PAPER if given else How.SIGNATURE
        at = public + timedelta(minutes=minutes)
        return Statement(board, subject, stage, Decision.APPROVE, approver, at, how, given=given)

    subject = Subject(notice.id, notice.content_id)
    if notice.approver in DUTY_OFFICERS:
        yield said(Stage.URGENT, notice.approver, -4)
        if notice.id not in NOT_COUNTERSIGNED:
            yield said(Stage.COUNTERSIGN, HEAD, 55)
        return
    heads = roster.who_may(Stage.CONTENT, notice.department, public - timedelta(minutes=70))
    yield said(Stage.CONTENT, heads[-1].id if len(heads) == 1 else heads[0].id, -70)
    publisher = HEAD if notice.approver == LEADER else notice.approver
    if notice.id in ON_PAPER:
        scan = digest_of(ON_PAPER[notice.id].encode())
        yield said(Stage.PUBLISH, publisher, -25, witness=RECORDER, paper=ON_PAPER[notice.id], scan=scan)
    else:
        yield said(Stage.PUBLISH, publisher, -25)
    if notice.values.get("issued_as") == "company":
        yield said(Stage.COMPANY, LEADER, -15)


def signed(statement: Statement, board: str):  # noqa: ANN201
    """The files of a statement, and of the publisher's receipt two minutes later."""
    hand = statement.given.get("witness", statement.approver)
    files = signed_statement(statement, KEYS / hand)
    yield from files.items()
    payload = next(data for path, data in files.items() if path.endswith(".json"))
    signer = fingerprint_of(public_half(hand))
    receipt = Receipt(board, digest_of(payload), statement.at + timedelta(minutes=2), WITNESS, signer)
    yield from signed_receipt(receipt, statement.subject, KEYS / WITNESS).items()


if __name__ == "__main__":
    main()
