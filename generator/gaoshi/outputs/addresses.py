"""Where things stand on the site. Addresses are stable: they hold a notice's id and nothing else."""

from __future__ import annotations

import re

from gaoshi.core.board import Board
from gaoshi.core.notice import ROOT

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


def is_plain(name: str) -> bool:
    """Whether an attachment's name can stand in an address and in every file system as it is."""
    return _PLAIN_NAME.fullmatch(name) is not None


def is_plain_path(path: str) -> bool:
    """Whether every part of a path is."""
    return all(is_plain(part) for part in path.split("/"))


def home(board: Board, language: str) -> str:
    """The home page in `language`, from the site's root."""
    return "" if language == board.language else f"{language}/"


def notice(board: Board, notice_id: str, language: str) -> str:
    """A notice's page in `language`, from the site's root."""
    return f"{home(board, language)}{ROOT}/{notice_id}/"


def attachment(notice_id: str, name: str) -> str:
    """A notice's picture or file, from the site's root; the same for all languages."""
    return f"{ROOT}/{notice_id}/{name}"


def absolute(board: Board, path: str) -> str:
    """The public address of a path; the path from the root where the board has no address yet."""
    return f"{board.site_url.rstrip('/')}/{path}" if board.site_url else f"/{path}"


def relative(page: str, target: str) -> str:
    """`target` as seen from `page`, both folders from the site's root (ending in a slash, or empty)."""
    return "../" * page.count("/") + target
