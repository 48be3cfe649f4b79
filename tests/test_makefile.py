"""What the Makefile, tools/prepare and .ci/run promise on a machine that lacks this or that."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def script(path, text):
    """Writes a small program to stand in for a real one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run(command, folder, **environment):
    """Runs a command in `folder` with nothing to read and nothing but this environment."""
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


# -- tools/prepare -------------------------------------------------------------------------------

# What each Debian package brings, so that the apt-get below can bring it.
BRINGS = {
    "python3": "python3",
    "git": "git",
    "openssh-client": "ssh-keygen",
    "fonts-noto-cjk": "fc-list",
    "default-jre-headless": "java",
    "nodejs": "node",
    "npm": "npm",
    "caddy": "caddy",
    "nginx-light": "nginx",
    "chromium": "chromium",
    "chromium-headless-shell": "chromium-headless-shell",
    "hugo": "hugo",
}
BOARD = {"python3", "git", "ssh-keygen"}
TEST = BOARD | {"fc-list", "java", "node", "npm", "caddy", "nginx", "chromium", "chromium-headless-shell"}
BENCH = BOARD | {"hugo"}
NODE_FOLDERS = ("tests/browser", "tests/forges")


class Machine:
    """A machine that has these programs only, in a folder that is all of its PATH."""

    def __init__(self, folder, programs, *, root=False, apt=True, system="debian"):
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.has(*programs)
        # The shell's own surroundings; `id` and `uname` decide who and where we are.
        for name in ("sh", "grep", "touch", "mkdir", "chmod", "ln"):
            (self.bin / name).symlink_to(shutil.which(name))
        script(self.bin / "id", f"echo {0 if root else 1000}")
        script(self.bin / "uname", "echo Linux")
        (folder / "os-release").write_text(f"ID={system}\n")
        (folder / "apt-calls").touch()
        if apt:
            bring = "\n".join(
                f"{package}) echo 'echo {name}' >bin/{name}; chmod +x bin/{name} ;;" for package, name in BRINGS.items()
            )
            script(
                self.bin / "apt-get",
                f'echo "$DEBIAN_FRONTEND:$*" >>apt-calls\nfor p; do case $p in {bring}\nesac; done',
            )

    def has(self, *programs):
        """Puts programs on the machine; each succeeds and says its name."""
        for name in programs:
            script(self.bin / name, f"echo {name}")

    def prepare(self, goal, **environment):
        """What tools/prepare does here."""
        return run(
            [ROOT / "tools" / "prepare", goal],
            self.folder,
            PATH=str(self.bin),
            OS_RELEASE=str(self.folder / "os-release"),
            SBIN=str(self.bin),
            **environment,
        )

    @property
    def apt_calls(self):
        """What apt-get was asked to do."""
        return (self.folder / "apt-calls").read_text().splitlines()


def named_command(done):
    """The one command that a failed run tells the reader to type."""
    (command,) = [line.strip() for line in done.stderr.splitlines() if line.startswith("    ")]
    return command


each_goal = pytest.mark.parametrize(("goal", "needs"), [("board", BOARD), ("test", TEST), ("bench", BENCH)])


@each_goal
@pytest.mark.parametrize("root", [True, False])
def test_a_machine_that_has_everything_is_left_alone(tmp_path, goal, needs, root):
    """Where nothing is missing, nothing is installed, updated or said."""
    machine = Machine(tmp_path, needs, root=root)
    done = machine.prepare(goal)
    assert (done.returncode, done.stdout, done.stderr, machine.apt_calls) == (0, "", "", [])


@each_goal
def test_root_on_debian_gets_what_is_missing(tmp_path, goal, needs):
    """As root on Debian, everything that is missing is installed in one go, without a question."""
    machine = Machine(tmp_path, [], root=True)
    assert machine.prepare(goal).returncode == 0
    update, install = machine.apt_calls
    assert update == "noninteractive:-q update"
    assert install.startswith("noninteractive:-q install --yes --no-install-recommends ")
    assert {BRINGS[word] for word in install.split() if word in BRINGS} == needs
    assert machine.prepare(goal).returncode == 0
    assert len(machine.apt_calls) == 2


def test_only_what_is_missing_is_installed(tmp_path):
    """What the machine has already is not installed a second time."""
    machine = Machine(tmp_path, TEST - {"java"}, root=True)
    assert machine.prepare("test").returncode == 0
    assert machine.apt_calls[1].split()[4:] == ["default-jre-headless"]


