"""Repositories to measure with: an estate's notices of many years, the same ones at every run.

Every notice is one commit, has its entries in the publication log, and reads like those that service
centres post. Nothing here is random: what varies, varies with the notice's number.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from gaoshi.core.statement import (
    RECEIPT_NAMESPACE,
    STATEMENT_NAMESPACE,
    Decision,
    Receipt,
    Stage,
    Statement,
    Subject,
    digest_of,
    encode_receipt,
    encode_statement,
)

ROOT = Path(__file__).resolve().parent.parent
ZONE = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 24, 10, tzinfo=ZONE)
"""The instant at which every measured board is built."""

LANGUAGES = ("zh", "en")
_FIRST = datetime(2026, 2, 2, tzinfo=ZONE)
"""From here on all that the sample's roster names are in office; what is older was approved afterwards."""
_TAKEN_ALONG = ("mkdocs.yml", "site_templates")
_ROSTER = ".github/approvers.yml"
_HEADS = {
    "engineering": "yun-mangzhong",
    "security": "yun-bailu",
    "cleaning": "yun-hanlu",
    "customer-service": "yun-xiaoman",
}
_PUBLISHER, _WITNESS, _BOARD = "yun-lichun", "publisher", "cloudtop"
_PER_DAY = 5
_COMMITTER = "发布 <publisher@cloudtop.example>"
_AUTHOR = "云秋分 <yun.qiufen@cloudtop.example>"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of notice: its kind's own front matter, and what it says in both languages."""

    slug: str
    matter: str
    matter_en: str
    title: tuple[str, str]
    text: tuple[str, str]
    lead: timedelta = timedelta(days=3)
    lasts: timedelta = timedelta(hours=6)


