"""The board's style sheet and script: small files, joined in the order of their names, named by content."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

INLINE = "partials/board/early.js"
"""The one inline script, below the theme."""
JOINED = ("assets/board/", "assets/preview/")
"""Where the parts lie, below the theme, from which style sheet and script are joined."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Paths from the site's root, and contents by path."""

    css: str
    js: str
    preview_js: str
    files: dict[str, bytes]


def collect(templates: Path, *, preview: bool) -> Assets:
    """Join `tokens.css` and everything in `theme/assets/board/`."""
    own = templates / "theme" / "assets" / "board"
    css = _joined([templates / "tokens.css", *sorted(own.glob("*.css"))])
    js = _joined(sorted(own.glob("*.js")))
    reload = _joined(sorted((templates / "theme" / "assets" / "preview").glob("*.js"))) if preview else b""
    names = {f"assets/board.{_fingerprint(css)}.css": css, f"assets/board.{_fingerprint(js)}.js": js}
    if preview:
        names[f"assets/preview.{_fingerprint(reload)}.js"] = reload
    css_path, js_path, *more = names
    return Assets(css_path, js_path, more[0] if more else "", names)


def _joined(paths: list[Path]) -> bytes:
    return b"\n".join(path.read_bytes().strip() for path in paths) + b"\n"


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def content_policy(inline_script: str, *, foreign_scripts: bool = False) -> str:
    """The content security policy of every page: nothing but our own files and one known inline script.

    `foreign_scripts` lets inline scripts of others run: `mkdocs serve` puts one into its pages to reload
    them. No published page has it.
    """
    digest = base64.b64encode(hashlib.sha256(inline_script.encode()).digest()).decode()
    inline = "'unsafe-inline'" if foreign_scripts else f"'sha256-{digest}'"
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {inline}",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",  # the preview asks whether something changed; Lighthouse reads robots.txt
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
