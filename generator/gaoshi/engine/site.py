"""Building the site: from a stage to a folder, which takes the place of the old one whole or not at all."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from gaoshi.engine.plugin import GaoshiPlugin
from gaoshi.engine.stage import Stage
from gaoshi.sources.snapshot import SETTINGS

_LATEST = 2**32 - 1
"""The last second that a gzip header can hold; MkDocs dates the compressed site map by it."""


class EngineError(Exception):
    """MkDocs could not build the site; its own words say why."""


def render_site(stage: Stage, target: Path) -> None:
    """Render `stage` into the folder `target`, which must not exist or be empty.

    The same stage gives the same bytes: file times aside, nothing of the machine or the moment gets
    into a file. Raises EngineError.
    """
    with quiet_mkdocs() as words, _source_date(stage):
        try:
            config = load_config(config_file=str(stage.folder / SETTINGS), site_dir=str(target))
            plugin = cast("GaoshiPlugin", config.plugins["gaoshi"])
            plugin.given = stage
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build(config)
        except (Exception, SystemExit) as error:
            if isinstance(error, (KeyboardInterrupt, MemoryError)):
                raise
            raise EngineError("; ".join([*words, str(error)]) or type(error).__name__) from error


@contextmanager
def _source_date(stage: Stage) -> Iterator[None]:
    """Let MkDocs date what it writes by the edition, not by the clock."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(min(max(int(stage.edition.at.timestamp()), 0), _LATEST))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


@contextmanager
def quiet_mkdocs() -> Iterator[list[str]]:
    """Keep MkDocs' log off the terminal; its errors are collected."""
    logger = logging.getLogger("mkdocs")
    collector = _Collector()
    propagate, level = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.ERROR)
    logger.addHandler(collector)
    try:
        yield collector.words
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate
        logger.setLevel(level)
