"""`gaoshi new`: for every kind, a notice that names its blanks and passes `check` once they are filled."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from gaoshi.cli import group
from gaoshi.cli.skeleton import infer, scalar
from gaoshi.cli.surroundings import forget_language
from gaoshi.core.finding import Finding, Severity
from gaoshi.core.instants import parse_instant
from gaoshi.core.statement import Stage
from gaoshi.edition import compose
from gaoshi.sources.rosters import parse_roster
from gaoshi.sources.settings import Settings, own_standard, parse_board, read_settings
from gaoshi.sources.snapshot import open_snapshot

HOME = Path(__file__).parents[2]
SKELETONS = HOME / "site_templates" / "notices"
KINDS = own_standard()["kinds"]
AT = "2026-11-24 10:00"
AUTHOR = "yun.mangzhong@cloudtop.example"  # head of engineering, and a duty officer
BLANK = "＿＿"
CASES = [
    (kind, subtype, happened)
    for kind, data in KINDS.items()
    for subtype in data.get("subtypes", [""])
    for happened in ([False, True] if "unplanned" in data else [False])
]

PLAUSIBLE = {
    "valid_until": "2026-12-04 20:00",
    "starts_at": "2026-12-04 09:00",
    "ends_at": "2026-12-04 17:00",
    "places": "[tower-3]",
    "notify": "[security, cleaning]",
    "activity.sign_up_until": "2026-12-02 18:00",
    "weather.signal": "gale",
    "weather.level": "blue",
    "weather.issued_at": "2026-11-24 09:30",
    "fee.deadline": "2026-12-10",
    "register.medium": "letter",
    "register.received": "2026-11-23 15:00",
    "origin": "external",
}
"""What an author might write into a blank, by field; into every other one, some words."""

BY_KIND = {
    "weather-reminder": {"valid_until": "2026-11-26 20:00"},
    "owners-assembly": {
        "starts_at": "2026-12-13 14:00",
        "ends_at": "2026-12-13 16:30",
        "valid_until": "2026-12-20 20:00",
    },
}
HAPPENED = {"ends_at": "2026-11-24 13:00", "valid_until": "2026-11-26 20:00"}


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff read Chinese."""
    speak(monkeypatch, "zh_CN.UTF-8")


