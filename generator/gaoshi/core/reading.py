"""From the files of a notice's folder to a Notice: every value read by its field's type.

What cannot be read becomes a Problem with its place, and the rest is read on; nothing here raises
for bad input. `rules/reading.py` says what each problem means for publication.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache

from frontmatter.default_handlers import YAMLHandler

from gaoshi.core import document
from gaoshi.core.document import CONTROL, Mark, Node, Scalar, Sequence, read_yaml
from gaoshi.core.finding import Position
from gaoshi.core.instants import NotAnInstant, parse_date, parse_instant
from gaoshi.core.notice import ROOT, Allowance, Attachment, Notice, Outcome, Problem, Text
from gaoshi.core.standard import Field, Standard

LATER = frozenset({"另行通知", "later", "to be announced"})
"""What `outcome.new_date` may say instead of a date."""

_TEXT_NAME = re.compile(r"notice(?:\.([a-z]{2,3}(?:-[A-Za-z]{2,8})?))?\.md", re.ASCII)
_FENCE = re.compile(r"\A\s*---\s*$", re.MULTILINE)
_HANDLER = YAMLHandler()
_LISTS = frozenset({"departments", "languages", "places", "channels"})
_TRUE, _FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file as it lies in a notice's folder.

    `form` is `file`, `symlink`, `repository` (a nested one) or `folder`. `data` is the whole content
    for texts that are not too large, `head` the first bytes of anything else.
    """

    name: str
    form: str
    blob: str
    size: int
    data: bytes | None = None
    head: bytes = b""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """A notice's folder as git holds it."""

    id: str
    content_id: str
    files: tuple[FolderFile, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def path(self) -> str:
        """Path of the folder from the repository's root."""
        return f"{ROOT}/{self.id}"


@lru_cache(maxsize=1024)
def is_text_name(name: str) -> bool:
    """Whether a file of this name holds a notice's words."""
    return _TEXT_NAME.fullmatch(name) is not None


def read_notice(folder: Folder, standard: Standard, zone: tzinfo, language: str) -> Notice:
    """The notice in `folder`; `language` is the board's first language, `zone` its time zone."""
    reader = _NoticeReader(folder, standard, zone)
    return reader.read(language)


def suggest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or nothing."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else ""


@dataclass(slots=True)
class _FrontMatter:
    """What a text file's front matter says, by dotted name."""

    values: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    allow: list[Allowance] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)


