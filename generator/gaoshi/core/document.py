"""YAML read as what was written, with the place of everything.

Scalars stay text: what a value means is decided by the field that holds it, so `010` and `no` never
turn into something else. Built from the parser's events, so that depth, anchors, duplicate keys and
their places are seen before anything is built, and nothing in a file can make it expand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

MAX_DEPTH = 20
MAX_NODES = 100_000
"""Values in one document, each alias counted as all that it stands for."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that nobody sees: they garble a text, turn its direction, or command a terminal."""

_UNCLOSED = ("simple key", "quoted scalar", "flow sequence", "flow mapping")

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the slow one where PyYAML has no libyaml

# Front matter as nearly everybody writes it: see _read_plainly.
_KEY = "[a-z][a-z_]{0,39}"
_LETTER = '[!"$-9;-~\u00b7\u2010-\u2027\u2030-\u205e\u3001-\u9fff\uff01-\uffee]'
_VALUE = rf"[A-Za-z0-9\u3400-\u9fff](?:{_LETTER}++|:(?=[^ ])| (?=[^ ]))*+"
_ITEM = "[a-z0-9][a-z0-9-]*"
_LINE = re.compile(rf"(  )?({_KEY}):(?: (?:({_VALUE})|\[({_ITEM}(?:, {_ITEM})*)\]))?")


class Mark(NamedTuple):
    """Line and column, from 1."""

    line: int
    column: int


_mark = lru_cache(maxsize=4096)(Mark)
"""A mark; notices have their values in much the same few places."""


@dataclass(slots=True)
class Scalar:
    """A single value as written; `plain` is false when it was quoted or a block."""

    text: str
    mark: Mark
    plain: bool = True

    @property
    def is_null(self) -> bool:
        """Whether nothing was written (`key:` alone, `~` or `null`)."""
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Sequence:
    """A list."""

    items: list[Node]
    mark: Mark