def speak(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    """Let the user's locale be `locale`."""
    monkeypatch.setenv("LANGUAGE", locale)
    forget_language()


def git(folder: Path, *arguments: str) -> None:
    """Run git."""
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def make_estate(folder: Path, *, first: str = "zh") -> Path:
    """A repository with the sample's settings and no notices, whose user is AUTHOR."""
    (folder / ".github").mkdir(parents=True)
    settings = (HOME / "mkdocs.yml").read_text(encoding="utf-8")
    if first == "en":
        settings = settings.replace("languages: [zh, en]", "languages: [en, zh]")
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    shutil.copy(HOME / ".github" / "approvers.yml", folder / ".github")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.email", AUTHOR)
    git(folder, "config", "user.name", "云芒种")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--no-gpg-sign", "--message", "Settings")
    return folder


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model of the estate for each first language, made once."""
    folder = tmp_path_factory.mktemp("models")
    return {first: make_estate(folder / first, first=first) for first in ("zh", "en")}


@pytest.fixture
def estate(tmp_path: Path, models: dict[str, Path]) -> Path:
    """The sample estate."""
    return shutil.copytree(models["zh"], tmp_path / "estate")


def new(estate: Path, *arguments: str, stdin: str = "", at: str = AT) -> Result:
    """Run `gaoshi new`."""
    return CliRunner().invoke(group, ["new", *arguments, "--project", str(estate), "--at", at], input=stdin)


def start(estate: Path, kind: str, subtype: str = "", *more: str, happened: bool = False) -> Path:
    """Write a notice of `kind` with its title and slug given; its notice.md."""
    arguments = [kind, "--title", "关于试验的通知", "--slug", "probe", *more]
    arguments += ["--subtype", subtype] if subtype else []
    arguments += ["--unplanned"] if happened else []
    result = new(estate, *arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout == "2026-11/probe\n"
    return estate / "notices" / "2026-11" / "probe" / "notice.md"


def findings(estate: Path, at: str = AT) -> tuple[Finding, ...]:
    """What `check` finds in the working tree."""
    with open_snapshot(estate, None) as snapshot:
        zone = read_settings(snapshot).board.zone
        return compose(snapshot, parse_instant(at, zone), proven=False).all_findings


def without_comment(line: str) -> str:
    """A line of front matter without what explains it."""
    return re.sub(r"(^|\s)#.*", "", line)


def blank_lines(text: str) -> set[int]:
    """Numbers of the lines that have a blank to fill."""
    head = text.split("---\n", 2)[1].count("\n") + 2
    return {
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if BLANK in (without_comment(line) if number <= head else line)
    }


def fill(path: Path, kind: str, *, happened: bool) -> None:
    """Fill every blank as an author would, and add the file that a disclosure shows."""
    values = PLAUSIBLE | BY_KIND.get(kind, {}) | (HAPPENED if happened else {})
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    lines, group_name = [], ""
    for line in front.splitlines():
        match = re.match(r"( *)([a-z_]+):", line)
        if match and BLANK in without_comment(line):
            name = f"{group_name}.{match[2]}" if match[1] else match[2]
            lines.append(f"{match[1]}{match[2]}: {values.get(name, '试验文字')}")
        else:
            lines.append(line)
        group_name = match[2] if match and not match[1] else group_name
    path.write_text("\n".join(["---", *lines, "---", body.replace(BLANK, "三")]), encoding="utf-8")
    if KINDS[kind].get("requires_attachment"):
        path.with_name("details.pdf").write_bytes(b"%PDF-1.7\n")
        if "details.pdf" not in body:
            path.write_text(f"{path.read_text(encoding='utf-8')}\n[三](details.pdf)\n", encoding="utf-8")


# ── every kind ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", ["zh", "en"])
@pytest.mark.parametrize(("kind", "subtype", "happened"), CASES)
def test_each_kind_passes_once_filled(
    tmp_path: Path, models: dict[str, Path], kind: str, subtype: str, happened: bool, first: str
) -> None:
    """A new notice of any kind is withheld with every blank named, and passes once they are filled."""
    estate = shutil.copytree(models[first], tmp_path / "estate")
    path = start(estate, kind, subtype, happened=happened)
    wanted = blank_lines(path.read_text(encoding="utf-8"))
    before = findings(estate)
    assert wanted
    assert wanted <= {finding.position.line for finding in before if finding.severity is not Severity.HINT}
    assert any(finding.blocks for finding in before)
    fill(path, kind, happened=happened or kind == "emergency")
    after = [
        (finding.key, finding.position.line) for finding in findings(estate) if finding.severity is not Severity.HINT
    ]
    assert after == []


@pytest.mark.parametrize(("kind", "subtype", "happened"), CASES)
def test_each_kind_has_its_own_skeleton(estate: Path, kind: str, subtype: str, happened: bool) -> None:
    """Every kind, planned or not, has a Chinese skeleton, and no placeholder of it is left in the notice."""
    suffix = ".unplanned.md" if happened and KINDS[kind].get("unplanned") else ".md"
    assert (SKELETONS / f"{kind}{suffix}").is_file()
    if subtype:
        assert (SKELETONS / kind / f"{subtype}{suffix}").is_file()
    text = start(estate, kind, subtype, happened=happened).read_text(encoding="utf-8")
    assert re.findall(r"\{[a-z_]+\}", text) == []
    assert "  \n" not in text
    assert text.endswith("\n")
    assert not re.search(r"[一-鿿][,;:!?][一-鿿]", text), "half-width punctuation in Chinese"
    assert "#" not in text.split("---\n", 2)[2].split("\n")[0].removeprefix("## ")


def test_no_skeleton_is_left_over() -> None:
    """Every skeleton belongs to a kind of the standard."""
    for path in SKELETONS.rglob("*.md"):
        kind = path.parent.name if path.parent != SKELETONS else path.name.partition(".")[0]
        assert kind in KINDS


def test_comments_tell_the_standards_limits(estate: Path) -> None:
    """The earliest day of the matter and the longest validity are told by the board's own standard."""
    path = estate / "mkdocs.yml"
    settings = path.read_text(encoding="utf-8")
    rules = "      standard:\n        timeliness: {general: {days_before: 5}}\n"
    path.write_text(settings + rules, encoding="utf-8")
    text = start(estate, "works").read_text(encoding="utf-8")
    assert "最早 2026-11-29，须提前 5 天公布" in text
    shutil.rmtree(estate / "notices")
    assert "最晚 2027-02-22 10:00" in start(estate, "safety").read_text(encoding="utf-8")
    shutil.rmtree(estate / "notices")
    assert "今天公布的在 2026-12-01 至 2026-12-08 之间" in start(estate, "community-activity").read_text(
        encoding="utf-8"
    )


def test_what_happened_is_prefilled_with_now(estate: Path) -> None:
    """An unplanned notice says that it happened and was reported now, to be corrected."""
    text = start(estate, "utility-outage", "gas", happened=True).read_text(encoding="utf-8")
    assert "occurred_at: 2026-11-24 10:00 " in text
    assert "reported_at: 2026-11-24 10:00 " in text
    assert "30 分钟内须公布" in text


def test_says_where_the_blanks_are_and_until_when_it_must_be_public(estate: Path) -> None:
    """Each file with its number of blanks; the limit where it runs already, which is only of what happened."""
    arguments = ("--title", "x", "--languages", "zh,en", "--department", "engineering")
    outage = ("utility-outage", "--subtype", "lift", *arguments)
    said = new(estate, *outage, "--slug", "a", "--unplanned").stderr
    assert re.search(r"notice\.md \d+ 处、notice\.en\.md \d+ 处", said)
    assert "须在 11月24日（周二）10:30 前公开。" in said
    assert "前公开" not in new(estate, *outage, "--slug", "b", "--planned").stderr


@pytest.mark.parametrize(("subtype", "cause"), [("lift", "门机控制板故障"), ("water", "给水主管接头破损")])
def test_the_example_is_of_what_is_out(estate: Path, subtype: str, cause: str) -> None:
    """A lift does not stand still for a broken pipe."""
    assert f"例如 {cause}；" in start(estate, "utility-outage", subtype, happened=True).read_text(encoding="utf-8")


def test_board_may_have_its_own_skeleton(estate: Path) -> None:
    """A skeleton in the board's own repository goes before the one that came with the program."""
    own = estate / "site_templates" / "notices"
    own.mkdir(parents=True)
    (own / "safety.md").write_text("---\ntype: safety\ntitle: {title}\n---\n自己的写法＿＿\n", encoding="utf-8")
    text = start(estate, "safety").read_text(encoding="utf-8")
    assert text == "---\ntype: safety\ntitle: 关于试验的通知\n---\n自己的写法＿＿\n"


def test_translation_has_a_blank_for_each_text(estate: Path) -> None:
    """With a second language, its file asks for every public text, and the notice passes once both are filled."""
    path = start(estate, "works", "", "--languages", "zh,en")
    english = path.with_name("notice.en.md")
    front = yaml.safe_load(english.read_text(encoding="utf-8").split("---\n")[1])
    assert front == dict.fromkeys(("title", "scope", "cause", "salutation"), BLANK) | {"works": {"by": BLANK}}
    assert "languages: [zh, en]" in path.read_text(encoding="utf-8")
    fill(path, "works", happened=False)
    assert {finding.code for finding in findings(estate) if finding.blocks} == {"B101"}
    text = re.sub(r"title: ＿＿.*", "title: Trial", english.read_text(encoding="utf-8"))
    english.write_text(text.replace(BLANK, "words"), encoding="utf-8")
    assert [finding.key for finding in findings(estate)] == []


# ── titles ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title",
    [
        "通知：3号楼 #1 停梯",
        "a: b # c",
        "# 井号开头",
        "“引号”与'单引号'和\"双引号\"",
        "- 短横线",
        "[方括号] {花括号}",
        "{approver} 与 {body}",
        "12:30",
        "null",
        "2026-11-25",
        "@某某 `x` % & * ! | >",
        "𠮷野家🌧",
        "---",
        "路径 C:\\1",
    ],
)
def test_title_survives(estate: Path, title: str) -> None:
    """Whatever stands in a title is in the notice as it was typed."""
    result = new(estate, "safety", "--title", title, "--slug", "probe")
    assert result.exit_code == 0, result.output
    with open_snapshot(estate, None) as snapshot:
        edition = compose(snapshot, parse_instant(AT, read_settings(snapshot).board.zone))
    assert edition.entries["2026-11/probe"].notice.texts["zh"].title == title
    assert yaml.safe_load(f"title: {scalar(title)}") == {"title": title}


