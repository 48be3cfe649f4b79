"""The board's pages as views: a home page a language, a page a notice and language."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gaoshi.core.board import Board
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.instants import iso
from gaoshi.core.notice import ROOT, Attachment
from gaoshi.core.prose import resolve, shown_pictures
from gaoshi.core.schedule import State
from gaoshi.core.words import Catalogue
from gaoshi.outputs import addresses, cards, over, verdicts
from gaoshi.outputs.changes import board_changed, notice_changed
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.structured import announcement, plain_text
from gaoshi.outputs.views import Card, File, Frame, HomePage, Link, NoticePage, OverPage
from gaoshi.outputs.wording import message

_DESCRIPTION = 120
_KB = 1024


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: its address from the site's root, its language and what it shows.

    `view` is None for the board's own static pages, which bring their text themselves.
    """

    path: str
    template: str
    frame: Frame
    view: HomePage | NoticePage | OverPage | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page for search engines: its address, and when it last changed, with offset (empty where nobody knows)."""

    address: str
    changed: str


class Publisher:
    """Makes the pages of one edition."""

    def __init__(
        self, edition: Edition, catalogues: Mapping[str, Catalogue], icons: Mapping[str, str], *, image: str = ""
    ) -> None:
        self.edition = edition
        self.board = edition.board
        self.icons = icons
        self.image = image
        self.tellers = {code: Teller(edition, catalogues[code], catalogues) for code in edition.board.languages}
        self._frames = {code: self._bare_frame(teller) for code, teller in self.tellers.items()}
        self._cards: dict[tuple[str, str], Card] = {}
        self._texts: dict[str, str] = {}
        self._addressed = frozenset(entry.id for entry in (*self.shown(), *self.kept()))

    def homes(self) -> Iterator[Page]:
        """The home page in each language."""
        for language in self.board.languages:
            yield self.home(language)

    def addressed(self) -> tuple[tuple[Entry, str], ...]:
        """Every notice that has a page, with each language it has one in."""
        return tuple((entry, language) for entry in (*self.shown(), *self.kept()) for language in self.board.languages)

    def page(self, entry: Entry, language: str) -> Page:
        """The page of a notice that has one: the notice, or what became of it."""
        if self.edition.preview or entry.state is State.LIVE:
            return self.notice(entry, language)
        return self.ended(entry, language)

    def listed(self) -> Iterator[Listed]:
        """The pages of notices that search engines may know."""
        for entry in self.shown():
            changed = self._iso(notice_changed(entry, self.edition.at))
            for language in self.board.languages:
                yield Listed(addresses.absolute(self.board, addresses.notice(self.board, entry.id, language)), changed)

    def changed(self) -> str:
        """When the list of notices last changed, with offset; empty where nobody knows."""
        return self._iso(board_changed(self.edition))

    def shown(self) -> tuple[Entry, ...]:
        """The notices that have a page: live ones, or in a preview all."""
        return tuple(self.edition.entries.values()) if self.edition.preview else self.edition.live

    def kept(self) -> tuple[Entry, ...]:
        """The notices that have ended and keep their address; none in a preview, which shows them whole."""
        return () if self.edition.preview else self.edition.kept

    def attachments(self) -> Iterator[tuple[str, Attachment]]:
        """The pictures and files of shown notices, by address: those that a text uses or that are offered."""
        for entry in self.shown():
            for file in entry.notice.attachments.values():
                if is_offered(self.board, file):
                    yield addresses.attachment(entry.id, file.name), file

    # ── frames ───────────────────────────────────────────────────────────────────────────────────

    def _bare_frame(self, teller: Teller) -> Frame:
        """What surrounds every page in the teller's language, before anything is said of the page."""
        edition, board, language = self.edition, self.board, teller.language
        default = board.default_contact
        return Frame(
            board=board.id,
            language=language,
            lang=teller.words.tag,
            board_name=board.words(board.name, language),
            title="",
            issuer=board.words(board.issuer, language),
            home_url=addresses.home(board, language),
            canonical="",
            alternates=(),
            contact=teller.phone(default) if default else None,
            contacts=tuple(teller.phone(contact) for contact in board.contacts.values()),
            at=teller.moment(edition.at),
            next=teller.moment(edition.next) if edition.next else None,
            due=teller.moment(edition.due),
            stale=teller.moment(edition.due + board.standard.grace),
            preview=edition.preview,
            clock=teller.moment(edition.at).iso if edition.preview else "",
            description="",
            image=self.image,
        )

    def frame(
        self,
        language: str,
        paths: Mapping[str, str],
        title: str,
        description: str,
        *,
        missing: Container[str] = (),
        structured: str = "",
        image: str = "",
        heading: str = "",
        indexed: bool = True,
    ) -> Frame:
        """What surrounds a page whose addresses by language are `paths`; in those `missing` it has no text."""
        return replace(
            self._frames[language],
            title=title,
            canonical=addresses.absolute(self.board, paths[language]),
            alternates=tuple(
                Link(other.words.tag, other.words.text("language.switch"), paths[code], available=code not in missing)
                for code, other in self.tellers.items()
                if code != language
            ),
            description=description,
            structured=structured,
            image=image or self.image,
            heading=heading,
            indexed=indexed,
        )

    def static(self, language: str, paths: Mapping[str, str], title: str, description: str) -> Frame:
        """The frame of one of the board's own pages."""
        return self.frame(language, paths, title, description)

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def home(self, language: str) -> Page:
        """The home page in `language`."""
        teller, edition = self.tellers[language], self.edition
        board_name = self.board.words(self.board.name, language)
        paths = {code: addresses.home(self.board, code) for code in self.board.languages}
        count = len(edition.live)
        frame = self.frame(
            language,
            paths,
            teller.words.text("pages.home_title", board=board_name),
            teller.words.text("pages.home_description", board=board_name, count=count),
        )
        view = HomePage(
            frame=frame,
            sections=cards.sections(edition, teller, lambda entry: self._card(entry, language)),
            places=cards.place_choices(edition, teller),
            kinds=cards.kind_choices(edition, teller, self.icons),
            ended=cards.ended_cards(edition, teller, self.icons, self._addressed),
            count=count,
        )
        return Page(paths[language], "home.html", frame, view)

    def notice(self, entry: Entry, language: str) -> Page:
        """The page of `entry` in `language`; its text in another language where it has none in this one."""
        teller = self.tellers[language]
        board, notice = self.board, entry.notice
        body_language = language if entry.html.get(language, "").strip() else next(iter(entry.html), language)
        raw = entry.html.get(body_language, "")
        # Attachments lie beside the page in the first language; the others reach over to it.
        base = addresses.relative(addresses.notice(board, entry.id, language), f"{ROOT}/{entry.id}/")
        body = resolve(raw, base)
        shown = shown_pictures(raw)
        text = plain_text(raw)
        paths = {code: addresses.notice(board, entry.id, code) for code in board.languages}
        board_name = board.words(board.name, language)
        title = teller.title(entry).text
        first_picture = next((name for name in sorted(shown)), "")
        frame = self.frame(
            language,
            paths,
            teller.words.text("pages.page_title", title=title, board=board_name),
            self._description(entry, teller, text),
            missing=[code for code in board.languages if code not in notice.texts],
            structured=announcement(entry, teller, text) if entry.window.end else "",
            image=addresses.absolute(board, addresses.attachment(entry.id, first_picture)) if first_picture else "",
            heading=title,
        )
        view = NoticePage(
            frame=frame,
            card=self._card(entry, language),
            banners=(*teller.banners_ahead(entry), *teller.banners(entry)),
            facts=teller.facts(entry),
            salutation=teller.field(entry, "salutation"),
            body=body,
            body_lang="" if body_language == language else teller.catalogues[body_language].tag,
            files=tuple(
                _file(file, entry.id, teller)
                for file in notice.attachments.values()
                if file.name not in shown and is_offered(self.board, file)
            ),
            reasons=tuple(message(finding, teller.words) for finding in entry.reasons) if self.edition.preview else (),
            approval=self._approval(entry, teller),
            over=over.over(entry, teller) if entry.state is State.LIVE else None,
        )
        return Page(paths[language], "notice.html", frame, view)

    def ended(self, entry: Entry, language: str) -> Page:
        """The page at the address of a notice that has ended; it shows nothing of its text."""
        teller = self.tellers[language]
        became = over.over(entry, teller, over.instead(entry, self.edition, self._addressed))
        assert became is not None  # what is kept has an end
        paths = {code: addresses.notice(self.board, entry.id, code) for code in self.board.languages}
        frame = self.frame(
            language,
            paths,
            became.title,
            over.description(entry, teller),
            heading=over.heading(entry, teller),
            indexed=False,
        )
        card = cards.ended_card(entry, teller, self.icons, linked=True)
        return Page(paths[language], "over.html", frame, OverPage(frame, card, became))

    def _iso(self, instant: datetime | None) -> str:
        return iso(instant, self.board.zone) or ""

    def _approval(self, entry: Entry, teller: Teller) -> tuple[str, ...]:
        """In a preview, of what waits for approval: what is given and who can give the rest."""
        standing = entry.standing
        if not self.edition.preview or standing is None or not standing.newest.missing:
            return ()
        return tuple(verdicts.told(standing, teller.words, self.edition.board.zone))

    def _card(self, entry: Entry, language: str) -> Card:
        """The card of `entry`, made once for the list and for its own page."""
        if entry.id not in self._texts:
            self._texts[entry.id] = cards.searched_texts(entry)
        key = entry.id, language
        if key not in self._cards:
            texts, ribbon = self._texts[entry.id], self.edition.preview
            self._cards[key] = cards.card(entry, self.tellers[language], self.icons, texts=texts, ribbon=ribbon)
        return self._cards[key]

    def _description(self, entry: Entry, teller: Teller, text: str) -> str:
        """What a link preview says: when, where, then how the text begins."""
        parts = []
        when = teller.when(entry)
        if when is not None and when.moment is not None:
            parts.append(when.moment.text)
        parts += [teller.places(entry), text]
        said = " · ".join(part for part in parts if part)
        return said if len(said) <= _DESCRIPTION else said[: _DESCRIPTION - 1].rstrip() + "…"


def is_offered(board: Board, file: Attachment) -> bool:
    """Whether a file may be on the site at all, whatever else was found about it."""
    standard = board.standard
    known = file.suffix in standard.attachment_types and file.size <= standard.attachment_max_bytes
    return known and addresses.is_plain(file.name) and file.width * file.height <= standard.attachment_max_pixels


def _file(file: Attachment, notice_id: str, teller: Teller) -> File:
    kilobytes = max(1, round(file.size / _KB))
    key = "formats.size_mb" if kilobytes >= _KB else "formats.size_kb"
    size = f"{kilobytes / _KB:.1f}" if kilobytes >= _KB else str(kilobytes)
    return File(
        file.name, addresses.attachment(notice_id, file.name), teller.words.text(key, size=size), file.suffix.upper()
    )