class _NoticeReader:
    """Reads one folder, collecting problems on the way."""

    def __init__(self, folder: Folder, standard: Standard, zone: tzinfo) -> None:
        self.folder = folder
        self.standard = standard
        self.zone = zone
        self.problems: list[Problem] = list(folder.problems)

    def problem(self, what: str, position: Position, **values: str) -> None:
        self.problems.append(Problem(what, position, values))

    def read(self, language: str) -> Notice:
        main_path = f"{self.folder.path}/notice.md"
        texts: dict[str, Text] = {}
        attachments: dict[str, Attachment] = {}
        main = _FrontMatter()
        seen_main = False
        for file in sorted(self.folder.files, key=lambda item: (item.name != "notice.md", item.name)):
            path = f"{self.folder.path}/{file.name}"
            match = _TEXT_NAME.fullmatch(file.name)
            seen_main = seen_main or file.name == "notice.md"
            if file.form != "file":
                self.problem(file.form, Position(path), name=file.name)
            elif match is None:
                attachments[file.name] = Attachment(file.name, file.blob, file.size, file.head, file.width, file.height)
            else:
                code = match[1] or language
                front = _FrontMatter()
                text = self._read_text(path, file, code, front, translation=match[1] is not None)
                if match[1] is None:
                    main = front
                if code in texts:  # notice.zh.md beside notice.md, on a board whose own language is zh
                    self.problem("same-language", Position(path), language=code)
                elif text is not None:
                    texts[code] = text
        if not seen_main:
            self.problem("missing-notice", Position(main_path))
        return Notice(
            id=self.folder.id,
            content_id=self.folder.content_id,
            path=main_path,
            kind=main.values.get("type", ""),
            subtype=main.values.get("subtype", ""),
            department=main.values.get("department", ""),
            approver=main.values.get("approver", ""),
            languages=main.lists.get("languages", ()),
            dates=main.dates,
            values=main.values,
            lists=main.lists,
            flags=frozenset(main.flags),
            texts=texts,
            attachments=attachments,
            outcome=self._outcome(main),
            allow=tuple(main.allow),
            marks=main.marks,
            problems=tuple(self.problems),
        )

    # ── one file ─────────────────────────────────────────────────────────────────────────────────

    def _read_text(
        self, path: str, file: FolderFile, language: str, front: _FrontMatter, *, translation: bool
    ) -> Text | None:
        start = Position(path)
        if file.data is None:
            self.problem("too-large", start, size=str(file.size), limit=str(self.standard.text_max_bytes))
            return None
        try:
            raw = file.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = file.data.count(b"\n", 0, error.start) + 1
            column = error.start - file.data.rfind(b"\n", 0, error.start)
            self.problem("not-utf8", Position(path, line, column))
            return None
        content = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
        for found in CONTROL.finditer(content):
            line = content.count("\n", 0, found.start()) + 1
            column = found.start() - content.rfind("\n", 0, found.start())
            self.problem("control-character", Position(path, line, column), code=f"U+{ord(found[0]):04X}")
            content = CONTROL.sub("\ufffd", content)  # so that none reaches an output; places stay
            break
        matter, body, first_line = self._split(content, start)
        if matter is not None:
            self._read_front_matter(matter, first_line, path, front, translation=translation)
        body_line = content.count("\n", 0, len(content) - len(body)) + 1 if body else content.count("\n") + 1
        return Text(language, path, front.texts, body, body_line, front.marks)

    def _split(self, content: str, start: Position) -> tuple[str | None, str, int]:
        """Front matter, body, and the line of the file on which the front matter's text begins."""
        if not _FENCE.match(content):
            self.problem("no-front-matter", start)
            return None, content, 1
        try:
            matter, body = _HANDLER.split(content)
        except ValueError:
            self.problem("unclosed-front-matter", start)
            return None, "", 1
        if len(matter.encode()) > self.standard.front_matter_max_bytes:
            limit = str(self.standard.front_matter_max_bytes)
            self.problem("front-matter-too-large", start, limit=limit)
            return None, body, 1
        # `matter` begins with the end of the opening fence's line, or after blank lines that follow it.
        return matter, body, content.count("\n", 0, content.index(matter, content.index("---") + 3)) + 1

    def _read_front_matter(
        self, matter: str, first_line: int, path: str, front: _FrontMatter, *, translation: bool
    ) -> None:
        root, flaws = read_yaml(matter, first_line=first_line)
        for flaw in flaws:
            self.problem(flaw.what, Position(path, flaw.mark.line, flaw.mark.column), **flaw.values)
        if root is None or (isinstance(root, Scalar) and root.is_null):
            return
        if not isinstance(root, document.Mapping):
            self.problem("not-a-mapping", Position(path, root.mark.line, root.mark.column))
            return
        fields, groups = self.standard.fields, self.standard.groups
        reader = _FieldReader(self, path, front, translation)
        for key, mark, node in root.items():
            if key in fields:
                reader.read(fields[key], node, mark)
            elif key in groups:
                self._read_group(key, node, mark, groups[key], reader)
            elif not key.startswith("\0"):
                known = [name for name in fields if "." not in name]
                reader.problem("unknown-key", mark, key=key, suggestion=suggest(key, [*known, *groups]))

    def _read_group(self, group: str, node: Node, place: Mark, parts: tuple[str, ...], reader: _FieldReader) -> None:
        if not isinstance(node, document.Mapping):
            reader.problem("wrong-type", place, field=group, expected="group", example=f"{parts[0]}: …")
            return
        reader.front.marks[group] = place
        for key, mark, child in node.items():
            if key in parts:
                reader.read(self.standard.fields[f"{group}.{key}"], child, mark)
            elif not key.startswith("\0"):
                reader.problem("unknown-key", mark, key=f"{group}.{key}", suggestion=suggest(key, parts))

    def _outcome(self, front: _FrontMatter) -> Outcome | None:
        what, at = front.values.get("outcome.is"), front.dates.get("outcome.at")
        if what is None or at is None:
            return None
        new_date = front.dates.get("outcome.new_date")
        return Outcome(what, at, new_date, later=front.values.get("outcome.new_date") in LATER)


