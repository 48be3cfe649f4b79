"""`gaoshi confirm` looks at all that a reader's browser fetches: policies, scripts, files, and what is not there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from public_server import PublicServer, files_of, send
from questions import ELSEWHERE, ask, both_ways, differences

from gaoshi.core import alongside
from gaoshi.core.alongside import NOWHERE, Kept, blob_id, file_checks
from gaoshi.core.expected import longest_words
from gaoshi.engine import inspection

PROJECT = Path(__file__).resolve().parents[2]
LIVE, ENDED, WITHHELD = "2026-11/live", "2026-11/past", "2026-11/held"
AT = "2026-11-24 10:00"
PICTURE = (PROJECT / "notices/2026-11/leaf-volunteers/ginkgo.webp").read_bytes()
PAPER = next((PROJECT / "notices/2026-11/common-income-q3").glob("*.pdf")).read_bytes()
SHOWN, FILE = f"notices/{LIVE}/tree.webp", f"notices/{LIVE}/income.pdf"
PAGES = ["", "en/", f"notices/{LIVE}/", f"en/notices/{LIVE}/", "about/", "en/about/"]
OVER = [f"notices/{ENDED}/", f"en/notices/{ENDED}/"]
HOME_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
_KEPT: dict[str, Any] = {}
Found = set[tuple[str, str, str]]


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project with pictures and files in every state; what it publishes at AT is in `project.site`. Made once."""
    if not _KEPT:
        estate = make_estate("alongside")
        picture = "![银杏](tree.webp)\n"
        estate.notice(LIVE, languages="[zh]", body=picture, files={"tree.webp": PICTURE, "income.pdf": PAPER})
        old = {"files": {"tree.webp": PICTURE + b"old"}, "body": picture}
        estate.notice(ENDED, title="关于已经结束之事的温馨提示", valid_until="2026-11-23 18:00", **old)
        estate.notice(WITHHELD, title="关于未获批准之事的温馨提示", approver="nobody", **old)
        estate.commit()
        assert estate.build(at=AT).status == 1
        _KEPT["estate"] = estate
    return _KEPT["estate"]


def test_all_that_a_browser_fetches_is_asked_for(project: Any, public: PublicServer) -> None:
    """Pictures, files, the seal and the board's own pages are looked at, and what should be gone, too."""
    assert differences(project, public) == set()
    assert {SHOWN, FILE, "assets/seal.svg", *PAGES, *OVER, NOWHERE} <= set(public.paths)
    assert {f"notices/{one}/tree.webp" for one in (ENDED, WITHHELD)} <= set(public.paths)
    assert len(public.paths) == len(set(public.paths))
    asked = ask(project, public, "--format", "json").data["asked"]
    assert asked == len(set(public.paths))


WHERE = [*PAGES, *OVER, "404.html"]


def at(path: str) -> str:
    """Where a difference of a file is told."""
    return NOWHERE if path == "404.html" else path


# ── when a page is due ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "code"), [("due", "due"), ("stale", "old")])
def test_every_page_says_when_it_is_due_and_old(project: Any, public: PublicServer, name: str, code: str) -> None:
    """A page that calls itself fresh for longer than its edition is named, each of them."""
    for path in WHERE:
        said = re.search(rf'data-{name}="(\d{{4}})-', public.files[path].decode())
        assert said
        public.edit(path, said[0], said[0].replace(said[1], "2030"))
    assert differences(project, public) == {(code, at(path), "") for path in WHERE}


def test_a_board_that_calls_itself_fresh_for_ever_contradicts_itself(project: Any, public: PublicServer) -> None:
    """Compared with itself, too: no board may be due later than its manifest says, nor old days after that."""
    for name, code in (("due", "due"), ("stale", "old")):
        before = dict(public.files)
        for path in (*PAGES, "404.html"):
            page = public.files[path].decode()
            public.files[path] = re.sub(rf'data-{name}="\d{{4}}', f'data-{name}="2030', page).encode()
        found = differences(project, public, "--fresh-within", "1d", at=ELSEWHERE)
        assert found == {(code, path, "") for path in (*PAGES, NOWHERE)}
        public.files = before


