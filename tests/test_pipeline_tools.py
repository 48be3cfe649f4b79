"""What the pipeline's own scripts promise: tools/publish, tools/collect, tools/advise, tools/due, tools/confirm."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


# -- tools/publish ---------------------------------------------------------------------------------

WITHHELD = json.dumps(
    {
        "format": 1,
        "at": "2026-11-24T10:00:00+08:00",
        "revision": "0" * 40,
        "notices": [
            {"id": "2026-11/water", "state": "live", "reasons": []},
            {
                "id": "2026-11/gas",
                "state": "withheld",
                "reasons": [
                    {
                        "code": "A101",
                        "message": "尚未审批：\n缺少 <b>服务中心负责人</b> 的审批 [link](x)",
                        "fix": "请审批",
                    }
                ],
                "asked": "yun-lichun",
                "authors": ["writer@cloudtop.example"],
            },
        ],
    }
)


AS_SOMEBODY = "-c user.name=Writer -c user.email=writer@cloudtop.example"


def told(output):
    """A step's outputs, by name."""
    return dict(line.split("=", 1) for line in output.splitlines())


def publish(folder, *, build, status=WITHHELD, status_exits=0, **more):
    """Runs tools/publish with a `gaoshi` that ends as told; what it did, with its outputs and summary."""
    (folder / "status.json").write_text(status, encoding="utf-8")
    program = folder / "gaoshi"
    program.write_text(
        f'#!/bin/sh\necho "$*" >>calls\n'
        f"case $1 in build) exit {build} ;; status) cat status.json; exit {status_exits} ;; esac\n"
    )
    program.chmod(0o755)
    (folder / "tools").mkdir()
    for name in ("publish", "withheld.py"):
        shutil.copy(ROOT / "tools" / name, folder / "tools" / name)
    for command in ("init --quiet", f"{AS_SOMEBODY} commit --quiet --allow-empty --message board"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    environment = {
        "PATH": os.environ["PATH"],
        "GAOSHI": "./gaoshi",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **more,
    }
    done = subprocess.run(
        ["tools/publish"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    (folder / "said").write_bytes(done.stdout)
    for name in ("output", "summary"):
        (folder / name).touch()
    output, summary, made = ((folder / name).read_text(encoding="utf-8") for name in ("output", "summary", "calls"))
    return done.returncode, output, summary, made.splitlines()


def test_a_clean_board_is_published_without_a_word(tmp_path):
    """A board with nothing withheld is handed over with status 0 and no list."""
    exits, output, summary, made = publish(tmp_path, build=0)
    assert (exits, told(output)["status"], summary) == (0, "0", "")
    assert len(made) == 1
    assert re.fullmatch(r"build --rev HEAD --at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ -o site", made[0])


@pytest.mark.parametrize("build", [0, 1])
def test_what_was_built_is_told_for_whoever_confirms_it(tmp_path, build):
    """Outputs name the revision and the very instant that the board was built of."""
    output, _, made = publish(tmp_path, build=build)[1:]
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path, capture_output=True, text=True, check=True)
    at = re.search(r"--at (\S+)", made[0])[1]
    assert told(output) == {"status": str(build), "revision": head.stdout.strip(), "at": at}


def test_the_public_board_is_what_the_next_one_descends_from(tmp_path):
    """Where the board's address is known, its manifest is fetched, and a build that lacks its records is refused."""
    public = tmp_path / "public"
    public.mkdir()
    (public / "board.json").write_text("{}")
    made = publish(tmp_path, build=0, GAOSHI_SITE=public.as_uri())[3]
    assert made[0].endswith(" -o site --after last-board.json")
    assert (tmp_path / "last-board.json").read_text() == "{}"


def test_a_public_board_that_cannot_be_fetched_is_said_and_the_rest_goes_on(tmp_path):
    """Without the public manifest the board is built all the same."""
    exits, *_, made = publish(tmp_path, build=0, GAOSHI_SITE=(tmp_path / "nowhere").as_uri())
    assert exits == 0
    assert made[0].endswith(" -o site")


# -- tools/collect, tools/advise -------------------------------------------------------------------


def collect(folder, **environment):
    """Runs tools/collect with a `gaoshi` that notes how it was called, and what it was given."""
    program = folder / "gaoshi"
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >{folder}/call; cat "$HOME/witness" >{folder}/key; cat "$HOME/.gitconfig" >{folder}/config\n'
        f'stat -c %a "$HOME/witness" >{folder}/mode; echo "$HOME" >{folder}/home; env >{folder}/env\n'
    )
    program.chmod(0o755)
    known = {"PATH": os.environ["PATH"], "GAOSHI": str(program), "GITHUB_TOKEN": "t0ken", "TMPDIR": str(folder)}
    return subprocess.run(
        [ROOT / "tools" / "collect"],
        env=known | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def test_the_witness_key_lies_in_one_file_for_as_long_as_it_is_needed(tmp_path):
    """The key is in a file that nobody else can read and in no variable, and is gone when the step ends."""
    done = collect(tmp_path, GAOSHI_WITNESS_KEY="-----KEY-----")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "key").read_text() == "-----KEY-----\n"
    assert (tmp_path / "mode").read_text() == "600\n"
    assert "KEY-----" not in (tmp_path / "env").read_text()
    assert not Path((tmp_path / "home").read_text().strip()).exists()
    assert (tmp_path / "call").read_text().startswith("approvals collect --key ")
    assert b"t0ken" not in done.stdout + done.stderr


def test_a_run_by_hand_asks_again(tmp_path):
    """Who reviewed after a version was asked about starts the run by hand, and it is asked again."""
    collect(tmp_path, GAOSHI_WITNESS_KEY="k", GITHUB_EVENT_NAME="workflow_dispatch")
    assert (tmp_path / "call").read_text().rstrip().endswith("--push --again")
    collect(tmp_path, GAOSHI_WITNESS_KEY="k", GITHUB_EVENT_NAME="schedule")
    assert (tmp_path / "call").read_text().rstrip().endswith("--push")


def test_without_a_witness_key_nothing_is_collected_and_nothing_fails(tmp_path):
    """An estate that signs with its own keys only needs no witness on the forge."""
    done = collect(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(b"::notice::")
    assert not (tmp_path / "call").exists()


@pytest.mark.parametrize("status", [0, 1, 2, 3, 70])
def test_advice_never_fails(tmp_path, status):
    """What a pull request is told of its approval is advice: the gate is the build on main."""
    program = tmp_path / "gaoshi"
    program.write_text(f'#!/bin/sh\necho "told $*"\nexit {status}\n')
    program.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "GAOSHI": str(program)}
    done = subprocess.run(
        [ROOT / "tools" / "advise", "origin/main", "12"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "told approvals --since origin/main --pull-request 12 --lang zh" in done.stdout
    assert done.stdout.count("```") == 2


def test_what_is_withheld_is_listed_and_the_rest_goes_out(tmp_path):
    """With notices withheld the step succeeds, says status 1 and lists each with its reasons."""
    exits, output, summary, (built, asked) = publish(tmp_path, build=1)
    assert (exits, told(output)["status"]) == (0, "1")
    assert "**2026-11/gas**" in summary
    assert "尚未审批" in summary
    assert "A101" in summary
    assert "2026-11/water" not in summary
    assert re.search(r"--at (\S+)", built)[1] == re.search(r"--at (\S+)", asked)[1]


def test_a_notices_words_are_no_markup_in_the_list(tmp_path):
    """Nothing that a notice makes a reason say becomes mark-up or a link in the summary."""
    summary = publish(tmp_path, build=1)[2]
    assert r"\<b\>服务中心负责人\</b\> 的审批 \[link\](x)" in summary


@pytest.mark.parametrize("status", [2, 3, 70, 137])
def test_a_build_that_broke_publishes_nothing(tmp_path, status):
    """Any status but 0 and 1 ends the step at once, with that status and no output."""
    exits, output, summary, made = publish(tmp_path, build=status)
    assert (exits, output, summary, len(made)) == (status, "", "", 1)


@pytest.mark.parametrize(
    ("report", "exits"), [("", 3), ("not json", 0), ("[]", 0), ('{"notices": [{}]}', 70), ('{"notices": []}', 0)]
)
def test_a_list_that_cannot_be_made_holds_nothing_back(tmp_path, report, exits):
    """Where `gaoshi status` fails, the approved notices still go out and the summary says so."""
    done, output, summary, _ = publish(tmp_path, build=1, status=report, status_exits=exits)
    assert (done, told(output)["status"]) == (0, "1")
    assert "The list could not be made" in summary


def test_who_wrote_it_and_who_was_asked_are_told(tmp_path):
    """What is withheld names its people, in the summary and as an annotation at the notice's own file."""
    summary = publish(tmp_path, build=1)[2]
    assert "起草 Written by: writer" in summary
    assert "请批 Asked: yun-lichun" in summary
    told = (tmp_path / "said").read_text(encoding="utf-8")
    [line] = [line for line in told.splitlines() if line.startswith("::")]
    assert line.startswith(
        "::warning file=notices/2026-11/gas/notice.md,title=暂缓发布 Withheld::A101 尚未审批：%0A缺少"
    )
    assert line.endswith("请审批%0A起草 Written by: writer@cloudtop.example%0A请批 Asked: yun-lichun")


# -- tools/due, tools/confirm ------------------------------------------------------------------------


def run_tool(folder, name, *arguments, exits=0, says="", **more):
    """Runs one of the tools with a `gaoshi` that says something and ends as told; what it did, and how it was called."""
    program = folder / "gaoshi"
    (folder / "says").write_text(says, encoding="utf-8")
    program.write_text(f'#!/bin/sh\necho "$*" >{folder}/call\ncat {folder}/says\nexit {exits}\n')
    program.chmod(0o755)
    output = folder / "output"
    known = {"PATH": os.environ["PATH"], "GAOSHI": str(program), "GITHUB_OUTPUT": str(output), "TMPDIR": str(folder)}
    done = subprocess.run(
        [ROOT / "tools" / name, *arguments], env=known | more, capture_output=True, text=True, check=False
    )
    call = (folder / "call").read_text() if (folder / "call").exists() else ""
    return done, output.read_text() if output.exists() else "", call


SITE = "https://board.cloudtop.example/"


@pytest.mark.parametrize(("exits", "due"), [(0, "false"), (1, "true"), (2, "true"), (3, "true"), (70, "true")])
def test_a_schedule_asks_whether_the_board_is_due(tmp_path, exits, due):
    """Only a clear no ends the run; whatever goes wrong, the board is built."""
    done, output, call = run_tool(tmp_path, "due", exits=exits, GITHUB_EVENT_NAME="schedule", GAOSHI_SITE=SITE)
    assert (done.returncode, output) == (0, f"due={due}\n")
    assert call == f"due --site {SITE} --exit-code\n"


@pytest.mark.parametrize("event", ["push", "workflow_dispatch", ""])
def test_a_push_and_a_persons_hand_always_build(tmp_path, event):
    """Nobody is asked."""
    done, output, call = run_tool(tmp_path, "due", GITHUB_EVENT_NAME=event, GAOSHI_SITE=SITE)
    assert (done.returncode, output, call) == (0, "due=true\n", "")


def test_without_the_boards_address_a_schedule_builds(tmp_path):
    """As nobody can be asked."""
    for site in ({}, {"GAOSHI_SITE": ""}):
        done, output, call = run_tool(tmp_path, "due", GITHUB_EVENT_NAME="schedule", **site)
        assert (done.returncode, output.splitlines()[-1], call) == (0, "due=true", "")


@pytest.mark.parametrize("exits", [0, 1, 2, 3, 70])
def test_the_run_ends_as_the_confirmation_ends(tmp_path, exits):
    """The public board is compared with HEAD and must not be older than what was deployed."""
    done, _, call = run_tool(tmp_path, "confirm", SITE, "2026-11-24T02:00:00Z", exits=exits)
    assert done.returncode == exits
    assert call == f"confirm {SITE} --rev HEAD --not-before 2026-11-24T02:00:00Z --within 5m --lang zh --format json\n"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("tmp")] == []


@pytest.mark.parametrize(
    ("says", "notices"),
    [
        ('{"notices_right": true, "differences": [{"message": "x"}]}', "right"),
        ('{"notices_right": true, "differences": []}', "right"),
        ('{"notices_right": false, "differences": []}', "wrong"),
        ('{"notices_right": "no"}', "wrong"),
        ("{}", "wrong"),
        ("[]", "wrong"),
        ("", "wrong"),
    ],
)
def test_a_confirmation_tells_whether_the_notices_are_right(tmp_path, says, notices):
    """However it ends: a host that is to be mended does not keep what is public from being logged."""
    done, output, _ = run_tool(tmp_path, "confirm", SITE, "2026-11-24T02:00:00Z", exits=1, says=says)
    assert (done.returncode, output) == (1, f"notices={notices}\n")


def test_every_difference_is_an_annotation(tmp_path):
    """One each, and nothing that a site said becomes a command or another line."""
    messages = ["/en/：应答复状态码 200。", "/：标题应为“100%0A::error::x\r\n::y”。"]
    says = json.dumps({"notices_right": False, "differences": [{"message": message} for message in messages]})
    done = run_tool(tmp_path, "confirm", SITE, "2026-11-24T02:00:00Z", exits=1, says=says)[0]
    opening = "::error title=公告栏与仓库不符 Not as published::"
    assert done.stdout.splitlines() == [
        f"{opening}/en/：应答复状态码 200。",
        f"{opening}/：标题应为“100%250A::error::x%0D%0A::y”。",
    ]
