"""The repository's own files: packages, attributes, and what git overlooks."""

import json
import re
import shutil
import subprocess

import pytest
from workflows import NODE_TOOLS, ROOT


def test_npm_packages_are_exact_and_name_no_host():
    """The lock file has every package's hash and no address, so that any mirror serves."""
    manifest = json.loads((NODE_TOOLS / "package.json").read_text())
    lock = json.loads((NODE_TOOLS / "package-lock.json").read_text())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in manifest["devDependencies"].values())
    packages = [package for path, package in lock["packages"].items() if path]
    assert all("integrity" in package and "resolved" not in package for package in packages)


def test_npm_packages_depend_on_no_moving_tag():
    """No package asks for `latest`: Debian's npm cannot hold such a one to what is locked."""
    packages = json.loads((NODE_TOOLS / "package-lock.json").read_text())["packages"]
    asked = {
        (name, wanted) for package in packages.values() for name, wanted in package.get("dependencies", {}).items()
    }
    assert [one for one in sorted(asked) if re.fullmatch("[a-z]+", one[1])] == []


def git(folder, *arguments):
    """What git answers in `folder`."""
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def repository(tmp_path):
    """An empty repository with this one's rules."""
    git(tmp_path, "init", "--quiet")
    for name in (".gitignore", ".gitattributes"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        ("notices/2026-11/water/notice.md", {"text": "auto", "eol": "lf"}),
        ("notices/2026-11/water/map.png", {"text": "unset", "diff": "unset"}),
        ("records/approvals/a.json", {"text": "unset"}),
        ("records/log/2026-11/water/a.json", {"text": "unset"}),
    ],
)
def test_bytes_are_the_same_on_every_machine(repository, path, attributes):
    """Text is committed with LF everywhere, and what is signed is never converted."""
    for attribute, value in attributes.items():
        assert git(repository, "check-attr", attribute, "--", path).strip().endswith(f": {value}")


def test_attributes_hide_nothing():
    """No attribute can leave a file out or change its content on the way."""
    text = (ROOT / ".gitattributes").read_text(encoding="utf-8")
    assert not re.search(r"export-|filter|ident|working-tree-encoding", text)


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        (".venv/bin/python", True),
        ("site/index.html", True),
        ("preview-site/index.html", True),
        ("build/lib/x.py", True),
        ("tests/browser/node_modules/x/y.js", True),
        ("generator/gaoshi/__pycache__/x.pyc", True),
        ("gaoshi.egg-info/PKG-INFO", True),
        (".pytest_cache/x", True),
        (".ruff_cache/x", True),
        ("notices/2026-11/site/notice.md", False),
        ("notices/2026-11/build/notice.md", False),
        ("records/log/2026-11/water/x.json", False),
        ("tests/browser/package-lock.json", False),
    ],
)
def test_what_is_made_is_ignored_and_what_is_written_is_not(repository, path, ignored):
    """Git overlooks what the commands make, and no notice, whatever its name."""
    assert bool(git(repository, "check-ignore", "--no-index", path)) is ignored