@dataclass(slots=True)
class Mapping:
    """Keys with their marks and values, in the order written; a duplicate keeps its first value."""

    entries: dict[str, tuple[Mark, Node]]
    mark: Mark

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        entry = self.entries.get(key)
        return entry[1] if entry else None

    def items(self) -> Iterator[tuple[str, Mark, Node]]:
        """Each key with its mark and value."""
        for key, (mark, node) in self.entries.items():
            yield key, mark, node


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the YAML itself: what (a variant of finding), where, with which words."""

    what: str
    mark: Mark
    values: dict[str, str] = field(default_factory=dict)


def plain(node: Node | None) -> object:
    """A node as dicts, lists and strings (None for nothing written)."""
    match node:
        case None:
            return None
        case Scalar():
            return None if node.is_null else node.text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping():
            return {key: plain(value) for key, _, value in node.items()}


class _Built(NamedTuple):
    """A node with what walking through it takes: so many values, in so many levels of collections."""

    node: Node
    nodes: int = 1
    levels: int = 0


class _Frame:
    """A collection being read."""

    __slots__ = ("anchor", "key", "levels", "node", "nodes")

    def __init__(self, node: Sequence | Mapping, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: tuple[str, Mark] | None = None
        self.nodes = 1
        self.levels = 1


def read_yaml(text: str, *, first_line: int = 1, aliases: bool = False) -> tuple[Node | None, list[Flaw]]:
    """Read one YAML document.

    `first_line` is the line of the file on which `text` begins. Anchors and aliases are problems
    unless `aliases` is true (settings may use them); even then an alias is shared, never expanded, and
    stands for so few values that whoever walks through them all comes to an end. Characters of CONTROL
    are problems and replaced, in keys and values alike.
    Returns what could be read, which is None when nothing could, and the problems; raises nothing.
    """
    simple = _read_plainly(text, first_line)
    if simple is not None:
        return simple, []
    reader = _Reader(text, first_line, aliases)
    try:
        parser = _Parser(text)
        while (event := parser.get_event()) is not None and reader.take(event):
            pass
    except yaml.YAMLError as error:
        where = reader.where(error)
        detail = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        return None, [*reader.problems, Flaw("syntax", where, {"detail": str(detail)})]
    if reader.fatal:
        return None, reader.problems
    return reader.root, reader.problems


def _read_plainly(text: str, first_line: int) -> Mapping | None:  # noqa: C901, PLR0912  (one loop, seen whole)
    """The same, at a fifth of the cost, where every line is the simplest there is; None for anything else.

    Such a line has one key and one unquoted value or list of slugs, or a key over lines two spaces in.
    Whatever could mean more than it seems is left to the parser.
    """
    root: Mapping | None = None
    group: Mapping | None = None
    empty_group = False
    for number, line in enumerate(text.split("\n"), first_line):
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        indent, key, value, items = match.groups()
        column = 3 if indent else 1
        mark = _mark(number, column)
        if root is None:
            root = Mapping({}, mark)
        if not indent:
            if empty_group:
                return None
            target, group = root, None
        elif group is None:
            return None
        else:
            if empty_group:
                group.mark, empty_group = mark, False
            target = group
        if key in target.entries:
            return None
        column += len(key) + 2
        node: Node
        if value is not None:
            node = Scalar(value, _mark(number, column))
        elif items is not None:
            node = _read_items(items, number, column)
        elif indent:
            return None
        else:
            node = group = Mapping({}, mark)
            empty_group = True
        target.entries[key] = (mark, node)
    return None if empty_group else root


def _read_items(items: str, line: int, column: int) -> Sequence:
    """A list of slugs whose bracket stands at `column`."""
    found: list[Node] = []
    place = column + 1
    for item in items.split(", "):
        found.append(Scalar(item, _mark(line, place)))
        place += len(item) + 2
    return Sequence(found, _mark(line, column))


class _Reader:
    """Builds nodes from events, one document, without recursion."""

    def __init__(self, text: str, first_line: int, aliases: bool) -> None:
        self.offset = first_line
        self.aliases = aliases
        self.root: Node | None = None
        self.problems: list[Flaw] = []
        self.fatal = False
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Built] = {}
        self._documents = 0
        # Whatever a value holds stands in the text, as it is or (after a backslash) as an escape.
        self._suspicious = "\\" in text or CONTROL.search(text) is not None

    def mark(self, mark: Any) -> Mark:
        return Mark(mark.line + self.offset, mark.column + 1)

    def where(self, error: yaml.YAMLError) -> Mark:
        """Where the mistake is: the beginning of what was never closed, else where reading stopped."""
        began, stopped = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
        unclosed = (getattr(error, "context", None) or "").endswith(_UNCLOSED)
        mark = began if unclosed and began else stopped or began
        return self.mark(mark) if mark else Mark(self.offset, 1)

    def take(self, event: Any) -> bool:
        """Take one event of the parser; False when reading on makes no sense."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            scalar = self._scalar(event)
            if event.anchor:
                self._note_anchor(event.anchor, scalar.mark)
                self._anchors[event.anchor] = _Built(scalar)
            self._place(scalar)
            return True
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._open(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            frame = self._stack.pop()
            built = _Built(frame.node, frame.nodes, frame.levels)
            if frame.anchor and self.aliases:
                self._anchors[frame.anchor] = built
            return self._add(built)
        if kind is yaml.AliasEvent:
            return self._alias(event)
        if kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                self.problems.append(Flaw("several-documents", self.mark(event.start_mark)))
                return False
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        mark, text = self.mark(event.start_mark), event.value
        if self._suspicious and (found := CONTROL.search(text)):
            self.problems.append(Flaw("control-character", mark, {"code": f"U+{ord(found[0]):04X}"}))
            text = CONTROL.sub("\ufffd", text)
        return Scalar(text, mark, not event.style)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> bool:
        mark = self.mark(event.start_mark)
        if event.anchor:
            self._note_anchor(event.anchor, mark)
        if len(self._stack) >= MAX_DEPTH:
            self.problems.append(Flaw("too-deep", mark, {"limit": str(MAX_DEPTH)}))
            self.fatal = True
            return False
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Frame(Mapping({}, mark) if is_mapping else Sequence([], mark), event.anchor))
        return True

    def _note_anchor(self, anchor: str, mark: Mark) -> None:
        if not self.aliases:
            self.problems.append(Flaw("anchor", mark, {"name": f"&{anchor}"}))

    def _alias(self, event: yaml.AliasEvent) -> bool:
        mark = self.mark(event.start_mark)
        if not self.aliases:
            self.problems.append(Flaw("anchor", mark, {"name": f"*{event.anchor}"}))
            return self._add(_Built(Scalar("", mark)))
        known = self._anchors.get(event.anchor or "")
        if known is None:
            self.problems.append(Flaw("syntax", mark, {"detail": f"unknown alias *{event.anchor}"}))
            return self._add(_Built(Scalar("", mark)))
        return self._add(known)

    def _add(self, built: _Built) -> bool:
        """Put a collection or an alias where it belongs; False when that is more than anybody walks through."""
        if self._stack:
            frame = self._stack[-1]
            frame.nodes += built.nodes - 1
            frame.levels = max(frame.levels, built.levels + 1)
            if len(self._stack) + built.levels > MAX_DEPTH:
                self.problems.append(Flaw("too-deep", built.node.mark, {"limit": str(MAX_DEPTH)}))
                self.fatal = True
        if built.nodes > MAX_NODES:
            self.problems.append(Flaw("syntax", built.node.mark, {"detail": f"more than {MAX_NODES} values"}))
            self.fatal = True
        if self.fatal:
            return False
        self._place(built.node)
        return True

    def _place(self, node: Node) -> None:
        """Put a node into the collection that is being read; the first one of all is the root."""
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        frame.nodes += 1
        if isinstance(frame.node, Sequence):
            frame.node.items.append(node)
        elif frame.key is None:
            if not isinstance(node, Scalar):
                self.problems.append(Flaw("key-not-text", node.mark))
                frame.key = (f"\0{len(frame.node.entries)}", node.mark)
            else:
                frame.key = (node.text, node.mark)
        else:
            key, mark = frame.key
            frame.key = None
            first = frame.node.entries.get(key)
            if first is None:
                frame.node.entries[key] = (mark, node)
            else:
                self.problems.append(Flaw("duplicate-key", mark, {"key": key, "line": str(first[0].line)}))