# ── pictures and files ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [SHOWN, FILE, "assets/seal.svg", "assets/share.png"])
def test_a_file_is_that_of_the_repository(project: Any, public: PublicServer, path: str) -> None:
    """One that is gone, or was pressed smaller by a host that means well, is named."""
    notice = LIVE if path in {SHOWN, FILE} else ""
    public.files[path] = public.files[path][:-1]
    assert differences(project, public) == {("file", path, notice)}
    del public.files[path]
    assert differences(project, public) == {("status", path, "")}


@pytest.mark.parametrize("path", [SHOWN, FILE])
def test_a_file_that_a_page_names_is_there(project: Any, public: PublicServer, path: str) -> None:
    """Also where nobody knows what it should be: one that is gone is found, and asked for once."""
    elsewhere = ("--fresh-within", "1d")
    assert differences(project, public, *elsewhere, at=ELSEWHERE) == set()
    assert public.paths.count(path) == 1
    del public.files[path]
    assert differences(project, public, *elsewhere, at=ELSEWHERE) == {("status", path, "")}


def test_what_a_page_names_elsewhere_is_not_asked_for(project: Any, public: PublicServer) -> None:
    """Nothing but a plain name beside the notice, however it is written."""
    asked = set()
    for name in ("../secret", "%2e%2e/secret", "a/b", "?x", "", "x#y"):
        page = f"notices/{LIVE}/"
        before = public.files[page]
        changed(public, page, b"</main>", f'<a href="../../../notices/{LIVE}/{name}">x</a></main>'.encode())
        assert differences(project, public, "--fresh-within", "1d", at=ELSEWHERE) == set()
        public.files[page] = before
        asked |= set(public.paths)
    assert not [path for path in asked if "secret" in path or "?x" in path or path.endswith("/b")]


@pytest.mark.parametrize("notice_id", [ENDED, WITHHELD])
def test_the_file_of_what_is_not_live_is_found(project: Any, public: PublicServer, notice_id: str) -> None:
    """A picture that can still be opened is as public as the notice was."""
    path = f"notices/{notice_id}/tree.webp"
    public.files[path] = PICTURE + b"old"
    assert differences(project, public) == {("file-still", path, notice_id)}


def test_files_beyond_all_measure_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fetched has a sum that it does not pass; files that must be gone are small answers, and always asked."""
    monkeypatch.setattr(alongside, "MOST_BYTES", 100)
    there = {f"{number}.pdf": Kept("0" * 40, 30) for number in range(5)}
    made, left = file_checks(there, {"old.pdf": Kept("0" * 40, 300)})
    assert (sorted(made), left) == (["0.pdf", "1.pdf", "2.pdf", "old.pdf"], 2)


def test_files_that_were_left_out_are_told(project: Any, public: PublicServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The board is proved, and a note says what was not looked at."""
    monkeypatch.setattr(alongside, "MOST_BYTES", 10)
    run = ask(project, public)
    assert run.status == 0
    assert re.search(r"Note: \d+ of the notices’ pictures and files were not fetched", run.err)
    assert ask(project, public, "--format", "json").data["left_out"] > 0
    assert FILE not in public.paths


def naming(public: PublicServer, *names: str) -> None:
    """Let a notice's page name these files as well."""
    links = "".join(f'<a href="../../../notices/{LIVE}/{name}">x</a>' for name in names)
    changed(public, f"notices/{LIVE}/", b"</main>", f"{links}</main>".encode())