def test_title_is_one_line(estate: Path) -> None:
    """Line breaks and doubled spaces in a title become single spaces."""
    new(estate, "safety", "--title", " 一\n二\t 三 ", "--slug", "probe")
    assert "title: 一 二 三\n" in (estate / "notices/2026-11/probe/notice.md").read_text(encoding="utf-8")


# ── never overwrites ─────────────────────────────────────────────────────────────────────────────


def test_never_overwrites(estate: Path) -> None:
    """A folder that is there already is not touched, whatever is in it."""
    folder = estate / "notices" / "2026-11" / "probe"
    folder.mkdir(parents=True)
    result = new(estate, "safety", "--title", "x", "--slug", "probe")
    assert result.exit_code == 2
    assert "已经存在" in result.stderr
    assert list(folder.iterdir()) == []
    folder.rmdir()
    folder.symlink_to("nowhere")
    assert new(estate, "safety", "--title", "x", "--slug", "probe").exit_code == 2
    assert folder.is_symlink()


def test_adds_one_folder_and_nothing_else(estate: Path) -> None:
    """A new notice is one folder with one file; nothing else in the repository changes."""
    before = {path for path in estate.rglob("*") if ".git/" not in f"{path}/"}
    path = start(estate, "safety")
    after = {item for item in estate.rglob("*") if ".git/" not in f"{item}/"}
    assert after - before == {path, path.parent, path.parent.parent, path.parent.parent.parent}
    assert path.parent.stat().st_mode & 0o777 == path.parent.parent.stat().st_mode & 0o777


