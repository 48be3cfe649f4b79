"""What tools/log promises: the public board goes into the log, and the token into one file of its own."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def log(folder, exits=0, **environment):
    """Runs tools/log with a `gaoshi` that notes how it was called, and what it was given."""
    program = folder / "gaoshi"
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >{folder}/call; cat "$HOME/.gitconfig" >{folder}/config; stat -c %a "$HOME/.gitconfig" >{folder}/mode\n'
        f'echo "$HOME" >{folder}/home; env >{folder}/env\nexit {exits}\n'
    )
    program.chmod(0o755)
    known = {"PATH": os.environ["PATH"], "GAOSHI": str(program), "GITHUB_TOKEN": "t0ken", "TMPDIR": str(folder)}
    return subprocess.run(
        [ROOT / "tools" / "log"], env=known | environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def test_the_public_board_is_logged_and_pushed(tmp_path):
    """The board at GAOSHI_SITE is what is logged, and the log is pushed."""
    done = log(tmp_path, GAOSHI_SITE="https://board.example")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "call").read_text() == "log published --site https://board.example --push\n"


def test_the_token_lies_in_one_file_for_as_long_as_it_is_needed(tmp_path):
    """The token is in a file that nobody else can read, in no variable and no output, and gone in the end."""
    done = log(tmp_path, GAOSHI_SITE="https://board.example", GITHUB_SERVER_URL="https://forge.example")
    assert '[http "https://forge.example/"]\n\textraheader = AUTHORIZATION: basic ' in (tmp_path / "config").read_text()
    assert (tmp_path / "mode").read_text() == "600\n"
    assert "t0ken" not in (tmp_path / "env").read_text()
    assert not Path((tmp_path / "home").read_text().strip()).exists()
    assert b"t0ken" not in done.stdout + done.stderr


@pytest.mark.parametrize("status", [1, 2, 3, 70])
def test_a_log_that_could_not_be_written_is_loud(tmp_path, status):
    """Whatever `gaoshi log` ends with is what the step ends with, and the token's file is gone all the same."""
    done = log(tmp_path, exits=status, GAOSHI_SITE="https://board.example")
    assert done.returncode == status
    assert not Path((tmp_path / "home").read_text().strip()).exists()


def test_without_an_address_nothing_is_logged_and_nothing_fails(tmp_path):
    """A board that does not say where it is public is built and deployed all the same."""
    done = log(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(b"::notice::")
    assert not (tmp_path / "call").exists()
