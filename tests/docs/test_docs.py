"""What the documents show is so: links lead somewhere, commands exist, outputs are what is printed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from documented import documented
from gaoshi.cli import VERBS, group
from gaoshi.cli.surroundings import words
from gaoshi.core.instants import parse_exact
from gaoshi.edition import compose
from gaoshi.outputs.wording import message
from gaoshi.rules import RULES
from gaoshi.sources.settings import PLUGIN_OPTIONS, own_standard
from gaoshi.sources.snapshot import open_snapshot

ROOT = Path(__file__).resolve().parents[2]
AT = "2026-11-24 10:00"
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
    ROOT / ".github" / "SECURITY.md",
]
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]

_FENCED = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")


def read(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    """A document without its code, fenced, indented or inline."""
    text = _FENCED.sub("", text)
    text = re.sub(r"^ {4,}.*$", "", text, flags=re.MULTILINE)
    return _INLINE.sub("", text)


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of one language, without their indentation."""
    return [
        re.sub(r"^ {2}(?=\S| )", "", body, flags=re.MULTILINE) if body.startswith("  ") and language == "text" else body
        for found, body in _FENCED.findall(read(name))
        if found == language
    ]


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


# ── an estate to run commands on ─────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def sample(sample_origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample estate in a repository of its own, with its history."""
    return Path(shutil.copytree(sample_origin, tmp_path_factory.mktemp("docs") / "estate"))


