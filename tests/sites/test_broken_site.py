"""One bad notice never stops the board: a whole site of broken things, and the good notices are out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

GOOD = ["2026-11/good-one", "2026-11/good-two", "2026-10/good-three"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


@dataclass(frozen=True)
class Breakage:
    """Something broken: how it comes about, what is said about it and where, and what of it is published.

    `committed`: git can hold it. `live`: what git holds of it is sound, or it is not so bad.
    """

    make: Callable[[Any, str], object]
    codes: set[str]
    path: str = "notices/{id}/notice.md"
    committed: bool = True
    live: bool = False


def text(content: str | bytes) -> Callable[[Any, str], object]:
    """A notice.md of these very bytes."""
    return lambda estate, notice_id: estate.write(f"notices/{notice_id}/notice.md", content)


def front(line: str) -> Callable[[Any, str], object]:
    """An otherwise sound notice with this line in its front matter."""
    return text(
        "---\ntype: safety\ntitle: 坏\ndepartment: security\napprover: yun-lichun\nlanguages: [zh]\n"
        f"valid_from: 2026-11-20 09:00\nvalid_until: 2026-11-30 18:00\n{line}\n---\n坏的。\n"
    )


def file(name: str, data: bytes = PNG) -> Callable[[Any, str], object]:
    """A sound notice with this file beside it."""
    return lambda estate, notice_id: estate.notice(notice_id, files={name: data})


def link_notice(estate: Any, notice_id: str) -> None:
    """A link in place of the notice's text."""
    target = estate.root / "notices" / notice_id
    target.mkdir(parents=True)
    (target / "notice.md").symlink_to(estate.root / "notices/2026-11/good-one/notice.md")


def link_out(estate: Any, notice_id: str) -> None:
    """A link to a file outside of the repository."""
    estate.notice(notice_id)
    (estate.root / "notices" / notice_id / "passwd.pdf").symlink_to("/etc/passwd")


def link_folder(estate: Any, notice_id: str) -> None:
    """A link in place of a notice's folder."""
    (estate.root / "notices/2026-11").mkdir(parents=True, exist_ok=True)
    (estate.root / "notices" / notice_id).symlink_to("good-one", target_is_directory=True)


def nested(*, commit: bool) -> Callable[[Any, str], object]:
    """A repository in a notice's folder, with a commit or without."""

    def make(estate: Any, notice_id: str) -> None:
        inner = type(estate)(estate.root / "notices" / notice_id / "inner")
        estate.notice(notice_id)
        inner.root.mkdir()
        inner.git("init", "-q")
        if commit:
            inner.commit()

    return make


def whole_repository(estate: Any, notice_id: str) -> None:
    """A notice's folder that is a repository itself."""
    inner = type(estate)(estate.root / "notices" / notice_id)
    estate.notice(notice_id)
    inner.git("init", "-q")
    inner.commit()


def fifo(estate: Any, notice_id: str) -> None:
    """A pipe in a notice's folder."""
    estate.notice(notice_id)
    os.mkfifo(estate.root / "notices" / notice_id / "pipe.png")


def huge(estate: Any, notice_id: str) -> None:
    """A notice of fifty megabytes."""
    estate.notice(notice_id, body="很长。" * 6_000_000)