@pytest.mark.parametrize("name", sorted(name for name in TEST if not name.startswith("chromium")))
def test_who_is_not_root_is_told_the_one_command(tmp_path, name):
    """Without root the one command that brings what is missing is named, and nothing is done."""
    machine = Machine(tmp_path, TEST - {name})
    done = machine.prepare("test")
    assert done.returncode == 1
    package = next(package for package, program in BRINGS.items() if program == name)
    command = named_command(done)
    assert command.startswith("sudo apt-get -q update && sudo apt-get -q install --yes ")
    assert package in command.split()
    assert machine.apt_calls == []


def test_who_is_not_root_can_have_a_browser_all_the_same(tmp_path):
    """Without root a missing Chromium is remedied by Playwright's own, after Playwright itself."""
    done = Machine(tmp_path, TEST - {"chromium"}).prepare("test")
    assert named_command(done) == "make .venv/.test && .venv/bin/python -m playwright install chromium"


def test_several_missing_things_are_still_one_command(tmp_path):
    """A missing font and a missing browser together are one line to type."""
    command = named_command(Machine(tmp_path, TEST - {"chromium", "fc-list"}).prepare("test"))
    assert command.endswith(
        "fontconfig fonts-noto-cjk && make .venv/.test && .venv/bin/python -m playwright install chromium"
    )


def test_root_on_debian_gets_the_quick_browser_too(tmp_path):
    """Where root has Chromium already, the one without a window is installed beside it; who is not root does without."""
    machine = Machine(tmp_path, TEST - {"chromium-headless-shell"}, root=True)
    assert machine.prepare("test").returncode == 0
    assert machine.apt_calls[1].split()[4:] == ["chromium", "chromium-headless-shell"]
    (tmp_path / "other").mkdir()
    other = Machine(tmp_path / "other", TEST - {"chromium-headless-shell"})
    assert other.prepare("test").returncode == 0


@pytest.mark.parametrize(("playwright_has_it", "exits"), [(True, 0), (False, 1)])
def test_playwrights_own_chromium_is_accepted(tmp_path, playwright_has_it, exits):
    """A browser that Playwright has installed is as good as the system's."""
    machine = Machine(tmp_path, TEST - {"chromium"})
    script(tmp_path / ".venv/bin/python", f"exit {0 if playwright_has_it else 1}")
    assert machine.prepare("test").returncode == exits


def test_ubuntu_has_no_chromium_package(tmp_path):
    """On Ubuntu, where Chromium is no package, root gets Playwright's with what it needs."""
    machine = Machine(tmp_path, TEST - {"chromium"}, root=True, system="ubuntu")
    script(machine.bin / "make", "mkdir -p .venv/bin; ln -s ../../bin/playwright .venv/bin/python")
    script(machine.bin / "playwright", '[ "$1" = -c ] || echo "$*" >installed\n[ -e installed ]')
    assert machine.prepare("test").returncode == 0
    assert (tmp_path / "installed").read_text() == "-m playwright install --with-deps chromium\n"
    assert machine.apt_calls == []


@pytest.mark.parametrize("root", [True, False])
def test_without_apt_what_is_missing_is_named(tmp_path, root):
    """On a system that we do not know, what is missing is named and nothing is tried."""
    done = Machine(tmp_path, BOARD - {"git"}, apt=False, root=root).prepare("board")
    assert done.returncode == 1
    assert "missing: git. Install" in done.stderr


def test_homebrew_is_named_where_it_is(tmp_path):
    """On a Mac with Homebrew the one command is Homebrew's."""
    machine = Machine(tmp_path, TEST - {"java", "npm"}, apt=False)
    machine.has("brew")
    assert named_command(machine.prepare("test")) == "brew install openjdk node"


def test_a_machine_without_a_chinese_font_lacks_one(tmp_path):
    """Fonts count by what they can write: a font list without Chinese is a missing font."""
    machine = Machine(tmp_path, TEST)
    script(machine.bin / "fc-list", "exit 0")
    assert "missing: a Chinese font." in machine.prepare("test").stderr


def test_python_without_venv_lacks_something(tmp_path):
    """A Python that cannot make a virtual environment, as Debian's own cannot, is not enough."""
    machine = Machine(tmp_path, BOARD)
    script(machine.bin / "python3", "case $* in *ensurepip*) exit 1 ;; esac")
    assert "python3-venv" in named_command(machine.prepare("board"))


