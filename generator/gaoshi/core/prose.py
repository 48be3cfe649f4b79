"""A notice's Markdown as safe HTML: rendered once and sanitised once, the same for every output.

Pictures and files of the notice keep a placeholder (`attachment:name`) that each output resolves to
where it puts them. Nothing that runs, and nothing that would be fetched from elsewhere, comes
through: links may lead out, pictures may not come in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape

import markdown
import nh3
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from gaoshi.core.notice import Attachment
from gaoshi.core.weight import MOST_WORK, weigh

PLACEHOLDER = "attachment:"

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("strong", "em", "del", "sup", "sub", "code", "pre", "a", "img"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LEADS_OUT = re.compile(r"https?://|mailto:|tel:", re.ASCII | re.IGNORECASE)
_FILE = re.compile(r"(?:\./)?([A-Za-z0-9][A-Za-z0-9._-]*)")
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f]"
_SOFT_BREAK = re.compile(rf"(<pre>.*?</pre>)|(?<={_WIDE})\n(?={_WIDE})", re.DOTALL)
_PICTURE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
"""A picture as the sanitiser writes it: attributes may hold anything but a quotation mark."""
_SHOWN = re.compile(rf'<img src="{PLACEHOLDER}([^"]+)"')
_PART = re.compile(r' ([a-z]+)="([^"]*)"')


class _Headings(Preprocessor):
    """The page's title is its first heading, so a text's own begin at the second level."""

    def run(self, lines: list[str]) -> list[str]:
        return [f"#{line}" if line.startswith("# ") else line for line in lines]


class _Board(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  (Markdown's own name)
        md.preprocessors.register(_Headings(md), "gaoshi-headings", 20)


_OPENED_BY = {
    "`": ("backtick",),
    "\\": ("escape",),
    "[": ("reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref"),
    "<": ("autolink", "automail", "html"),
    "&": ("entity",),
}
"""Characters, and the library's patterns that match nothing without them."""


@cache
def _markdown(missing: frozenset[str]) -> markdown.Markdown:
    """A renderer for texts without the characters `missing`: most have none, and every pattern costs time."""
    made = markdown.Markdown(extensions=["tables", "sane_lists", "def_list", _Board()], output_format="html")
    for character in missing:
        for pattern in _OPENED_BY[character]:
            made.inlinePatterns.deregister(pattern)
    return made


def render(text: str, attachments: Mapping[str, Attachment]) -> str:
    """The HTML of a body in Markdown; `attachments` are the files of its folder."""
    clean = nh3.clean(
        _converted(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        attribute_filter=_filter(attachments),
        link_rel="noopener",
    )
    clean = _PICTURE.sub(lambda found: _picture(found, attachments), clean)
    return _SOFT_BREAK.sub(lambda found: found[1] or "", clean)


def _converted(text: str) -> str:
    """Markdown as HTML; a text too heavy, or nested deeper than anybody reads, stays as it was written."""
    if weigh(text).work <= MOST_WORK:
        try:
            missing = frozenset(character for character in _OPENED_BY if character not in text)
            return _markdown(missing).reset().convert(text)
        except RecursionError:
            _markdown.cache_clear()  # its parser stopped half-way and remembers where
    return f"<pre>{escape(text)}</pre>"


def _filter(attachments: Mapping[str, Attachment]) -> Callable[[str, str, str], str | None]:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) in {("img", "src"), ("a", "href")}:
            match = _FILE.fullmatch(value)
            if match and match[1] in attachments:
                return PLACEHOLDER + match[1]
            if tag == "img" or not _LEADS_OUT.match(value):
                return None
        return value

    return attribute


def _picture(found: re.Match[str], attachments: Mapping[str, Attachment]) -> str:
    """A picture with its size, so that the text does not jump when it comes; nothing where there is no file."""
    parts = dict(_PART.findall(found[1]))
    file = attachments.get(parts.get("src", "").removeprefix(PLACEHOLDER))
    if file is None:
        return ""
    size = f' width="{file.width}" height="{file.height}"' if file.width and file.height else ""
    words = {name: text.replace("<", "&lt;").replace(">", "&gt;") for name, text in parts.items()}
    title = f' title="{words["title"]}"' if "title" in words else ""
    alt = words.get("alt", "")
    return f'<img src="{PLACEHOLDER}{file.name}" alt="{alt}"{title}{size} loading="lazy" decoding="async">'


def resolve(html: str, base: str) -> str:
    """`html` with its attachments under `base` (an address that ends in a slash)."""
    safe = escape(base, quote=True)
    return html.replace(f'="{PLACEHOLDER}', f'="{safe}')


def shown_pictures(html: str) -> frozenset[str]:
    """Names of the attachments that `html` shows as pictures."""
    return frozenset(_SHOWN.findall(html))