BROKEN: dict[str, Breakage] = {
    "2026-11/folder-named-notice": Breakage(
        lambda estate, i: estate.write(f"notices/{i}/notice.md/inner.md", "x"),
        {"F101", "F102", "F201", "F203", "R103", "A101", "V101"},
    ),
    "2026-11/no-notice": Breakage(lambda estate, i: estate.write(f"notices/{i}/x.png", PNG), {"R101"}),
    "2026-11/link-as-notice": Breakage(link_notice, {"R102"}),
    "2026-11/link-out": Breakage(link_out, {"R102"}, "notices/{id}/passwd.pdf"),
    "2026-11/link-as-folder": Breakage(link_folder, {"R401"}, "notices/{id}"),
    "2026-11/nested": Breakage(nested(commit=True), {"R102"}, "notices/{id}/inner"),
    "2026-11/nested-empty": Breakage(nested(commit=False), {"R103"}, "notices/{id}/inner/", committed=False, live=True),
    "2026-11/repository": Breakage(whole_repository, {"R401"}, "notices/{id}"),
    "2026-11/fifo": Breakage(fifo, {"R102"}, "notices/{id}/pipe.png", committed=False, live=True),
    "2026-11/empty-folder": Breakage(
        lambda estate, i: (estate.root / "notices" / i).mkdir(parents=True), {"R401"}, "notices/{id}", committed=False
    ),
    "2026-11/empty-file": Breakage(text(""), {"R201"}),
    "2026-11/not-utf8": Breakage(text("---\ntitle: 好\n".encode() + b"\xb9\xab\xb8\xe6\n---\n"), {"R101"}),
    "2026-11/utf16": Breakage(text("---\ntitle: 好\n---\n".encode("utf-16")), {"R101"}),
    "2026-11/huge": Breakage(huge, {"R101"}),
    "2026-11/bomb": Breakage(front("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]"), {"R202", "R203"}),
    "2026-11/deep": Breakage(front("cause: " + "[" * 20_000), {"R201"}),
    "2026-11/syntax": Breakage(front('scope: "unclosed'), {"R201"}),
    "2026-11/duplicate": Breakage(front("title: 又一个"), {"R202"}),
    "2026-11/two-documents": Breakage(text("---\na: 1\n--- # more\nb: 2\n---\nx\n"), {"R202"}),
    "2026-11/list": Breakage(text("---\n- a\n- b\n---\nx\n"), {"R201"}),
    "2026-11/unclosed": Breakage(text("---\ntitle: x\n"), {"R201"}),
    "2026-11/no-front-matter": Breakage(text("只有正文。\n"), {"R201"}),
    "2026-11/control": Breakage(front('scope: "a\\u202Eb"'), {"R303"}),
    "2026-11/script": Breakage(
        lambda estate, i: estate.notice(i, body="<script>fetch('//evil.example')</script>\n"), {"C101"}
    ),
    "2026-11/svg": Breakage(file("x.svg", b"<svg onload=alert(1)>"), {"M201"}, "notices/{id}/x.svg"),
    "2026-11/upper-case-language": Breakage(
        file("notice.EN.md", b"---\ntitle: x\n---\n"), {"M103"}, "notices/{id}/notice.EN.md"
    ),
    "2026-11/impossible-date": Breakage(front("starts_at: 2026-02-30 09:00"), {"R301"}),
    "2026-11/crlf": Breakage(
        lambda estate, i: estate.write(
            f"notices/{i}/notice.md",
            "---\r\ntype: safety\r\ntitle: 换行\r\ndepartment: security\r\napprover: yun-lichun\r\nlanguages: [zh]\r\n"
            "valid_from: 2026-11-20 09:00\r\nvalid_until: 2026-11-30 18:00\r\n---\r\n第一段。\r\n\r\n第二段。\r\n",
        ),
        set(),
        live=True,
    ),
    "2026-11/deep-lists": Breakage(lambda estate, i: estate.notice(i, body="- " * 5000 + "x"), set(), live=True),
    "2026-11/endless": Breakage(lambda estate, i: estate.notice(i, body="[" * 60_000), {"C105"}),
    "2026-11/Upper": Breakage(lambda estate, i: estate.notice(i), {"R401"}, "notices/{id}"),
    "2026-13/month": Breakage(lambda estate, i: estate.notice(i), {"R401"}, "notices/{id}"),
}


def make_broken(estate: Any) -> None:
    """Every broken thing, and three good notices among them."""
    for notice_id, breakage in BROKEN.items():
        breakage.make(estate, notice_id)
    estate.write("notices/stray.md", "x")
    estate.write("notices/2026-11/stray.md", "x")


@pytest.fixture
def broken(estate: Any) -> Any:
    """The broken site, with what can be committed committed."""
    for notice_id in GOOD:
        estate.notice(notice_id, files={"x.png": PNG}, body="![图](x.png)\n")
    make_broken(estate)
    estate.git("config", "core.compression", "0")
    estate.stage()
    estate.git("commit", "-q", "-m", "broken")
    return estate


