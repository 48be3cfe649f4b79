"""How settings files are read: what is wrong is collected with its place, the rest is read on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gaoshi.core import document
from gaoshi.core.board import Words
from gaoshi.core.document import Mark, Node, Scalar, Sequence, read_yaml
from gaoshi.core.finding import Position
from gaoshi.core.notice import Problem

MOST_BYTES = 1024 * 1024
"""A settings file larger than this says nothing that an estate means."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


class SettingsError(Exception):
    """A settings file that is missing or useless as a whole: which one, where, and why.

    `what` names the sentence in the catalogues (`settings.<what>`), `values` fill it.
    """

    def __init__(self, what: str, position: Position, **values: str) -> None:
        super().__init__(f"{position.path}:{position.line}: {what}")
        self.what = what
        self.position = position
        self.values = values


@dataclass(slots=True)
class SettingsReader:
    """Reads one settings file, collecting what is wrong."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def position(self, mark: Mark) -> Position:
        return Position(self.path, mark.line, mark.column)

    def problem(self, what: str, mark: Mark, **values: str) -> None:
        self.problems.append(Problem(what, self.position(mark), values))

    def root(self, data: bytes | None) -> document.Mapping:
        """The file's top level. Raises SettingsError when there is none to read."""
        if data is None:
            raise SettingsError("missing", Position(self.path), path=self.path)
        if len(data) > MOST_BYTES:
            detail = f"{len(data)} > {MOST_BYTES} bytes"
            raise SettingsError("unreadable", Position(self.path), path=self.path, detail=detail)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SettingsError("not-utf8", Position(self.path), path=self.path) from None
        root, flaws = read_yaml(text, aliases=True)
        if not isinstance(root, document.Mapping):
            flaw = flaws[0] if flaws else None
            where = self.position(flaw.mark) if flaw else Position(self.path)
            detail = flaw.values.get("detail", flaw.what) if flaw else ""
            raise SettingsError("unreadable", where, path=self.path, detail=detail)
        for flaw in flaws:
            self.problem(f"settings-{flaw.what}", flaw.mark, **flaw.values)
        return root

    def mapping(self, node: Node | None, name: str) -> Iterator[tuple[str, Mark, Node]]:
        """The entries of a mapping; anything else is a problem and empty."""
        if isinstance(node, document.Mapping):
            yield from node.items()
        elif node is not None and not (isinstance(node, Scalar) and node.is_null):
            self.problem("settings-wrong-type", node.mark, name=name, expected="mapping")

    def scalar(self, node: Node | None, name: str) -> str:
        """A single value as text; anything else is a problem and empty."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return ""
        if not isinstance(node, Scalar):
            self.problem("settings-wrong-type", node.mark, name=name, expected="text")
            return ""
        return node.text.strip()

    def words(self, node: Node | None, name: str, language: str) -> Words:
        """A text in several languages; one text alone is in the board's first language."""
        if isinstance(node, Scalar) and not node.is_null:
            return {language: node.text.strip()}
        return {code: self.scalar(value, f"{name}.{code}") for code, _, value in self.mapping(node, name)}

    def strings(self, node: Node | None, name: str) -> tuple[str, ...]:
        """A list of words; one word alone is a list of one."""
        if isinstance(node, Scalar) and not node.is_null:
            return (node.text.strip(),)
        if isinstance(node, Sequence):
            return tuple(self.scalar(item, name) for item in node.items)
        if node is not None and not isinstance(node, Scalar):
            self.problem("settings-wrong-type", node.mark, name=name, expected="list")
        return ()

    def slug(self, text: str, mark: Mark, name: str) -> bool:
        """Whether `text` may be an id; a problem when not."""
        if SLUG.fullmatch(text) and len(text) <= 60:  # noqa: PLR2004  (as long as a notice's own slug)
            return True
        self.problem("settings-bad-id", mark, name=name, value=text)
        return False