def test_suggested_name_is_free(estate: Path) -> None:
    """The folder name that is suggested is by kind and day in the board's zone, and not taken."""
    first = new(estate, "safety", "--title", "x", stdin="\n", at="2026-11-24T17:00:00Z")
    second = new(estate, "safety", "--title", "x", stdin="\n", at="2026-11-24T17:00:00Z")
    assert (first.stdout, second.stdout) == ("2026-11/safety-25\n", "2026-11/safety-25-2\n")


# ── what was given ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", ["", "A", "有", "a b", "../x", "a/b", "a_b", "x" * 61, "a\n"])
def test_bad_slug_is_refused(estate: Path, slug: str) -> None:
    """A folder name other than lower-case letters, digits and hyphens is refused before anything is asked."""
    result = new(estate, "safety", "--title", "x", "--slug", slug)
    assert result.exit_code == 2
    assert "小写字母、数字和短横线" in result.stderr
    assert not (estate / "notices").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["safty"], "您要找的是 safety 吗"),
        (["没有的"], "没有“没有的”这个类别"),
        (["utility-outage", "--subtype", "watr"], "您要找的是 water 吗"),
        (["safety", "--subtype", "water"], "--subtype"),
        (["works", "--unplanned"], "--unplanned"),
        (["safety", "--department", "enginering"], "您要找的是 engineering 吗"),
        (["safety", "--approver", "yun-lichum"], "您要找的是 yun-lichun 吗"),
        (["safety", "--languages", "zh,fr"], "没有“fr”"),
    ],
)
def test_unknown_words_are_refused(estate: Path, arguments: list[str], said: str) -> None:
    """A word that is not known is refused with the one that was probably meant, and nothing is written."""
    result = new(estate, *arguments, "--title", "x", "--slug", "probe")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (estate / "notices").exists()


def test_kind_may_be_named_by_its_label(estate: Path) -> None:
    """Staff may write the kind and what is out as the board calls them."""
    result = new(estate, "停水停电", "--subtype", "停梯", "--title", "x", "--slug", "probe")
    assert result.exit_code == 0
    text = (estate / "notices/2026-11/probe/notice.md").read_text(encoding="utf-8")
    assert text.startswith("---\ntype: utility-outage\nsubtype: lift\n")


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def test_asks_for_what_is_missing(estate: Path) -> None:
    """Kind, what is out, title and name are asked for in turn, again when wrong; answers may be piped in."""
    result = new(estate, stdin="没有\nutility-outage\n停水\n\n 关于停水 \nBad\nprobe\n")
    assert result.exit_code == 0, result.output
    assert result.stdout == "2026-11/probe\n"
    for said in ("告示类别", "没有“没有”", "具体事项", "“关于……的温馨提示”", "文件夹名", "已写好"):
        assert said in result.stderr
    assert "title: 关于停水\n" in (estate / "notices/2026-11/probe/notice.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        ([], "KIND"),
        (["utility-outage"], "--subtype"),
        (["safety"], "--title"),
        (["safety", "--title", "x"], "--slug"),
    ],
)
def test_says_what_is_missing_without_a_terminal(estate: Path, arguments: list[str], missing: str) -> None:
    """Without a terminal or input it ends with status 2, naming the option to give, and writes nothing."""
    command = [sys.executable, "-m", "gaoshi.cli", "new", *arguments, "--project", str(estate), "--at", AT]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert f"缺少 {missing}" in result.stderr
    assert result.stdout == ""
    assert not (estate / "notices").exists()


