"""Attachments: pictures and files are there, are what they claim to be, and are for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaoshi.core.finding import Position, Severity
from gaoshi.core.notice import Attachment, Text
from gaoshi.rules.marks import Mark, marks, place
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import listed

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", re.ASCII)
_ACTIVE = frozenset(
    {
        "html",
        "htm",
        "xhtml",
        "xht",
        "shtml",
        "mhtml",
        "svg",
        "svgz",
        "xml",
        "xsl",
        "js",
        "mjs",
        "css",
        "wasm",
        "swf",
        "hta",
    }
)
_MOST = 500
"""Links and pictures of a text that are looked at one by one; nobody writes more."""

_SCRIPT_SCHEMES = frozenset({"javascript", "vbscript", "data", "file", "blob"})
"""Schemes that rule C101 reports."""


def _file(case: Case, attachment: Attachment) -> Position:
    return Position(f"{case.notice.path.removesuffix('notice.md')}{attachment.name}")


def _marks(case: Case) -> Iterator[tuple[Text, Mark]]:
    return ((text, mark) for text in case.notice.texts.values() for mark in marks(text.body)[:_MOST])


@rule("M101", clause="P-2.4")
def targets_are_in_the_folder(case: Case) -> Iterator[Report]:
    """Pictures and files that a text shows lie in the notice's own folder (P-2.4): approval covers them."""
    for text, mark in _marks(case):
        file = mark.file
        if mark.scheme or not mark.target or (not file and not mark.picture):
            continue
        values = {"name": mark.target}
        if file.startswith(("/", "\\")) or ".." in file.replace("\\", "/").split("/"):
            yield Report(place(text, mark.offset), "outside", values)
        elif file.removeprefix("./") not in case.notice.attachments:
            yield Report(place(text, mark.offset), "picture" if mark.picture else "file", values)


@rule("M102", clause="S-A.1.4")
def pictures_are_our_own(case: Case) -> Iterator[Report]:
    """No picture is fetched from elsewhere (S-A.1.4): that would tell others who reads our board."""
    for text, mark in _marks(case):
        if mark.picture and mark.scheme and mark.scheme not in _SCRIPT_SCHEMES:
            yield Report(place(text, mark.offset), "", {"target": mark.target[:100]})


@rule("M103", clause="P-2.4", about="attachments")
def types_are_allowed(case: Case) -> Iterator[Report]:
    """An attachment is of a type that every reader can open (P-2.4)."""
    types = case.board.standard.attachment_types
    for attachment in case.notice.attachments.values():
        if attachment.suffix not in types and not _is_active(attachment):
            yield Report(_file(case, attachment), "", {"name": attachment.name, "types": listed(types)})


@rule("M104", clause="P-2.4", about="attachments")
def contents_match_their_type(case: Case) -> Iterator[Report]:
    """A file is what its name says (P-2.4): a renamed one does not open."""
    for attachment in case.notice.attachments.values():
        wanted = case.board.standard.attachment_types.get(attachment.suffix)
        if wanted is not None and not attachment.head.startswith(wanted.starts) and not _is_active(attachment):
            yield Report(_file(case, attachment), "", {"name": attachment.name, "type": wanted.suffix})


@rule("M105", clause="P-2.4", about="attachments")
def files_are_small_enough(case: Case) -> Iterator[Report]:
    """An attachment is small enough for a phone (P-2.4)."""
    limit = case.board.standard.attachment_max_bytes
    for attachment in case.notice.attachments.values():
        if attachment.size > limit or attachment.size == 0:
            values = {"name": attachment.name, "size": _megabytes(attachment.size), "limit": _megabytes(limit)}
            yield Report(_file(case, attachment), "large" if attachment.size else "empty", values)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


@rule("M106", clause="P-2.4", about="attachments")
def files_are_few_enough(case: Case) -> Iterator[Report]:
    """A notice carries few enough attachments to be read (P-2.4)."""
    count, limit = len(case.notice.attachments), case.board.standard.attachment_max_count
    if count > limit:
        yield Report(Position(case.notice.path), "", {"number": str(count), "limit": str(limit)})


@rule("M107", clause="P-2.4", severity=Severity.HINT, about="attachments")
def files_are_used(case: Case) -> Iterator[Report]:
    """Each attachment is shown by a text (P-2.4)."""
    used = {mark.file.removeprefix("./") for _, mark in _marks(case)}
    for attachment in case.notice.attachments.values():
        if attachment.name not in used:
            yield Report(_file(case, attachment), "", {"name": attachment.name})


@rule("M108", clause="P-2.4", severity=Severity.WARNING)
def pictures_are_described(case: Case) -> Iterator[Report]:
    """Each picture says in words what it shows (P-2.4, P-0), for those who cannot see it."""
    for text, mark in _marks(case):
        if mark.picture and not mark.words.strip():
            yield Report(place(text, mark.offset), "", {"name": mark.target[:100]})


@rule("M109", clause="P-2.4", always=True, about="attachments")
def names_are_plain(case: Case) -> Iterator[Report]:
    """File names are of plain letters, digits, dot, dash and underscore (P-2.4): others break addresses."""
    for attachment in case.notice.attachments.values():
        if _PLAIN_NAME.fullmatch(attachment.name) is None:
            yield Report(_file(case, attachment), "", {"name": attachment.name})


@rule("M110", clause="S-P.4.2")
def figures_are_attached(case: Case) -> Iterator[Report]:
    """A kind that must show figures has them attached (S-P.4.2)."""
    if case.kind is not None and case.kind.requires_attachment and not case.notice.attachments:
        yield Report(case.notice.where("type"), "", {"kind": case.kind.slug})


@rule("M111", clause="P-2.4", about="attachments")
def pictures_can_be_opened(case: Case) -> Iterator[Report]:
    """A picture has few enough pixels to be opened (P-2.4): a small file may unfold to more than a phone holds."""
    limit = case.board.standard.attachment_max_pixels
    for attachment in case.notice.attachments.values():
        if attachment.width * attachment.height > limit:
            size = {"width": str(attachment.width), "height": str(attachment.height)}
            yield Report(_file(case, attachment), "", {"name": attachment.name, **size, "limit": _millions(limit)})


def _millions(number: int) -> str:
    return f"{number / 1_000_000:g}"


@rule("M201", clause="P-7.1", always=True, about="attachments")
def no_attachment_is_active(case: Case) -> Iterator[Report]:
    """No attachment is a page or a program (P-7.1): opened from our board it could do anything."""
    for attachment in case.notice.attachments.values():
        if _is_active(attachment):
            yield Report(_file(case, attachment), "", {"name": attachment.name})


def _is_active(attachment: Attachment) -> bool:
    return attachment.suffix in _ACTIVE or attachment.head.lstrip(b"\xef\xbb\xbf\t\n\r\x0c ").startswith(b"<")