@pytest.fixture
def estate(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample estate that a test may change."""
    return Path(shutil.copytree(sample, tmp_path / "estate"))


def gaoshi(estate: Path, *arguments: str) -> str:
    """What `gaoshi` prints on that estate; it did its work if it exits with 0 or 1."""
    result = CliRunner().invoke(group, [*arguments, "--project", str(estate)], catch_exceptions=False)
    assert result.exit_code in {0, 1}, result.output
    return result.output


def write(estate: Path, slug: str, text: str) -> None:
    """A notice of November 2026."""
    folder = estate / "notices" / "2026-11" / slug
    folder.mkdir()
    (folder / "notice.md").write_text(text, encoding="utf-8")


def apply(estate: Path, options: str) -> None:
    """Put options of the plugin, indented as in mkdocs.yml, in the place of its example."""
    path = estate / "mkdocs.yml"
    head = path.read_text(encoding="utf-8").split("      # Changes to the standard")[0]
    path.write_text(head + options, encoding="utf-8")


# ── links ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_document_leads_to_a_file_and_a_heading_that_are_there(name: str) -> None:
    """Every link within the project leads to a file, and to a heading of it, that exist."""
    path = ROOT / name
    for markdown, html in _LINK.findall(prose(path.read_text(encoding="utf-8"))):
        target = markdown or html
        if re.match(r"https://|mailto:", target):
            continue
        file, _, anchor = target.partition("#")
        goal = (path.parent / file).resolve() if file else path
        assert goal.exists(), f"{name} links to {target}"
        if anchor:
            assert anchor in anchors(goal), f"{name} links to {target}"


# ── commands ─────────────────────────────────────────────────────────────────────────────────────


def commands(name: str, program: str) -> list[str]:
    """The commands of `program` that a document shows, inline or on a line of a block."""
    text = read(name)
    inline = (found.strip() for found in _INLINE.findall(_FENCED.sub("", text)))
    lines = (line.strip().removeprefix("$ ").removeprefix(".venv/bin/") for line in text.splitlines())
    shown = {line for line in (*inline, *lines) if line.startswith(f"{program} ")}
    # An option on a line of its own, and words for what stands in its place, are no commands.
    return sorted(line.split("  #")[0].split(" || ")[0].strip() for line in shown if "──" not in line)


@pytest.mark.parametrize("name", NAMES)
def test_every_gaoshi_command_in_a_document_exists_with_its_options(name: str) -> None:
    """Every `gaoshi` command that a document shows has that verb and those options."""
    for line in commands(name, "gaoshi"):
        verb, *arguments = shlex.split(line)[1:]
        if verb.startswith("-"):
            continue
        assert verb in VERBS, line
        command = group.get_command(click.Context(group), verb)
        if isinstance(command, click.Group):  # `approvals collect`; without the word it lists
            named = (
                arguments[0] if arguments and arguments[0] in command.list_commands(click.Context(command)) else "list"
            )
            command = command.get_command(click.Context(command), named)
        assert command is not None
        options = {option: item for item in command.params for option in item.opts if isinstance(item, click.Option)}
        for index, argument in enumerate(arguments):
            if not argument.startswith("-"):
                continue
            assert argument in {*options, "--help", "-h"}, line
            kind = options[argument].type if argument in options else None
            if isinstance(kind, click.Choice):
                assert arguments[index + 1] in kind.choices, line


@pytest.mark.parametrize("name", NAMES)
def test_every_make_command_in_a_document_exists(name: str) -> None:
    """Every `make` command that a document shows is a target of the Makefile, its variables are set there."""
    makefile = read("Makefile")
    for line in commands(name, "make"):
        for word in shlex.split(line)[1:]:
            variable = word.partition("=")[0]
            pattern = rf"^{variable} \?=" if "=" in word else rf"^(?:.*\s)?{re.escape(word)}(?:\s.*)?:"
            assert re.search(pattern, makefile, re.MULTILINE), line


def test_the_readme_lists_every_command() -> None:
    """The README's table has every verb of the command line, and no other."""
    rows = re.findall(r"^\| `gaoshi ([a-z]+)", read("README.md"), re.MULTILINE)
    assert list(dict.fromkeys(rows)) == list(VERBS)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_that_a_document_names_exists(name: str) -> None:
    """Every code of a rule that a document names is a rule's, except as the name of one to be written."""
    codes = set(re.findall(r"\b[A-Z]\d{3}\b", read(name)))
    assert codes - {"F112"} <= set(RULES)


# ── what is printed ──────────────────────────────────────────────────────────────────────────────


def shape(value: Any) -> Any:
    """The keys of JSON data, of objects by key and of lists by their first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


@pytest.mark.parametrize(
    ("heading", "arguments"),
    [
        ("check --format json", ["check", "2026-11/warm-winter-week", "--format", "json", "--lang", "en"]),
        ("next --format json", ["next", "--format", "json", "--rev", "HEAD"]),
    ],
)
def test_documented_json_is_what_is_printed(sample: Path, heading: str, arguments: list[str]) -> None:
    """`check` and `next` print the very JSON that docs/formats.md shows, the revision aside."""
    printed = json.loads(gaoshi(sample, *arguments, "--at", AT))
    shown = documented(heading)
    assert printed | {"revision": "…"} == shown | {"revision": "…"}


def test_documented_status_is_what_is_printed(sample: Path) -> None:
    """`status` prints every notice in the very form that docs/formats.md shows."""
    printed = json.loads(gaoshi(sample, "status", "--format", "json", "--lang", "en", "--rev", "HEAD", "--at", AT))
    shown = documented("status --format json")
    assert printed.keys() == shown.keys()
    by_id = {notice["id"]: notice | {"authors": ["…"]} for notice in printed["notices"]}
    assert all(notice["authors"] for notice in printed["notices"])
    assert [by_id[notice["id"]] for notice in shown["notices"]] == shown["notices"]


def test_documented_manifest_is_what_is_built(sample: Path, tmp_path: Path) -> None:
    """`board.json` has the very keys and values that docs/formats.md shows, hashes aside."""
    gaoshi(sample, "build", "--at", AT, "--output", str(tmp_path / "site"))
    built = json.loads((tmp_path / "site" / "board.json").read_text(encoding="utf-8"))
    shown = documented("board.json")
    assert list(built) == list(shown)
    (notice,) = shown["notices"]
    (same,) = (item for item in built["notices"] if item["id"] == notice["id"])
    assert list(same) == list(notice)
    assert {**same, "content_id": ""} == {**notice, "content_id": ""}


def test_documented_screens_are_what_is_printed(sample: Path) -> None:
    """`screens` prints every screen in the very form that docs/formats.md shows."""
    printed = json.loads(gaoshi(sample, "screens", "--rev", "HEAD", "--format", "json", "--at", AT))
    shown = documented("screens --format json")
    assert printed.keys() == shown.keys()
    by_id = {screen["id"]: screen for screen in printed["screens"]}
    assert [by_id[screen["id"]] for screen in shown["screens"]] == shown["screens"]


def test_documented_screens_manifest_is_what_is_built(sample: Path, tmp_path: Path) -> None:
    """`kiosk.json` has the very keys and values that docs/formats.md shows, but for what it leaves out with “…”."""
    gaoshi(sample, "build", "--at", AT, "--output", str(tmp_path / "site"))
    built = json.loads((tmp_path / "site" / "kiosk.json").read_text(encoding="utf-8"))
    shown = documented("kiosk.json")
    assert list(built) == list(shown)
    (notice,) = shown["notices"]
    (same,) = (item for item in built["notices"] if item["id"] == notice["id"])
    own = [name for name in same if name not in documented("board.json")["notices"][0]]
    assert list(notice) == ["id", *own]
    assert_like(shown | {"notices": [{name: same[name] for name in notice}]}, shown)


def assert_like(value: Any, shown: Any) -> None:
    """That a value is the one that is shown, but for texts that are cut with “…”."""
    if isinstance(shown, dict):
        assert list(value) == list(shown)
        for key in shown:
            assert_like(value[key], shown[key])
    elif isinstance(shown, list):
        for item, example in zip(value, shown, strict=True):
            assert_like(item, example)
    elif isinstance(shown, str) and shown.endswith("…"):
        assert value.startswith(shown[:-1])
    else:
        assert value == shown


def test_documented_log_event_is_one_of_the_sample(sample: Path) -> None:
    """The log event that docs/formats.md shows lies in the sample's log."""
    event = documented("The publication log")
    folder = sample / "records" / "log" / event["id"]
    assert shape(event) == shape(json.loads(next(folder.glob("*-appeared.json")).read_text(encoding="utf-8")))


def test_the_readme_shows_what_make_board_prints(sample: Path) -> None:
    """The first finding and the tally that the README shows are those of the sample estate; what is left out hints."""
    printed = gaoshi(sample, "check", "--lang", "en", "--at", AT).splitlines()
    shown = [line.removeprefix("    ") for line in read("README.md").split("    make test")[0].splitlines()]
    first = next(index for index, line in enumerate(shown) if line.startswith("notices/"))
    *finding, more, tally = shown[first : first + 7]
    assert (finding, more, tally) == (printed[:5], "…", printed[-1])
    assert all(": hint K102 " in line for line in printed[5:] if re.match(r"\S+:\d+:\d+: ", line))


# ── the guide in Chinese ─────────────────────────────────────────────────────────────────────────

FAULTY = {
    "tower-2-power": """---
type: utility-outage
subtype: power
title: 关于2号楼计划停电的温馨提示
department: engineering
approver: yun-mangzhong
languages: [zh, en]
valid_from: 2026-11-24 18:00
starts_at: 2026-11-25 09:00
ends_at: 2026-11-25 17:00
places: [tower-2, tower-02]
scope: 2号楼全楼
---
停电前请做好准备，详见![示意图](shiyi.jpg)。
""",
    "tower-2-water": """---
type: utility-outage
title: 关于2号楼计划停水的温馨提示
cause：水泵检修
---
停水前请备好用水。
""",
    "lift": """---
type: utility-outage
subtype: lift
title: 关于2号楼2号电梯停运的紧急通知
department: engineering
approver: yun-mangzhong
languages: [zh]
occurred_at: 2026-11-24 09:05
reported_at: 2026-11-24 09:10
places: [tower-2]
scope: 2号电梯
cause: 门机故障
---
2号电梯门机故障，已停运检修，请改乘1号电梯。
""",
    "lawn": """---
type: works
title: 关于中心花园补种草坪的温馨提示
department: cleaning
approver: yun-lichun
languages: [zh]
valid_until: 2026-12-31 20:00
starts_at: 2026-11-28 09:00
ends_at: 2026-11-28 17:00
contakt: front-desk
scope: ＿＿
works: {by: 保洁部}
---
<font color=red>请绕行。</font>
""",
    "waxing": """---
type: works
title: 关于会所地面打蜡的温馨提示
department: cleaning
approver: yun-lichun
languages: [zh]
valid_until: 2026-11-28
starts_at: 2026-11-28 09:00
ends_at: 2026-11-28 17:00
works: {by: 保洁部}
---
打蜡期间请绕行。
""",
}


def test_the_guide_shows_findings_as_check_words_them(sample: Path, estate: Path) -> None:
    """Every finding in the guide's table is one that `check` prints, or that the board on main has, word for word."""
    for slug, text in FAULTY.items():
        write(estate, slug, text)
    data = json.loads(gaoshi(estate, "check", "--format", "json", "--lang", "zh", "--at", AT))
    printed = {(finding["code"], finding["message"]) for finding in data["findings"]}
    with open_snapshot(sample, "HEAD") as snapshot:
        board = compose(snapshot, parse_exact(f"{AT.replace(' ', 'T')}:00+08:00"))
    printed |= {(finding.code, message(finding, words("zh"))) for finding in board.all_findings}
    rows = re.findall(r"^\| ([A-Z]\d{3}) \| (.+?) \|", read("README.zh-CN.md"), re.MULTILINE)
    shown = {(code, text.replace("&lt;", "<").replace("&gt;", ">")) for code, text in rows}
    assert shown
    assert shown <= printed


def test_the_guide_shows_a_whole_finding_as_check_prints_it(estate: Path) -> None:
    """The finding that the guide shows whole is printed like that, to the mark under the line."""
    write(estate, "tower-2-power", FAULTY["tower-2-power"])
    printed = gaoshi(estate, "check", "2026-11/tower-2-power", "--lang", "zh", "--at", AT)
    (shown,) = [text for text in blocks("README.zh-CN.md", "text") if text.startswith("notices/")]
    assert shown in printed


def test_the_guide_shows_approvals_as_they_are_printed(sample: Path) -> None:
    """What the guide shows of a notice's approval is what `approvals` prints of the sample."""
    (shown,) = [text for text in blocks("README.zh-CN.md", "text") if text.startswith("2026-11/")]
    printed = gaoshi(sample, "approvals", shown.split(" ")[0], "--lang", "zh", "--at", AT)
    assert shown in printed


@pytest.mark.parametrize("name", ["README.zh-CN.md", "docs/standard.md"])
def test_notices_in_the_guides_are_in_order(estate: Path, name: str) -> None:
    """Every whole notice that a guide shows can be published as it stands, its translation apart."""
    if name == "docs/standard.md":
        apply(estate, blocks(name, "yaml")[2])
    notices = [text for text in blocks(name, "yaml") if re.search(r"^type: ", text, re.MULTILINE)]
    assert notices
    for number, text in enumerate(notices):
        write(estate, f"shown-{number}", text.replace("languages: [zh, en]", "languages: [zh]"))
        day = "2026-11-22 12:00"
        data = json.loads(gaoshi(estate, "check", f"2026-11/shown-{number}", "--format", "json", "--at", day))
        assert [finding for finding in data["findings"] if finding["blocks"]] == []


PLANNED = """---
type: utility-outage
subtype: water
title: 关于2号楼计划停水的温馨提示
department: engineering
approver: yun-lichun
languages: [zh]
valid_until: 2026-12-01 20:00
starts_at: 2026-12-01 09:00
ends_at: 2026-12-01 17:00
scope: 2号楼全楼
cause: 水泵检修
{}---
停水前请备好用水。
"""


def test_pieces_of_notices_in_the_guide_are_in_order(estate: Path) -> None:
    """Every piece of front matter that the guide shows can be read, and withholds no notice that has it."""
    pieces = [text for text in blocks("README.zh-CN.md", "yaml") if not text.startswith("---")]
    assert {re.match(r"[a-z_]+", text)[0] for text in pieces} >= {"late_reason", "correction", "outcome", "origin"}
    for number, piece in enumerate(pieces):
        write(estate, f"piece-{number}", PLANNED.format(piece))
        data = json.loads(gaoshi(estate, "check", f"2026-11/piece-{number}", "--format", "json", "--at", AT))
        found = [finding for finding in data["findings"] if finding["blocks"] or finding["code"].startswith("R")]
        assert found == [], piece


def test_what_the_guide_says_of_a_channel_that_told_owners_earlier_is_logged(
    estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guide's two commands, as they are written but for the push: the first logs it, the second shows it."""
    subprocess.run(["git", "-C", str(estate), "config", "user.email", "yun.bailu@cloudtop.example"], check=True)
    commands = re.findall(r"`?gaoshi (log [^`\n]+)`?", read("README.zh-CN.md"))
    tell, show = [shlex.split(command) for command in commands if "tower-1-lift-fault" in command]
    monkeypatch.setattr("gaoshi.cli.log_appeared.now", lambda: parse_exact(f"{AT}+08:00"))
    gaoshi(estate, *(part for part in tell if part != "--push"))
    shown = gaoshi(estate, *show)
    assert "2026年11月24日（周二）6:55" in shown
    assert "业主微信群" in shown


def test_the_guide_lists_every_kind() -> None:
    """The guide's table of kinds has every kind of the standard, and no other."""
    table = read("README.zh-CN.md").split("### 告示的种类")[1].split("## 时限")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == set(own_standard()["kinds"])


# ── references ───────────────────────────────────────────────────────────────────────────────────


def test_the_reference_lists_every_field() -> None:
    """docs/formats.md lists every field of the standard in its order, and no other."""
    table = read("docs/formats.md").split("\n## Front matter\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE) == list(own_standard()["fields"])


def test_the_reference_lists_every_setting() -> None:
    """docs/formats.md lists every option of the plugin, and no other."""
    table = read("docs/formats.md").split("\n## mkdocs.yml\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", table, re.MULTILINE)) == set(PLUGIN_OPTIONS)


def test_tightening_as_documented_has_the_documented_effect(estate: Path) -> None:
    """The example of docs/standard.md is taken without complaint and finds what the page says."""
    apply(estate, blocks("docs/standard.md", "yaml")[0].split("      # …\n")[1])
    write(
        estate,
        "floor-waxing",
        FAULTY["waxing"].replace(
            "valid_until: 2026-11-28\n", "valid_from: 2026-11-26 09:00\nvalid_until: 2026-11-29 14:00\n"
        ),
    )
    printed = gaoshi(estate, "check", "--lang", "en", "--at", AT)
    assert "E101" not in printed
    shown = blocks("docs/standard.md", "text")[0].splitlines()
    assert [line for line in printed.splitlines() if line.startswith("notices/2026-11/floor-waxing/")] == shown


def test_loosening_is_refused_as_documented(estate: Path) -> None:
    """What docs/standard.md says of a looser number is what `check` prints."""
    apply(estate, "      standard: {timeliness: {general: {days_before: 1}}}\n")
    assert blocks("docs/standard.md", "text")[1].strip() in gaoshi(estate, "check", "--lang", "en", "--at", AT)


def test_an_own_kind_is_judged_as_documented(estate: Path) -> None:
    """The kind that docs/standard.md adds misses its required field in the words of that page."""
    yaml = blocks("docs/standard.md", "yaml")
    apply(estate, yaml[2])
    write(estate, "found-umbrella", re.sub(r"  claim: .*\n", "", yaml[4]))
    assert blocks("docs/standard.md", "text")[2].strip() in gaoshi(estate, "check", "--lang", "en", "--at", AT)


def test_severities_are_set_as_documented(estate: Path) -> None:
    """The severities that docs/standard.md sets are taken without complaint."""
    apply(estate, blocks("docs/standard.md", "yaml")[1])
    assert "E101" not in gaoshi(estate, "check", "--lang", "en", "--at", AT)
