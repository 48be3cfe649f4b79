"""What comes along with a public board's pages: style sheets, scripts, the content policy, pictures and files."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

from gaoshi.core.answer import GONE, MISSING, Answer, Check, Difference, not_had, shortened
from gaoshi.core.markup import Page
from gaoshi.core.notice import ROOT

NOWHERE = f"{ROOT}/0000-00/nothing/"
"""An address that no board has, for there is no such month."""
MOST_BYTES = 128_000_000
"""So much of pictures and files is fetched, in the order of their addresses; what is left is counted."""
MOST_NAMED = 2_000
"""So many are asked for that only the pages name."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_ASSET = re.compile(r"(assets/[a-z]{1,20}\.([0-9a-f]{10})\.(css|js))", re.ASCII)
_TYPES = {"css": {"text/css"}, "js": {"text/javascript", "application/javascript"}}
_SHA256 = 64
"""So many digits has an id in a repository that names things by SHA-256."""


# ── style sheets and scripts ─────────────────────────────────────────────────────────────────────


def asset_checks(
    pages: Mapping[str, Page], root: str, known: frozenset[str]
) -> tuple[dict[str, Check], list[Difference]]:
    """The style sheets and scripts that `pages` name and how each is judged; and what they name that cannot be ours.

    Pages name them by the way up to the site's root; only the page that is shown for any address there is not, by
    `root`, the root's own path. `known` are the board's; without any, each is taken that is what its name says.
    """
    made: dict[str, Check] = {}
    wrong = []
    for path, page in pages.items():
        up = root if path == NOWHERE else "../" * path.count("/")
        for suffix, names in (("css", page.styles), ("js", page.scripts)):
            if not names:
                wrong.append(Difference("bare", path, expected=suffix))
            for name in names:
                match = _ASSET.fullmatch(name.removeprefix(up)) if name.startswith(up) else None
                if match is None or match[3] != suffix or (known and match[1] not in known):
                    wrong.append(Difference("asset", path, found=name))
                else:
                    made[match[1]] = partial(_check_asset, match[1], match[2], _TYPES[suffix])
    return made, wrong


def _check_asset(path: str, fingerprint: str, types: set[str], answer: Answer) -> Iterator[Difference]:
    wrong = not_had(path, answer, *sorted(types, reverse=True))
    if wrong is not None:
        yield wrong
        return
    found = hashlib.sha256(answer.body).hexdigest()[: len(fingerprint)]
    if found != fingerprint:
        yield Difference("fingerprint", path, expected=fingerprint, found=found)


# ── the content policy ───────────────────────────────────────────────────────────────────────────


def judge_policy(path: str, page: Page, policy: str) -> Iterator[Difference]:
    """Whether a page has the board's content policy, no script within it but what that lets run, and no strange tag."""
    if page.policy != policy or not policy:
        yield Difference("policy", path, expected=_apart(policy, page.policy), found=_apart(page.policy, policy))
    for script in page.inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in policy:
            yield Difference("script", path, found=script.strip())
    if page.strange:
        yield Difference("element", path, found=shortened(page.strange))


def _apart(policy: str, other: str) -> str:
    """The rules of a policy that another one does not have."""
    rules, others = ([rule.strip() for rule in text.split(";")] for text in (policy, other))
    return "; ".join(rule for rule in rules if rule not in others)


# ── pictures and files ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the repository: git's id of its content, its size in bytes, and the notice that it belongs to."""

    blob: str
    size: int
    id: str = ""


def file_checks(there: Mapping[str, Kept], gone: Mapping[str, Kept]) -> tuple[dict[str, Check], int]:
    """How each file that must be there, or must not, is judged, by address; and how many were left out.

    All that is to be fetched stays below MOST_BYTES.
    """
    made: dict[str, Check] = {path: partial(_check_no_file, path, file) for path, file in gone.items()}
    size = left = 0
    for path, file in sorted(there.items()):
        size += file.size
        if size > MOST_BYTES:
            left += 1
        else:
            made[path] = partial(_check_file, path, file)
    return made, left


def named_checks(pages: Mapping[str, Page]) -> tuple[dict[str, Check], int]:
    """How the pictures and files that notices' own pages name are judged where nobody knows what they should be.

    No more than MOST_NAMED; and how many were left out.
    """
    places: dict[str, None] = {}
    for path, page in pages.items():
        for notice in page.notices:
            beside = f"{'../' * path.count('/')}{ROOT}/{notice.id}/"
            names = (link.removeprefix(beside) for link in page.links if link.startswith(beside))
            places |= dict.fromkeys(f"{ROOT}/{notice.id}/{name}" for name in names if _NAME.fullmatch(name))
    made: dict[str, Check] = {place: partial(_check_there, place) for place in islice(places, MOST_NAMED)}
    return made, len(places) - len(made)


def _check_there(path: str, answer: Answer) -> Iterator[Difference]:
    wrong = not_had(path, answer)
    if wrong is not None:
        yield wrong


def _check_file(path: str, file: Kept, answer: Answer) -> Iterator[Difference]:
    wrong = not_had(path, answer)
    if wrong is not None:
        yield wrong
    elif blob_id(answer.body, file.blob) != file.blob:
        yield Difference("file", path, file.id)


def _check_no_file(path: str, file: Kept, answer: Answer) -> Iterator[Difference]:
    """Whether a file is gone. What else a host shows at its address is judged once, at NOWHERE."""
    if answer.status not in {MISSING, GONE} and (answer.problem or blob_id(answer.body, file.blob) == file.blob):
        yield not_had(path, answer) or Difference("file-still", path, file.id)


def blob_id(data: bytes, like: str = "") -> str:
    """Git's id of a file's content, by SHA-256 where an id `like` it is one, else by SHA-1."""
    make = hashlib.sha256 if len(like) == _SHA256 else hashlib.sha1
    return make(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