@pytest.mark.parametrize(
    ("goal", "program", "old", "says"),
    [
        ("board", "python3", "Python 3.9.2", "python3 3.11 or newer is needed, and this machine has Python 3.9.2."),
        ("test", "node", "v12.22.9", "node 18 or newer is needed, and this machine has v12.22.9."),
    ],
)
def test_what_is_too_old_is_said_plainly(tmp_path, goal, program, old, says):
    """A Python or Node.js that is too old is named with its version and the one that is needed."""
    machine = Machine(tmp_path, TEST, root=True)
    script(machine.bin / program, f"case $* in --version) echo {old} ;; *version*) exit 1 ;; esac")
    done = machine.prepare(goal)
    assert done.returncode == 1
    assert says in done.stderr
    assert machine.apt_calls == []


def test_an_installation_that_brought_nothing_is_no_success(tmp_path):
    """Where apt succeeds and the thing is still missing, that is said, and the run fails."""
    machine = Machine(tmp_path, BOARD - {"git"}, root=True)
    script(machine.bin / "apt-get", "exit 0")
    done = machine.prepare("board")
    assert done.returncode == 1
    assert "still missing after installing: git" in done.stderr


def test_an_installation_that_failed_stops(tmp_path):
    """Where apt fails, so does the run."""
    machine = Machine(tmp_path, BOARD - {"git"}, root=True)
    script(machine.bin / "apt-get", "exit 100")
    assert machine.prepare("board").returncode == 100


@pytest.mark.parametrize("goal", ["", "everything"])
def test_an_unknown_goal_is_a_mistake_in_use(tmp_path, goal):
    """Without one of the three goals the usage is shown."""
    done = Machine(tmp_path, TEST).prepare(goal)
    assert done.returncode == 2
    assert "board|test|bench" in done.stderr


def test_another_python_can_be_named(tmp_path):
    """PYTHON names another Python, which is then the one that is looked at."""
    machine = Machine(tmp_path, BOARD - {"python3"} | {"python3.13"})
    assert machine.prepare("board", PYTHON="python3.13").returncode == 0


# -- Makefile ------------------------------------------------------------------------------------


@pytest.fixture
def clone(tmp_path):
    """A fresh clone in which every program that the Makefile calls only writes down that it was called."""
    shutil.copy(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "pyproject.toml").touch()
    for folder in NODE_FOLDERS:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "package-lock.json").touch()
    script(tmp_path / "tools/prepare", 'echo "prepare $*" >>calls')
    # `python3 -m venv .venv` makes an environment whose programs write down what they are asked.
    script(
        tmp_path / "bin/recorder",
        'echo "${0##*/} $*" >>calls\ncase ${0##*/}:$1 in gaoshi:check) exit ${CHECK:-0} ;; esac',
    )
    programs = "pip gaoshi python ruff mypy lint-imports"
    script(
        tmp_path / "bin/python3",
        f'echo "python3 $*" >>calls\nmkdir -p .venv/bin\n'
        f"for p in {programs}; do ln -sf ../../bin/recorder .venv/bin/$p; done",
    )
    script(tmp_path / "bin/npm", 'echo "npm $1 in $PWD" >>../../calls\nmkdir -p node_modules')
    return tmp_path


def make(folder, *words, **environment):
    """Runs make there; returns its result and the programs that it called, in order."""
    (folder / "calls").write_text("")
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    done = run(["make", *words], folder, **{"PATH": path} | environment)
    return done, (folder / "calls").read_text().splitlines()