def test_what_pages_name_without_end_is_not_asked_for_without_end(
    project: Any, public: PublicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page may name as many files as it likes: so many are asked for, the others are counted."""
    monkeypatch.setattr(alongside, "MOST_NAMED", 5)
    naming(public, *(f"{number}.pdf" for number in range(50)))
    run = ask(project, public, "--fresh-within", "1d", "--format", "json", at=ELSEWHERE)
    assert run.data["left_out"] == 50 + 2 - 5
    assert len([path for path in public.paths if path.endswith((".pdf", ".webp"))]) == 5


def test_what_pages_name_is_fetched_up_to_the_same_sum(
    project: Any, public: PublicServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How large such a file is, is known only when it comes: what comes beyond the sum is counted, and is no error."""
    monkeypatch.setattr(inspection, "MOST_BYTES", 2_500)
    assert max(len(PICTURE), len(PAPER)) > 2_500
    for number in range(20):
        public.files[f"notices/{LIVE}/{number}.pdf"] = b"x" * 1_000
    naming(public, *(f"{number}.pdf" for number in range(20)))
    run = ask(project, public, "--fresh-within", "1d", "--format", "json", at=ELSEWHERE)
    assert run.data["differences"] == []
    assert 20 + 2 - 2 <= run.data["left_out"] <= 20 + 2


@pytest.mark.parametrize("format_", ["sha1", "sha256"])
def test_a_content_has_gits_own_id(tmp_path: Path, project: Any, format_: str) -> None:
    """By both of git's ways to name things."""
    estate = type(project)(tmp_path)
    estate.git("init", "--quiet", f"--object-format={format_}")
    estate.write("file", PICTURE)
    named = estate.git("hash-object", "file")
    assert blob_id(PICTURE, named) == named


# ── the board's own pages ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["about/", "en/about/"])
def test_the_boards_own_pages_are_there(project: Any, public: PublicServer, path: str) -> None:
    """One that is gone is found even by itself, as the site map names it; with another text, by the edition."""
    page = public.files[path]
    public.files[path] = re.sub(rb"<article.*</article>", b"<article>Buy!</article>", page, flags=re.DOTALL)
    assert both_ways(project, public) == ({("own", path, "")}, set())
    del public.files[path]
    assert both_ways(project, public) == ({("status", path, "")},) * 2


def test_an_estates_own_pages_and_files_are_looked_at(project: Any, tmp_path: Path) -> None:
    """What an estate puts into its templates is part of its board."""
    own = type(project)(Path(shutil.copytree(project.root, tmp_path / "own")))
    own.own_templates()
    own.write("site_templates/pages/rules/pets.md", "---\ntitle: Pets\n---\n<!-- not a word for readers -->\n# Dogs\n")
    own.write("site_templates/pages/map.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    own.commit()
    assert own.build(at=AT).status == 1
    public = PublicServer(files_of(own.site))
    try:
        assert both_ways(own, public) == (set(), set())
        assert {"rules/pets/", "map.svg"} <= set(public.paths)
    finally:
        public.close()


def test_what_mkdocs_leaves_out_is_not_expected(project: Any, tmp_path: Path) -> None:
    """In both folders, as it builds: hidden files, drafts, a README beside an index, a theme's parts, what is excluded."""
    own = type(project)(Path(shutil.copytree(project.root, tmp_path / "left")))
    own.own_templates()
    own.edit(
        "mkdocs.yml", "use_directory_urls: true", "use_directory_urls: true\nexclude_docs: /out/\ndraft_docs: /draft.md"
    )
    pages = [
        "out/a.md",
        "draft.md",
        ".hidden.md",
        "templates/a.md",
        "guide/README.md",
        "guide/index.md",
        "in/README.md",
    ]
    for number, page in enumerate(pages):
        own.write(f"site_templates/pages/{page}", f"# A page of its own with number {number}\n")
    files = [
        ".hidden.svg",
        "templates/a.svg",
        "out/a.svg",
        "in/a.svg",
        "in/.hidden/a.svg",
        "assets/seal.svg",
        "in/b.html",
    ]
    for file in files:
        own.write(f"site_templates/pages/{file}", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    for file in (
        "assets/.hidden/a.svg",
        "assets/README.txt",
        "assets/x.py",
        "assets/y.svg",
        "more/z.svg",
        "locales/q.svg",
    ):
        own.write(f"site_templates/theme/{file}", "<svg/>")
    own.commit()
    assert own.build(at=AT).status == 1
    public = PublicServer(files_of(own.site))
    try:
        assert differences(own, public) == set()
        asked = set(public.paths)
        assert {"guide/", "in/", "in/a.svg", "in/b.html", "assets/seal.svg", "assets/y.svg", "more/z.svg"} <= asked
        built = {
            path for path in public.files if path not in {"board.json", "404.html", "sitemap.xml", "sitemap.xml.gz"}
        }
        assert built <= asked
    finally:
        public.close()


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("# About this board\n\nShort.\n", "Aboutthisboard"),
        ("<!-- a very long remark that nobody reads -->\nHere we are now\n", "Herewearenow"),
        ("**告示**都会在这里告诉您，不用下载。", "都会在这里告诉您"),
        ("Short.\n", ""),
    ],
)
def test_the_longest_words_are_those_that_a_page_shows(markdown: str, words: str) -> None:
    """No mark-up, no remark, no white space."""
    assert longest_words([markdown]) == words


# ── where there is nothing ───────────────────────────────────────────────────────────────────────


def test_where_there_is_nothing_the_board_says_so(project: Any, public: PublicServer) -> None:
    """A host's own error page, or the board's of another day, is not the board's."""
    page = public.files.pop("404.html")
    assert both_ways(project, public) == ({("nowhere", NOWHERE, "")},) * 2
    public.lies[NOWHERE] = lambda handler, _: send(handler, b"<Error/>", status=404, kind="application/xml")
    assert both_ways(project, public) == ({("nowhere", NOWHERE, "")},) * 2
    public.lies[NOWHERE] = lambda handler, _: send(handler, b"no", status=403)
    assert both_ways(project, public) == ({("status", NOWHERE, "")},) * 2
    del public.lies[NOWHERE]
    public.files["404.html"] = page.replace(b'data-at="2026-11-24T10:00', b'data-at="2026-11-24T09:00')
    assert both_ways(project, public) == ({("stale", NOWHERE, "")},) * 2


def softly(public: PublicServer, body: Callable[[str], bytes]) -> None:
    """Answer 200 wherever there is nothing."""

    def soft(handler: Any, _: int) -> None:
        path = handler.path[1:]
        if path in public.files:
            public.serve(handler, path)
        else:
            send(handler, body(path))

    public.any_lie = soft


SOFT: dict[str, Callable[[PublicServer], Callable[[str], bytes]]] = {
    "the board's page": lambda public: lambda _: public.files["404.html"],
    "the home page": lambda public: lambda _: public.files[""],
    "the host's page": lambda _: lambda _: b"<!doctype html><html><title>Oops</title></html>",
    "a page that names what was asked": lambda _: lambda path: f"<!doctype html><html>{path}</html>".encode(),
}


@pytest.mark.parametrize("kind", SOFT)
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", f"The host answers 200 for pages that do not exist (/{NOWHERE} was asked for). Expected 404"),
        ("zh", f"对不存在的网页，托管服务也答复 200（试的是 /{NOWHERE}）。应答复 404"),
    ],
)
def test_a_host_that_answers_200_for_nothing_is_told_once(
    project: Any, public: PublicServer, kind: str, language: str, sentence: str
) -> None:
    """Not as many notices that are still there, but as one host whose error page is not set, in the right words."""
    for path in OVER:
        del public.files[path]
    softly(public, SOFT[kind](public))
    run = ask(project, public, "--lang", language)
    assert (run.status, run.out.count("\n")) == (1, 1), run.out
    assert run.out.startswith(sentence)


