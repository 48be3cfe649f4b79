"""Everything a build needs, taken from one snapshot: the edition, its pages, words, icons and files."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gaoshi.core.edition import Edition
from gaoshi.core.words import Catalogue
from gaoshi.edition import Scope, compose
from gaoshi.outputs import addresses
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.kiosk import kiosk, picture_path, pictures
from gaoshi.outputs.pages import Publisher, is_offered
from gaoshi.sources.proof import Trust
from gaoshi.sources.snapshot import SETTINGS, TEMPLATES, Snapshot
from gaoshi.sources.templates import load_catalogues, write_templates

_ICON = re.compile(r"--icon-([a-z0-9-]+):\s*\"([a-z0-9/-]+)\"")
SHARE_PICTURE = "assets/share.png"


@dataclass(frozen=True, slots=True)
class Stage:
    """One edition, ready to be rendered. `folder` holds `mkdocs.yml` and `site_templates/` as published.

    In `kept` compiled templates may wait for the next build. `screens` is the screens' manifest.
    """

    edition: Edition
    publisher: Publisher
    catalogues: Mapping[str, Catalogue]
    folder: Path
    files: Mapping[str, bytes]
    kept: Path
    screens: bytes

    @property
    def templates(self) -> Path:
        """The published templates."""
        return self.folder / TEMPLATES


@contextmanager
def set_stage(snapshot: Snapshot, at: datetime, *, preview: bool, trust: Trust | None = None) -> Iterator[Stage]:
    """Compose the edition of `snapshot` at `at` and lay out what rendering it needs.

    Templates and settings come from the snapshot too, so that the same revision gives the same
    bytes. Raises what compose() raises.
    """
    edition = compose(snapshot, at, scope=Scope.CURRENT, render=True, preview=preview, trust=trust)
    with tempfile.TemporaryDirectory(prefix="gaoshi-") as scratch:
        folder = Path(scratch)
        write_templates(snapshot, folder)
        (folder / SETTINGS).write_bytes(snapshot.read(SETTINGS) or b"")
        catalogues = load_catalogues(folder / TEMPLATES, edition.board.languages)
        tokens = (folder / TEMPLATES / "tokens.css").read_text(encoding="utf-8")
        share = folder / TEMPLATES / "theme" / SHARE_PICTURE
        image = addresses.absolute(edition.board, SHARE_PICTURE) if share.is_file() else ""
        publisher = Publisher(edition, catalogues, dict(_ICON.findall(tokens)), image=image)
        wanted = {path: file.blob for path, file in publisher.attachments()}
        blobs = dict(snapshot.repository.blobs(wanted.values()))
        files = {path: blobs[blob] for path, blob in wanted.items() if blob in blobs}
        screens, shown = for_screens(edition, publisher.tellers, snapshot)
        files |= shown
        yield Stage(
            edition,
            publisher,
            catalogues,
            folder,
            files,
            snapshot.repository.folder() / "gaoshi" / "templates",
            screens,
        )


def for_screens(edition: Edition, tellers: Mapping[str, Teller], snapshot: Snapshot) -> tuple[bytes, dict[str, bytes]]:
    """The screens' manifest, and the pictures that it names by path; only such as may be on the site at all."""
    shown = [file for file in pictures(edition) if is_offered(edition.board, file)]
    blobs = dict(snapshot.repository.blobs(file.blob for file in shown))
    digests = {blob: hashlib.sha256(data).hexdigest() for blob, data in blobs.items()}
    files = {picture_path(digests[file.blob], file.suffix): blobs[file.blob] for file in shown if file.blob in blobs}
    return kiosk(edition, tellers, digests), files
