"""`kiosk.json`: what the screens show, now and later, for weeks without a network (docs/formats.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gaoshi.core.board import Board, Contact
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.instants import iso
from gaoshi.core.kiosk import Carried, carried, tone
from gaoshi.core.notice import Attachment
from gaoshi.core.prose import PLACEHOLDER, shown_pictures
from gaoshi.core.schedule import is_overdue
from gaoshi.outputs import addresses
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.manifest import notice_data
from gaoshi.outputs.views import Phone

FORMAT = 1
FILES = "kiosk/files/"
_PICTURE = re.compile(rf'<img src="{PLACEHOLDER}([^"]+)"([^>]*)>')
_LAZY = ' loading="lazy" decoding="async"'


def kiosk(edition: Edition, tellers: Mapping[str, Teller], digests: Mapping[str, str]) -> bytes:
    """The screens' manifest of `edition`, the same bytes for the same edition.

    `digests` are the SHA-256 (hex) of pictures by git's id of them; a picture that has none is left out.
    """
    board = edition.board
    head = {
        "format": FORMAT,
        "board": board.id,
        "at": iso(edition.at, board.zone),
        "sequence": int(edition.at.timestamp()),
        "name": {code: board.words(board.name, code) for code in tellers},
        **numbers(board, tellers),
    }
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = (json.dumps(_notice(notice, board, tellers, digests), ensure_ascii=False) for notice in carried(edition))
    notices = ",\n  ".join(lines)
    return f'{opening},\n "notices": [\n  {notices}\n ]\n}}\n'.encode()


def numbers(board: Board, tellers: Mapping[str, Teller]) -> dict[str, Any]:
    """Whom to call where no notice says it: the `desk`, and who is on `duty` at all hours; by language, or null."""
    duty = next((contact for contact in board.contacts.values() if contact.always), None)
    return {"desk": _contact(board.default_contact, tellers), "duty": _contact(duty, tellers)}


def pictures(edition: Edition) -> Iterator[Attachment]:
    """The pictures that screens show."""
    for notice in carried(edition):
        shown = {name for html in notice.entry.html.values() for name in shown_pictures(html)}
        files = notice.entry.notice.attachments
        yield from (files[name] for name in sorted(shown) if name in files)


def _address(board: Board, entry: Entry, language: str) -> str:
    """The public address of a notice; nothing where the board has none yet."""
    return addresses.absolute(board, addresses.notice(board, entry.id, language)) if board.site_url else ""


def picture_path(digest: str, suffix: str) -> str:
    """Where a picture for the screens lies, from the site's root: named by its content, so that it never changes."""
    return f"{FILES}{digest}.{suffix}"


def _notice(
    notice: Carried,
    board: Board,
    tellers: Mapping[str, Teller],
    digests: Mapping[str, str],
) -> dict[str, Any]:
    entry, zone = notice.entry, board.zone
    places = _pictures_of(entry, digests)
    chosen = {code: _text_for(entry, code) for code in tellers}
    used = {name for html in entry.html.values() for name in shown_pictures(html)} & places.keys()
    return {
        **notice_data(entry, board),
        "html": {code: _resolved(entry.html.get(text, ""), entry, places) for code, text in chosen.items()},
        "assets": [{"path": path, "sha256": digest} for path, digest in sorted({places[name] for name in used})],
        "screens": list(notice.screens),
        "urgent": notice.urgent,
        "standing": notice.standing,
        "tone": tone(entry),
        "takes_over_until": iso(notice.takes_over_until, zone),
        "leaves": iso(notice.leaves, zone),
        "overdue_from": iso(entry.notice.instant("ends_at"), zone) if _will_be_overdue(entry) else None,
        "said": {code: _said(entry, teller, chosen[code]) for code, teller in tellers.items()},
        "qr": {code: address for code in tellers if (address := _address(board, entry, code))},
    }


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def _text_for(entry: Entry, language: str) -> str:
    """The language of the text that is shown in `language`: its own, else the first that there is."""
    if entry.html.get(language, "").strip():
        return language
    return next((code for code, html in entry.html.items() if html.strip()), language)


def _pictures_of(entry: Entry, digests: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """By name: where each picture lies for the screens, and its digest."""
    return {
        name: (picture_path(digests[file.blob], file.suffix), digests[file.blob])
        for name, file in entry.notice.attachments.items()
        if file.blob in digests
    }


def _resolved(html: str, entry: Entry, places: Mapping[str, tuple[str, str]]) -> str:
    """`html` with its pictures where the screens have them; files keep the address that they have on the board."""

    def picture(found: re.Match[str]) -> str:
        if found[1] not in places:
            return ""
        return f'<img src="{places[found[1]][0]}"{found[2].replace(_LAZY, "")}>'

    return _PICTURE.sub(picture, html).replace(f'="{PLACEHOLDER}', f'="{addresses.attachment(entry.id, "")}')


def _will_be_overdue(entry: Entry) -> bool:
    """Whether its restoration is, or will be, overdue unless somebody says that it came."""
    ends = entry.notice.instant("ends_at")
    return entry.outcome is None and ends is not None and is_overdue(entry.notice, entry.kind, ends)


def _said(entry: Entry, teller: Teller, text: str) -> dict[str, Any]:
    """Everything that is read beside the text; empty where there is nothing to say."""
    when, restoration = teller.when(entry), teller.restoration(entry)
    scope = teller.field(entry, "scope")
    where = teller.places(entry)
    overdue = teller.overdue(entry)
    state, note = _state(entry, teller)
    return {
        "lang": "" if text == teller.language else teller.catalogues[text].tag,
        "kind": teller.kind(entry),
        "title": teller.title(entry).text,
        "when": when.moment.text if when is not None and when.moment is not None else "",
        "where": where if scope is None else scope.text if where in scope.text else f"{where} · {scope.text}",
        "until": teller.moment(entry.window.end).text if entry.window.end is not None else "",
        "expected": restoration.moment.text if restoration is not None and restoration.moment is not None else "",
        "overdue": _sentence(overdue.title, overdue.text.text if overdue.text else "", teller)
        if _will_be_overdue(entry)
        else "",
        "state": state,
        "note": note,
        "contacts": [_phone(phone) for phone in teller.phones(entry)],
    }


def _state(entry: Entry, teller: Teller) -> tuple[str, str]:
    """What became of it, or that it was corrected, with when; and what is said about that."""
    for banner in (teller.banner(entry) if entry.outcome is not None else None, teller.corrected(entry)):
        if banner is not None:
            when = f" · {banner.moment.text}" if banner.moment is not None else ""
            return f"{banner.title}{when}", banner.text.text if banner.text is not None else ""
    return "", ""


def _sentence(title: str, text: str, teller: Teller) -> str:
    return f"{title}{teller.words.text('formats.colon')}{text}" if text else title


def _phone(phone: Phone) -> dict[str, str]:
    return {"name": phone.name, "number": phone.number, "hours": phone.hours}


def _contact(contact: Contact | None, tellers: Mapping[str, Teller]) -> dict[str, dict[str, str]] | None:
    if contact is None:
        return None
    return {code: _phone(teller.phone(contact)) for code, teller in tellers.items()}