SORTS = (
    Sort(
        "water",
        "type: utility-outage\nsubtype: water\ndepartment: engineering\nscope: 高区（16–30层）\ncause: 市政管网检修\n"
        "notify: [security, cleaning]",
        "scope: High zone (floors 16–30)\ncause: Repairs to the city water main",
        ("关于{place}计划停水的温馨提示（第{number}号）", "Planned water outage, {place_en} (no. {number})"),
        (
            "低区（1–15层）由另一路管网供水，不受影响。\n\n停水前，请您：\n\n- 备好当天的饮用水和冲厕用水；\n"
            "- 出门前关好水龙头和洗衣机、净水器的进水阀，以免来水时家中无人，发生跑水；\n"
            "- 家有老人、婴幼儿或行动不便的家人，需要帮忙提水的，请提前一天告诉我们，我们送水上门。\n\n"
            "停水期间，大堂门外设有取水点，请自带干净容器。\n\n"
            "恢复供水后，刚出来的水可能发黄或带有气泡，请放水1–2分钟，待水清后再用；净水器和热水器请最后打开。\n\n"
            "给您的生活带来不便，敬请谅解。\n",
            "The low zone (floors 1–15) is fed by a separate main and will not be affected.\n\n"
            "Before the water goes off, please:\n\n- set aside enough water for the day, for drinking and for flushing;\n"
            "- before you go out, turn off your taps and the inlet valves of your washing machine and water purifier;\n"
            "- let us know a day ahead if someone in your household is elderly, very young or unsteady on their feet.\n\n"
            "While the water is off there will be a water point outside the lobby. Please bring clean containers.\n\n"
            "When the supply returns, let the tap run for a minute or two until it is clear, and turn on water "
            "purifiers and heaters last.\n\nWe are sorry for the inconvenience.\n",
        ),
    ),
    Sort(
        "lift",
        "type: utility-outage\nsubtype: lift\ndepartment: engineering\nscope: 2号电梯\ncause: 年度检验\n"
        "notify: [security]",
        "scope: Lift 2\ncause: Annual inspection",
        ("关于{place}电梯年度检验的温馨提示（第{number}号）", "Annual lift inspection, {place_en} (no. {number})"),
        (
            "检验期间，2号电梯停止运行，1号电梯照常使用。上下班时段候梯时间会长一些，请您预留时间。\n\n"
            "> 检验人员会在每层厅门前设围挡，请看护好孩子，不要翻越。\n\n"
            "搬运家具、装修材料的，请改到检验结束以后。家中有人就医、需要担架的，请致电值班电话，我们随时安排。\n\n"
            "检验结果会张贴在轿厢内。给您带来不便，敬请谅解。\n",
            "During the inspection lift 2 will be out of service; lift 1 runs as usual. Please allow more time in the "
            "rush hours.\n\n> There will be barriers in front of the landing doors. Please keep an eye on children.\n\n"
            "Please move furniture and building materials after the inspection. If somebody needs a stretcher, call "
            "the duty line at any time and we will arrange it.\n\nThe result will be posted in the car.\n",
        ),
    ),
    Sort(
        "cleaning",
        "type: works\ndepartment: cleaning\nnotify: [security, engineering]\nworks:\n  by: 保洁部",
        "works:\n  by: Cleaning",
        ("关于{place}清洗作业的通知（第{number}号）", "Cleaning works, {place_en} (no. {number})"),
        (
            "为保持环境整洁，将进行清洗作业。作业时间安排如下：\n\n| 区域 | 时间 |\n|---|---|\n| 大堂、电梯厅 | 9:00–11:00 |\n"
            "| 楼梯间 | 11:00–13:00 |\n| 外围步道 | 13:00–15:00 |\n\n"
            "1. 作业时地面湿滑，请绕行并注意脚下；\n2. 请将门口的鞋柜、自行车等物品收回家中；\n3. 请关好窗户。\n\n"
            "如遇雨雪，作业顺延一天，不再另行通知。感谢您的配合！\n",
            "To keep our surroundings clean there will be cleaning works, as follows:\n\n| Area | Time |\n|---|---|\n"
            "| Lobby and lift halls | 9:00–11:00 |\n| Staircases | 11:00–13:00 |\n| Outdoor paths | 13:00–15:00 |\n\n"
            "1. Floors will be wet: please walk around and mind your step.\n2. Please take in what stands at your door."
            "\n3. Please close your windows.\n\nIn rain or snow the works move to the next day. Thank you!\n",
        ),
    ),
    Sort(
        "activity",
        "type: community-activity\ndepartment: customer-service\nnotify: [security, cleaning]\nactivity:\n  theme: 邻里读书会\n"
        "  items: 共读、交换旧书、亲子朗读\n  place: 邻里会所一层\n  time: 签到后准时开始\n  participants: 本小区业主、住户\n"
        "  number: 40人\n  running_order: 签到；共读；交换旧书；合影\n  prizes: 书签一枚\n  cost: 约600元，从社区活动经费列支\n"
        "  helping_departments: [security, cleaning]\n  sign_up: 到服务中心前台登记，或在服务时间内致电前台\n"
        "  rain: 室内活动，雨雪天照常举行\n  photographs: 现场会拍照留念，不愿入镜的请告诉我们",
        "activity:\n  theme: Neighbours’ reading afternoon\n  items: Reading together, swapping books, reading to children\n"
        "  place: Clubhouse, ground floor\n  time: We begin on time\n  participants: Owners and residents\n"
        "  number: 40 people\n  running_order: Sign in; read; swap books; photograph\n  prizes: A bookmark\n"
        "  sign_up: At the front desk, or by phone in office hours\n"
        "  rain: Indoors, whatever the weather\n  photographs: We take photographs; tell us if you would rather not",
        ("关于举办邻里读书会的通知（第{number}期）", "Neighbours’ reading afternoon (no. {number})"),
        (
            "带上一本您喜欢的书，来会所坐一坐。**旧书可以交换**，也可以捐给会所的书架。\n\n"
            "本期共读一篇关于节气的散文，由社区志愿者领读；孩子们另有绘本角，请家长陪同。\n\n"
            "茶水由服务中心准备，请自带水杯。会所门口有轮椅坡道，需要接送的长者请报名时告诉我们。\n",
            "Bring a book that you like and join us in the clubhouse. **Second-hand books may be swapped**, or given to "
            "the clubhouse shelf.\n\nThis time we read an essay on the solar terms; there is a picture-book corner for "
            "children, who should come with a parent.\n\nTea is on us; please bring your own cup. There is a ramp.\n",
        ),
        lead=timedelta(days=9),
        lasts=timedelta(hours=3),
    ),
    Sort(
        "safety",
        "type: safety\ndepartment: security",
        "",
        ("关于{place}冬季用火用电安全的提示（第{number}号）", "Fire safety in {place_en} this winter (no. {number})"),
        (
            "天干物燥，请您注意：\n\n- 不在楼道、门厅停放电动自行车，不“飞线”充电；\n- 出门前关火、关电、关气；\n"
            "- 取暖器远离窗帘、被褥，不在上面烘衣物；\n- 发现火情请立即拨打 **119**，并告知值班电话。\n\n"
            "消防通道是生命通道，请勿占用。秩序维护部每天巡查，发现堆物会上门提醒。\n",
            "The air is dry. Please:\n\n- do not park e-bikes in corridors or charge them by a cable from a window;\n"
            "- turn off flames, sockets and gas before you go out;\n- keep heaters away from curtains and bedding;\n"
            "- if you see a fire, call **119** at once, then the duty line.\n\nFire lanes save lives: keep them clear.\n",
        ),
    ),
)