def test_make_alone_lists_the_commands(clone):
    """`make` alone does nothing but list every command with one line that says what it does."""
    done, calls = make(clone)
    listed = re.findall(r"^  make ([a-z-]+) +\S", done.stdout, re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [goal for goal in phony.split() if not goal.startswith("prepare-")]
    assert {"board", "test", "check-code", "bench", "clean", "help"} <= set(listed)
    assert calls == []


def test_the_board_is_served_from_a_fresh_clone(clone):
    """`make board` prepares the machine, installs, shows the findings and serves the sample estate's day."""
    done, calls = make(clone, "board")
    assert done.returncode == 0
    assert calls == [
        "prepare board",
        "python3 -m venv .venv",
        "pip install --quiet --disable-pip-version-check --editable .",
        "gaoshi check --at 2026-11-24 10:00",
        "gaoshi serve --at 2026-11-24 10:00 --port 8000",
    ]


def test_the_boards_time_and_port_can_be_chosen(clone):
    """AT and PORT choose another instant and another port."""
    _, calls = make(clone, "board", "AT=2027-01-01 00:00", "PORT=9000")
    assert calls[-1] == "gaoshi serve --at 2027-01-01 00:00 --port 9000"


@pytest.mark.parametrize(("status", "served"), [(0, True), (1, True), (2, False), (3, False), (70, False)])
def test_findings_do_not_keep_the_board_from_being_shown(clone, status, served):
    """The board is shown with its findings, and not at all when there was something worse."""
    done, calls = make(clone, "board", CHECK=str(status))
    assert calls[-1].startswith("gaoshi serve") is served
    assert (done.returncode == 0) is served


def test_nothing_is_installed_twice(clone):
    """Packages are installed again only when what they are made from has changed."""
    install = "pip install --quiet --disable-pip-version-check --editable ."
    assert install in make(clone, "board")[1]
    assert install not in make(clone, "board")[1]
    later = (clone / ".venv/.board").stat().st_mtime + 10
    os.utime(clone / "pyproject.toml", (later, later))
    assert install in make(clone, "board")[1]


def test_tests_run_from_a_fresh_clone(clone):
    """`make test` prepares the machine, installs both kinds of packages, and runs every test."""
    done, calls = make(clone, "test")
    assert done.returncode == 0
    assert calls[0] == "prepare test"
    assert {
        "pip install --quiet --disable-pip-version-check --editable .[test]",
        *(f"npm ci in {clone}/{folder}" for folder in NODE_FOLDERS),
    } <= set(calls)
    assert calls[-1] == "python -m pytest -n auto"
    _, again = make(clone, "test", "PYTEST=-x tests/test_rules.py")
    assert not [call for call in again if call.startswith(("pip", "npm"))]
    assert again[-1] == "python -m pytest -x tests/test_rules.py"


def test_the_board_needs_no_second_installation_after_the_tests(clone):
    """What the tests have installed is enough for the board."""
    make(clone, "test")
    assert not [call for call in make(clone, "board")[1] if call.startswith("pip")]


def test_a_machine_that_cannot_be_prepared_stops_everything(clone):
    """Where something is missing, no test is run, so none is left out in silence."""
    script(clone / "tools/prepare", 'echo "prepare $*" >>calls; exit 1')
    for goal in ("board", "test", "bench", "check-code"):
        done, calls = make(clone, goal)
        assert done.returncode != 0
        assert {call.split()[0] for call in calls} == {"prepare"}


def test_the_code_is_checked_from_every_side(clone):
    """`make check-code` lints, checks format and types, and who imports whom."""
    _, calls = make(clone, "check-code")
    assert calls[-4:] == ["ruff check", "ruff format --check", "mypy ", "lint-imports "]


def test_the_benchmarks_run_with_what_they_need(clone):
    """`make bench` prepares the machine and hands its words on."""
    _, calls = make(clone, "bench", "BENCH=check --small")
    assert calls[0] == "prepare bench"
    assert calls[-1] == "python -m benchmarks check --small"


def test_cleaning_leaves_what_was_written(clone):
    """`make clean` removes what was made and nothing that was written."""
    make(clone, "test")
    for name in (
        "site/a",
        "preview-site/a",
        "x.egg-info/a",
        "generator/__pycache__/a.pyc",
        "notices/2026-11/site/notice.md",
    ):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).touch()
    assert make(clone, "clean")[0].returncode == 0
    left = {str(path.relative_to(clone)) for path in clone.rglob("*") if path.is_file()}
    assert left == {
        "Makefile",
        "pyproject.toml",
        "tools/prepare",
        *(f"{folder}/package-lock.json" for folder in NODE_FOLDERS),
        "notices/2026-11/site/notice.md",
        "calls",
        "bin/npm",
        "bin/python3",
        "bin/recorder",
    }


# -- .ci/run ---------------------------------------------------------------------------------------


def test_the_gate_runs_everything_without_a_question(tmp_path):
    """.ci/run makes check-code and test with nothing to read, from wherever it is called, and fails as they do."""
    script(tmp_path / "bin/make", 'echo "$PWD:$*"; cat; exit 7')
    done = run([ROOT / ".ci" / "run"], tmp_path, PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}", CI="true")
    assert done.stdout == f"{ROOT}:check-code test\n"
    assert done.returncode == 7
    assert "set -euo pipefail" in (ROOT / ".ci" / "run").read_text()