def test_asks_in_the_users_language(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads English is asked in English; the notice is in the board's language all the same."""
    speak(monkeypatch, "en_US.UTF-8")
    result = new(estate, "safety", stdin="标题\nprobe\n")
    assert "Title, in the board’s first language" in result.stderr
    assert "承办部门" in (estate / "notices/2026-11/probe/notice.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("answer", "happened"), [("", False), ("否", False), ("也许\n是", True), ("Y", True)])
def test_asks_whether_it_happened(estate: Path, monkeypatch: pytest.MonkeyPatch, answer: str, happened: bool) -> None:
    """On a terminal it asks whether the matter has happened already, where the kind can be either."""
    answers = iter([*answer.split("\n"), "标题", "probe"])
    monkeypatch.setattr("gaoshi.cli.new._on_terminal", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    assert new(estate, "notice").exit_code == 0
    text = (estate / "notices/2026-11/probe/notice.md").read_text(encoding="utf-8")
    assert ("occurred_at:" in text) is happened


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("email", "urgent", "department", "approver"),
    [
        ("yun.mangzhong@cloudtop.example", False, "engineering", "yun-lichun"),
        ("Yun.Mangzhong@Cloudtop.example", True, "engineering", "yun-bailu"),
        ("yun.bailu@cloudtop.example", True, "security", "yun-mangzhong"),
        ("yun.lichun@cloudtop.example", False, "", "yun-guyu"),
        ("yun.lichun@cloudtop.example", True, "", "yun-mangzhong"),
        ("stranger@cloudtop.example", False, "", "yun-lichun"),
        ("", True, "", "yun-mangzhong"),
    ],
)
def test_infers_from_the_git_address(estate: Path, email: str, urgent: bool, department: str, approver: str) -> None:
    """Department and approver follow from the author's e-mail address, the roster and the policy."""
    with open_snapshot(estate, None) as snapshot:
        settings = read_settings(snapshot)
    inferred = infer(settings, email, urgent=urgent, at=parse_instant(AT, settings.board.zone))
    assert (inferred.department, inferred.approver) == (department, approver)


@pytest.mark.parametrize("urgent", [False, True])
@pytest.mark.parametrize("day", ["2023-06-01", "2025-02-28", "2025-05-01", "2026-11-24", "2030-01-01"])
def test_author_is_never_proposed(urgent: bool, day: str) -> None:
    """Whoever writes, the proposed approver is somebody else, in term, with a role that may approve."""
    board, _ = parse_board((HOME / "mkdocs.yml").read_bytes())
    roster, _ = parse_roster((HOME / ".github" / "approvers.yml").read_bytes(), board.zone, board.language)
    settings = Settings(board, roster, ())
    at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=board.zone)
    for person in roster.people.values():
        for email in person.emails:
            proposed = infer(settings, email, urgent=urgent, at=at).approver
            assert proposed != person.id
            needed = roster.policy.roles(Stage.URGENT if urgent else Stage.PUBLISH)
            assert not proposed or set(roster.people[proposed].roles(at)) & set(needed)
            others = [other for other in roster.people.values() if other is not person]
            assert bool(proposed) == any(set(other.roles(at)) & set(needed) for other in others)


def test_duty_officer_is_not_asked_outside_the_urgent_lane(estate: Path) -> None:
    """What happened, but is not urgent, is put before somebody who may approve any notice."""
    assert "approver: yun-lichun " in start(estate, "notice", happened=True).read_text(encoding="utf-8")


def test_nobody_to_ask_leaves_a_blank(estate: Path) -> None:
    """Where nobody else may approve, the approver is left blank, and `check` says who could."""
    roster = estate / ".github" / "approvers.yml"
    text = roster.read_text(encoding="utf-8")
    roster.write_text(text.replace("role: service-centre-head, from", "role: publisher, from"), encoding="utf-8")
    result = new(estate, "safety", "--title", "x", "--slug", "probe", at="2035-01-01 10:00")
    assert result.exit_code == 0, result.output
    assert f"approver: {BLANK} " in (estate / "notices/2035-01/probe/notice.md").read_text(encoding="utf-8")


def test_department_is_asked_of_who_has_none(estate: Path) -> None:
    """The head of the service centre, who has no department, is asked for the one that wants the notice."""
    git(estate, "config", "user.email", "yun.lichun@cloudtop.example")
    result = new(estate, "safety", "--title", "x", "--slug", "probe", stdin="nobody\n保洁部\n")
    assert result.exit_code == 0, result.output
    text = (estate / "notices/2026-11/probe/notice.md").read_text(encoding="utf-8")
    assert "department: cleaning " in text
    assert "approver: yun-guyu " in text


def test_given_words_go_before_inferred_ones(estate: Path) -> None:
    """A department or approver on the command line is taken as it is."""
    text = start(estate, "safety", "", "--department", "repair", "--approver", "yun-guyu").read_text(encoding="utf-8")
    assert "department: repair " in text
    assert "approver: yun-guyu " in text