class _FieldReader:
    """Reads the values of one file's front matter by their fields' types."""

    def __init__(self, notice: _NoticeReader, path: str, front: _FrontMatter, translation: bool) -> None:
        self.notice = notice
        self.path = path
        self.front = front
        self.translation = translation

    def problem(self, what: str, mark: Mark, **values: str) -> None:
        self.notice.problem(what, Position(self.path, mark.line, mark.column), **values)

    def read(self, spec: Field, node: Node, key: Mark) -> None:
        if self.translation and not spec.translatable:
            self.problem("not-translatable", key, key=spec.name)
        elif isinstance(node, Scalar):
            text = node.text.strip()
            if not text or node.is_null:
                self.problem("empty-value", key, key=spec.name)
            elif spec.type == "text":
                self.front.texts[spec.name] = text
                self.front.marks[spec.name] = node.mark
            elif spec.type in _LISTS:
                self._list(spec, node)
            elif spec.type == "allowances":
                self._allowances(spec, node)
            else:
                self._word(spec, text, node.mark)
        elif spec.type in _LISTS:
            self._list(spec, node)
        elif spec.type == "allowances":
            self._allowances(spec, node)
        else:
            self.problem("wrong-type", node.mark, field=spec.name, expected=spec.type, example=_example(spec))

    def _word(self, spec: Field, text: str, mark: Mark) -> None:
        name, front = spec.name, self.front
        if name == "outcome.new_date":
            self._new_date(text, mark)
        elif spec.type == "instant":
            self._instant(name, text, mark)
        elif spec.type == "date":
            try:
                front.values[name] = parse_date(text).isoformat()
            except NotAnInstant as error:
                self.problem(f"date-{error.why}", mark, field=name, value=text)
                return
        elif spec.type == "flag":
            if text not in _TRUE | _FALSE:
                self.problem("wrong-type", mark, field=name, expected="flag", example="true")
                return
            if text in _TRUE:
                front.flags.add(name)
        elif spec.type == "choice" and text not in spec.choices:
            self.problem(
                "unknown-choice",
                mark,
                field=name,
                value=text,
                suggestion=suggest(text, spec.choices),
                choices=", ".join(spec.choices),
            )
            return
        else:
            front.values[name] = text
        front.marks[name] = mark

    def _instant(self, name: str, text: str, mark: Mark) -> bool:
        try:
            self.front.dates[name] = parse_instant(text, self.notice.zone)
        except NotAnInstant as error:
            self.problem(f"instant-{error.why}", mark, field=name, value=text)
            return False
        self.front.values[name] = text
        return True

    def _new_date(self, text: str, mark: Mark) -> None:
        if text in LATER or self._instant("outcome.new_date", text, mark):
            self.front.values["outcome.new_date"] = text
            self.front.marks["outcome.new_date"] = mark

    def _list(self, spec: Field, node: Node) -> None:
        if not isinstance(node, Sequence):
            self.problem("wrong-type", node.mark, field=spec.name, expected="list", example=_example(spec))
            return
        words: list[str] = []
        for item in node.items:
            if not isinstance(item, Scalar) or item.is_null:
                self.problem("wrong-type", item.mark, field=spec.name, expected="list", example=_example(spec))
            elif item.text in words:
                self.problem("listed-twice", item.mark, field=spec.name, value=item.text)
            else:
                self.front.marks[f"{spec.name}[{len(words)}]"] = item.mark
                words.append(item.text)
        self.front.lists[spec.name] = tuple(words)
        self.front.marks[spec.name] = node.mark

    def _allowances(self, spec: Field, node: Node) -> None:
        items = node.items if isinstance(node, Sequence) else [node]
        for item in items:
            given = document.plain(item)
            code, reason = (given.get("code"), given.get("reason")) if isinstance(given, dict) else (None, None)
            if not isinstance(code, str) or not isinstance(reason, str):
                self.problem("wrong-type", item.mark, field=spec.name, expected="allowances", example=_example(spec))
                continue
            self.front.allow.append(Allowance(code, reason, Position(self.path, *item.mark)))
        self.front.marks[spec.name] = node.mark


_EXAMPLES: Mapping[str, str] = {
    "instant": "2026-11-22 18:00",
    "date": "2026-12-10",
    "flag": "true",
    "languages": "[zh, en]",
    "places": "[tower-3]",
    "channels": "[board, kiosk]",
    "departments": "[security, cleaning]",
    "allowances": "[{code: …, reason: …}]",
}


def _example(spec: Field) -> str:
    return _EXAMPLES.get(spec.type) or (spec.choices[0] if spec.choices else "…")