def test_a_soft_host_hides_nothing(project: Any, public: PublicServer) -> None:
    """What is really still there is told besides: a page, a text, a file."""
    softly(public, SOFT["the board's page"](public))
    page = public.files[f"notices/{LIVE}/"].decode()
    public.files[f"notices/{WITHHELD}/"] = page.replace(LIVE, WITHHELD).encode()
    public.files[f"notices/{ENDED}/tree.webp"] = PICTURE + b"old"
    found = differences(project, public)
    assert ("soft", NOWHERE, "") in found
    assert ("still", f"notices/{WITHHELD}/", WITHHELD) in found
    assert ("file-still", f"notices/{ENDED}/tree.webp", ENDED) in found


# ── policy and scripts ───────────────────────────────────────────────────────────────────────────


def changed(public: PublicServer, path: str, old: bytes, new: bytes) -> None:
    assert old in public.files[path]
    public.files[path] = public.files[path].replace(old, new, 1)


SPOILT: dict[str, Callable[[bytes, re.Match[bytes]], bytes]] = {
    "stripped": lambda page, policy: page.replace(policy[0], b""),
    "loosened": lambda page, _: page.replace(b"script-src ", b"script-src &#39;unsafe-inline&#39; ", 1),
    "unheeded": lambda page, policy: page.replace(policy[0], b"").replace(b"</main>", b"</main>" + policy[0]),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_page_without_the_policy_is_named(project: Any, public: PublicServer, how: str) -> None:
    """Stripped, loosened, or put where no browser heeds it, in whichever page."""
    for path in WHERE:
        page = public.files[path]
        policy = HOME_POLICY.search(page)
        assert policy
        public.files[path] = SPOILT[how](page, policy)
        assert public.files[path] != page
    assert differences(project, public) == {("policy", at(path), "") for path in WHERE}


def test_a_board_without_any_policy_is_found_by_itself(project: Any, public: PublicServer) -> None:
    """A policy that is nowhere is as wrong as one that differs from page to page."""
    for path in (*PAGES, "404.html"):
        public.files[path] = HOME_POLICY.sub(b"", public.files[path])
    found = differences(project, public, "--fresh-within", "1d", at=ELSEWHERE)
    assert {one for one in found if one[0] == "policy"} == {("policy", at(path), "") for path in (*PAGES, "404.html")}


def test_what_a_policy_lost_is_told(project: Any, public: PublicServer) -> None:
    """The sentence has the rule that differs, and not the whole policy."""
    changed(public, "", b"script-src ", b"script-src https://cdn.example ")
    run = ask(project, public)
    assert "expected “script-src 'self' 'sha256-" in run.out
    assert "it has “script-src https://cdn.example 'self' 'sha256-" in run.out
    assert "img-src" not in run.out


INJECTED = {
    "a beacon": (b'<script src="https://beacon.example/b.js" async></script>', "asset"),
    "a snippet": (b"<script>window.dataLayer=[]</script>", "script"),
    "a module": (b'<script type="module">import "/x.js"</script>', "script"),
    "our own, changed": (b"<script>/* Before first paint */</script>", "script"),
}


@pytest.mark.parametrize("what", INJECTED)
def test_a_script_that_a_host_puts_in_is_named(project: Any, public: PublicServer, what: str) -> None:
    """Wherever in whichever page it stands, by its address or its first words."""
    snippet, code = INJECTED[what]
    before = dict(public.files)
    found = {(code, at(path), "") for path in WHERE}
    for place in (b"<head>", b"</body>"):
        for path in WHERE:
            new = place + snippet if place == b"<head>" else snippet + place
            public.files[path] = before[path].replace(place, new)
        # A policy governs only what comes after it.
        before_it = {("policy", at(path), "") for path in WHERE} if place == b"<head>" else set()
        assert differences(project, public) == found | before_it
    assert differences(project, public, "--fresh-within", "1d", at=ELSEWHERE) <= found


def right(project: Any, public: PublicServer) -> bool:
    """Whether a program may log what is public."""
    return bool(ask(project, public, "--format", "json").data["notices_right"])


def test_a_host_that_is_to_be_mended_may_show_the_right_notices(project: Any, public: PublicServer) -> None:
    """Scripts that cannot run, no error page, a seal pressed smaller: the notices are right, and a program can tell."""
    assert right(project, public)
    for snippet, _ in INJECTED.values():
        changed(public, f"notices/{LIVE}/", b"</body>", snippet + b"</body>")
    public.files["assets/share.png"] += b"x"
    public.files["about/"] = re.sub(rb"<article.*</article>", b"<p>", public.files["about/"], flags=re.DOTALL)
    public.lies["?clock"] = lambda handler, _: send(handler, b"", status=405)
    public.lies[NOWHERE] = lambda handler, _: send(handler, b"no", status=403)
    assert {"script", "asset", "file", "own", "head", "status"} == {one[0] for one in differences(project, public)}
    assert right(project, public)
    changed(public, f"notices/{LIVE}/", b'data-content="', b'data-content="0')
    assert not right(project, public)


FALSE: list[tuple[str, str, bytes, bytes]] = [
    ("its picture", SHOWN, PICTURE[-9:], b"x"),
    ("its file", FILE, PAPER[-9:], b"x"),
    ("a script before the policy", f"notices/{LIVE}/", b"<head>", b"<head>" + INJECTED["a snippet"][0]),
    ("a script of the same host", f"notices/{LIVE}/", b"</body>", b'<script src="/x.js"></script></body>'),
    ("our script gone", f"notices/{LIVE}/", b"<script>/* Before", b"<script>/* After"),
]


@pytest.mark.parametrize(("path", "old", "new"), [one[1:] for one in FALSE], ids=[one[0] for one in FALSE])
def test_what_may_show_a_notice_otherwise_is_never_right(
    project: Any, public: PublicServer, path: str, old: bytes, new: bytes
) -> None:
    """Its own picture or file, a script that the policy lets run: nobody may log that the right notice is public."""
    changed(public, path, old, new)
    assert not right(project, public)


@pytest.mark.parametrize("what", [None, *INJECTED])
def test_without_the_policy_nothing_is_right(project: Any, public: PublicServer, what: str | None) -> None:
    """A page that has lost it lets any script rewrite the notice, whether one is there already or not."""
    path = f"notices/{LIVE}/"
    snippet = INJECTED[what][0] if what else b""
    public.files[path] = HOME_POLICY.sub(b"", public.files[path]).replace(b"</head>", snippet + b"</head>")
    assert not right(project, public)


def test_data_is_no_script(project: Any, public: PublicServer) -> None:
    """What machines read of a notice runs nowhere."""
    assert b'<script type="application/ld+json">' in public.files[f"notices/{LIVE}/"]
    assert differences(project, public) == set()


def test_other_style_sheets_under_right_fingerprints_are_not_ours(project: Any, public: PublicServer) -> None:
    """Whoever changes a file and its name in every page as well is found by the edition."""
    [old] = [path for path in public.files if re.fullmatch(r"assets/board\.[0-9a-f]{10}\.css", path)]
    import hashlib  # noqa: PLC0415

    body = public.files[old] + b"main{display:none}"
    new = f"assets/board.{hashlib.sha256(body).hexdigest()[:10]}.css"
    public.files[new] = body
    for path in (*PAGES, *OVER, "404.html"):
        public.files[path] = public.files[path].replace(old.encode(), new.encode())
    found = differences(project, public)
    assert {one for one in found if one[0] == "asset"} == {
        ("asset", at(path), "") for path in (*PAGES, *OVER, "404.html")
    }
    assert {one[1] for one in found if one[0] == "page"} == {*PAGES, *OVER} - {"about/", "en/about/"}


# ── how it is sent ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("charset", "good"), [("utf-8", True), ('"UTF-8"', True), ("gb2312", False), ("latin1", False)]
)
def test_a_wrong_charset_is_named(project: Any, public: PublicServer, charset: str, *, good: bool) -> None:
    """What the host says of the charset goes before what the page says, and readers would see rubbish."""
    public.lies["en/"] = lambda handler, _: send(handler, public.files["en/"], kind=f"text/html; Charset={charset}")
    expected: Found = set() if good else {("charset", "en/", "")}
    assert both_ways(project, public) == (expected, expected)


# ── the sample ───────────────────────────────────────────────────────────────────────────────────


def test_the_sample_is_proved_with_as_many_requests_as_the_guide_says(sample: Any) -> None:
    """docs/publishing.md tells how many addresses are asked of the sample's board."""
    sample.build(at=AT)
    public = PublicServer(files_of(sample.site))
    try:
        run = ask(sample, public, "--format", "json")
        assert run.data["differences"] == []
        assert run.data["asked"] == len(public.paths) == len(set(public.paths))
        guide = (PROJECT / "docs/publishing.md").read_text(encoding="utf-8")
        said = re.search(r"For the sample.s board of (\d+) notices that\s+is ([\d,]+) addresses", guide)
        assert said, run.data["asked"]
        assert [int(said[1]), int(said[2])] == [run.data["notices"], run.data["asked"]]
    finally:
        public.close()