def test_the_good_notices_of_a_broken_site_are_published(broken: Any) -> None:
    """Every broken thing is reported under its code, and the board is built with all the rest, quickly."""
    start = time.monotonic()
    run = broken.build()
    took = time.monotonic() - start
    live = [notice_id for notice_id, breakage in BROKEN.items() if breakage.live]
    assert run.status == 1
    assert sorted(notice["id"] for notice in broken.manifest["notices"]) == sorted(GOOD + live)
    for notice_id in GOOD:
        assert (broken.site / "notices" / notice_id / "index.html").is_file()
        assert (broken.site / "notices" / notice_id / "x.png").read_bytes() == PNG
    assert "Traceback" not in run.err
    assert "第一段" in (broken.site / "notices/2026-11/crlf/index.html").read_text()
    assert took < 20, "a huge notice must not be read whole"
    for notice_id, breakage in BROKEN.items():
        if breakage.committed and breakage.codes:
            reported = {
                code
                for code in breakage.codes
                if any(notice_id in line and f" {code} " in line for line in run.err.splitlines())
            }
            assert reported, (notice_id, run.err)
    published = {
        path.relative_to(broken.site / "notices").as_posix().partition("/index.html")[0]
        for path in (broken.site / "notices").rglob("index.html")
    }
    assert published == set(GOOD + live)
    assert not any(path.suffix in {".svg", ".pdf"} for path in (broken.site / "notices").rglob("*"))


def test_every_broken_thing_of_the_working_tree_is_explained(broken: Any) -> None:
    """A preview reports the same, and what git cannot even hold: pipes, empty folders, repositories without commits."""
    run = broken.run("check", "--format", "json", "--at", broken.at, "--lang", "zh")
    assert run.status == 1
    found: dict[str, set[str]] = {}
    for finding in run.data["findings"]:
        assert finding["message"].strip()
        assert finding["fix"].strip()
        assert "{" not in finding["message"] + finding["fix"], finding
        found.setdefault(finding["path"], set()).add(finding["code"])
    for notice_id, breakage in BROKEN.items():
        path = breakage.path.format(id=notice_id)
        if breakage.codes:
            near = {
                code for place, codes in found.items() if place.startswith(f"notices/{notice_id}") for code in codes
            }
            assert breakage.codes <= near, (notice_id, near)
            assert path in found or path.rstrip("/") in found, (path, [p for p in found if notice_id in p])
    assert found["notices/stray.md"] == found["notices/2026-11/stray.md"] == {"R401"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_cannot_be_read_is_said_in_one_sentence_each(broken: Any, language: str) -> None:
    """Each finding in the text form is a place, a sentence, a reason and a way to mend it; no traceback."""
    run = broken.run("check", "--at", broken.at, "--lang", language)
    assert run.status == 1
    assert (run.err, "Traceback" in run.out) == ("", False)
    for notice_id, code in (("not-utf8", "R101"), ("huge", "R101"), ("link-as-notice", "R102"), ("no-notice", "R101")):
        heads = [
            line
            for line in run.out.splitlines()
            if line.startswith(f"notices/2026-11/{notice_id}/") and f" {code} " in line
        ]
        assert len(heads) == 1, (notice_id, heads)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_a_file_that_may_not_be_read_is_a_finding(estate: Any, tmp_path: Path) -> None:
    """For a user who may not read a notice's file, that notice has a finding, and the others are judged."""
    estate.notice("2026-11/secret")
    estate.notice("2026-11/good")
    estate.commit()
    estate.notice("2026-11/new-secret")
    for name in ("secret", "new-secret"):
        (estate.root / f"notices/2026-11/{name}/notice.md").chmod(0)
    estate.notice("2026-11/secret-picture", files={"x.png": PNG}, body="![图](x.png)\n")
    (estate.root / "notices/2026-11/secret-picture/x.png").chmod(0)
    subprocess.run(["chown", "-R", "65534:65534", str(estate.root)], check=True)
    for folder in (estate.root, *estate.root.parents):
        if folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-m", "gaoshi.cli"]
    result = subprocess.run(
        [*command, "status", "--at", estate.at, "--lang", "en", "--project", str(estate.root), "--format", "json"],
        env=os.environ | {"HOME": str(estate.root)},
        capture_output=True,
        check=False,
        cwd=estate.root,
    )
    if b"ModuleNotFoundError" in result.stderr or (
        b"Permission denied: " in result.stderr and os.fsencode(sys.prefix) in result.stderr
    ):
        pytest.skip("nobody may not run this Python")
    assert result.returncode == 1, result.stderr
    notices = json.loads(result.stdout)["notices"]
    states = {notice["id"]: (notice["state"], [r["code"] for r in notice["reasons"]]) for notice in notices}
    assert states["2026-11/good"] == ("live", [])
    assert states["2026-11/secret"][0] == "withheld"
    assert "R101" in states["2026-11/secret"][1]
    assert states["2026-11/secret-picture"][0] == "withheld"
    assert "Traceback" not in result.stderr.decode()
    assert states.get("2026-11/new-secret", ("withheld",))[0] == "withheld"