_PLACES = (
    ("tower-1", "1号楼", "Tower 1"),
    ("tower-2", "2号楼", "Tower 2"),
    ("tower-3", "3号楼", "Tower 3"),
    ("tower-4", "4号楼", "Tower 4"),
    ("garage", "地下车库", "Underground garage"),
    ("", "全小区", "the whole estate"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: its id, when it is public, and its files by name."""

    id: str
    valid_from: datetime
    valid_until: datetime
    files: dict[str, str]

    @property
    def live(self) -> bool:
        """Whether it is on the board at AT."""
        return self.valid_from <= AT < self.valid_until


def notices(count: int, live: int) -> Iterator[Notice]:
    """`count` notices, of which the last `live` are on the board at AT; the others ended day by day before."""
    ended = count - live
    for number in range(count):
        if number < ended:
            # The latest ended two days before AT, the earliest some years before.
            until = AT - timedelta(days=2 + (ended - 1 - number) // _PER_DAY, minutes=(number % _PER_DAY) * 90)
        else:
            until = AT + timedelta(days=2 + number % 12, minutes=(number % 7) * 30)
        yield _notice(number, until)


def _notice(number: int, until: datetime) -> Notice:
    sort = SORTS[number % len(SORTS)]
    place, place_zh, place_en = _PLACES[(number // len(SORTS)) % len(_PLACES)]
    ends = until - timedelta(hours=2)
    starts = ends - sort.lasts
    since = min(starts, AT) - sort.lead - timedelta(hours=number % 20)
    words = {"number": number + 1, "place": place_zh, "place_en": place_en}
    matter = [
        sort.matter,
        f"title: {sort.title[0].format(**words)}",
        "approver: yun-lichun",
        "languages: [zh, en]",
        f"valid_from: {since:%Y-%m-%d %H:%M}",
        f"valid_until: {until:%Y-%m-%d %H:%M}",
        f"starts_at: {starts:%Y-%m-%d %H:%M}",
        f"ends_at: {ends:%Y-%m-%d %H:%M}",
        *([f"places: [{place}]"] if place else []),
        "salutation: 尊敬的业主、住户：",
    ]
    translated = [f"title: {sort.title[1].format(**words)}", "salutation: Dear owners and residents,"]
    translated += [sort.matter_en] if sort.matter_en else []
    files = {
        "notice.md": "---\n" + "\n".join(matter) + "\n---\n" + sort.text[0],
        "notice.en.md": "---\n" + "\n".join(translated) + "\n---\n" + sort.text[1],
    }
    return Notice(f"{since:%Y-%m}/{sort.slug}-{number + 1:05}", since, until, files)


def log(notice: Notice) -> Iterator[tuple[str, str]]:
    """The entries of the publication log for a notice: that it appeared, and that it left."""
    events = [("appeared", notice.valid_from)]
    if notice.valid_until <= AT:
        events.append(("left", notice.valid_until))
    for event, at in events:
        data = {
            "format": 1,
            "event": event,
            "id": notice.id,
            "content_id": "0" * 40,
            "at": at.isoformat(),
            "channel": "board",
            "by": "publisher",
        }
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{event}.json"
        yield f"records/log/{notice.id}/{name}", json.dumps(data, ensure_ascii=False) + "\n"


def make(folder: Path, count: int, live: int) -> Path:
    """A repository with `count` notices at `folder`, checked out, made by as many commits. Kept if it is there."""
    done = folder / ".git" / "made"
    if done.is_file():
        return folder
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    keys = folder / ".git" / "keys"
    roster = _with_keys((ROOT / _ROSTER).read_text(encoding="utf-8"), keys)
    stream = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--date-format=raw"], stdin=subprocess.PIPE
    )
    assert stream.stdin is not None
    with stream.stdin as pipe:
        pipe.write(_commit(_AUTHOR, AT - timedelta(days=9999), "board", {_ROSTER: roster, **dict(_taken_along())}))
        for notice in notices(count, live):
            files = {f"notices/{notice.id}/{name}": text.encode() for name, text in notice.files.items()}
            files |= {path: text.encode() for path, text in log(notice)}
            pipe.write(_commit(_AUTHOR, notice.valid_from, notice.id, files))
    if stream.wait() != 0:
        raise RuntimeError("git fast-import failed")
    _approve(folder, list(notices(count, live)), keys)
    _git(folder, "config", "user.email", "yun.qiufen@cloudtop.example")
    _git(folder, "config", "user.name", "云秋分")
    _git(folder, "reset", "--quiet", "--hard")
    _git(folder, "gc", "--quiet")
    done.touch()
    return folder


# ── approval ─────────────────────────────────────────────────────────────────────────────────────


def _with_keys(roster: str, keys: Path) -> bytes:
    """The sample's roster with keys made for it: everybody's public half, all of whose private ones are here."""
    keys.mkdir(parents=True)
    holder, lines = "", []
    for line in roster.splitlines():
        found = re.match(r"  - id: (\S+)", line)
        holder = found[1] if found else holder
        if "ssh-ed25519 " in line:
            key = keys / holder
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", holder, "-f", str(key)]
            subprocess.run(command, check=True)
            public = " ".join(key.with_suffix(".pub").read_text(encoding="utf-8").split()[:2])
            line = f"      - {{key: {public}}}"  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines).encode()


def _approve(folder: Path, noticed: list[Notice], keys: Path) -> None:
    """Two statements and two receipts for every notice, signed by ssh-keygen, on the branch `records`."""
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-tree", "-r", "-d", "main", "notices"], capture_output=True, text=True, check=True
    ).stdout
    contents = {path[len("notices/") :]: facts.split()[2] for facts, path in _lines(listed)}
    statements: dict[str, list[tuple[Notice, Statement]]] = {}
    for notice in noticed:
        department = re.search(r"^department: (\S+)", notice.files["notice.md"], re.MULTILINE)
        assert department is not None
        subject = Subject(notice.id, contents[notice.id])
        for stage, person, hours in ((Stage.CONTENT, _HEADS[department[1]], 2), (Stage.PUBLISH, _PUBLISHER, 1)):
            at = max(notice.valid_from - timedelta(hours=hours), _FIRST + timedelta(hours=9 - hours))
            statement = Statement(_BOARD, subject, stage, Decision.APPROVE, person, at)
            statements.setdefault(person, []).append((notice, statement))
    files: dict[str, dict[str, bytes]] = {notice.id: {} for notice in noticed}
    receipts: list[tuple[str, bytes]] = []
    for person, said in statements.items():
        payloads = [encode_statement(statement) for _, statement in said]
        signed = _signed(payloads, STATEMENT_NAMESPACE, keys / person)
        for (notice, statement), payload, signature in zip(said, payloads, signed, strict=True):
            path = f"records/approvals/{notice.id}/{statement.at:%Y%m%dT%H%M%S}-{statement.stage.value}-{person}.json"
            files[notice.id] |= {path: payload, f"{path}.sig": signature}
            seen = Receipt(_BOARD, digest_of(payload), statement.at + timedelta(minutes=2), _WITNESS)
            receipts.append((notice.id, encode_receipt(seen)))
    signed = _signed([payload for _, payload in receipts], RECEIPT_NAMESPACE, keys / _WITNESS)
    for (notice_id, payload), signature in zip(receipts, signed, strict=True):
        path = f"records/receipts/{notice_id}/{json.loads(payload)['statement']['sha256']}.json"
        files[notice_id] |= {path: payload, f"{path}.sig": signature}
    stream = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--date-format=raw"], stdin=subprocess.PIPE
    )
    assert stream.stdin is not None
    with stream.stdin as pipe:
        for notice in noticed:
            pipe.write(_commit(_COMMITTER, notice.valid_from, notice.id, files[notice.id], branch="records"))
    if stream.wait() != 0:
        raise RuntimeError("git fast-import failed")


def _lines(listed: str) -> Iterator[tuple[str, str]]:
    for line in listed.splitlines():
        facts, _, path = line.partition("\t")
        if path.count("/") == 2:  # noqa: PLR2004  (notices/month/slug)
            yield facts, path


def _signed(payloads: list[bytes], namespace: str, key: Path) -> list[bytes]:
    """Their signatures; ssh-keygen takes many files at once."""
    with tempfile.TemporaryDirectory(prefix="gaoshi-bench-") as scratch:
        paths = [Path(scratch, f"{number:06}") for number in range(len(payloads))]
        for path, payload in zip(paths, payloads, strict=True):
            path.write_bytes(payload)
        for start in range(0, len(paths), 1000):
            some = [str(path) for path in paths[start : start + 1000]]
            subprocess.run(
                ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(key), *some],
                check=True,
                capture_output=True,
            )
        return [path.with_suffix(".sig").read_bytes() for path in paths]


# ── git ──────────────────────────────────────────────────────────────────────────────────────────


def _taken_along() -> Iterator[tuple[str, bytes]]:
    """Settings, roster and templates of the repository that this file is in, as they are now."""
    for part in _TAKEN_ALONG:
        start = ROOT / part
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file():
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _commit(author: str, at: datetime, message: str, files: dict[str, bytes], *, branch: str = "main") -> bytes:
    when = f"{max(0, int(at.timestamp()))} +0800"
    parts = [
        f"commit refs/heads/{branch}\nauthor {author} {when}\ncommitter {_COMMITTER} {when}\n".encode(),
        _data(message.encode()),
    ]
    for path, content in files.items():
        parts += [f"M 100644 inline {path}\n".encode(), _data(content)]
    return b"".join(parts) + b"\n"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)
