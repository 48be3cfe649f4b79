"""Forges: where pull requests are opened, reviewed and merged. One file each; this is what all offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gaoshi.core.clicks import Account, Mark, PullRequest, Review
from gaoshi.core.failure import Failure

__all__ = ["Account", "Forge", "ForgeError", "Mark", "PullRequest", "Review"]


class ForgeError(Failure):
    """The forge could not be asked, or its answer could not be read.

    `what` is a key of the catalogues' `cli.collect.failed`; `lasting` says that the next question would
    fare no better.
    """

    family = "collect.failed"

    def __init__(self, what: str, detail: str = "", *, lasting: bool = False) -> None:
        super().__init__(what, detail)
        self.lasting = lasting


class Forge(Protocol):
    """What a forge is asked. Every question raises ForgeError."""

    @property
    def name(self) -> str:
        """What the roster calls it."""

    @property
    def repository(self) -> str:
        """The repository, as the forge calls it."""

    def pull_requests(self, commit: str) -> Sequence[PullRequest]:
        """The pull requests, merged into the default branch, that brought `commit`."""

    def pull_request(self, number: int, at: datetime) -> PullRequest:
        """A pull request as it is now, as if it were merged at `at`."""

    def reviews(self, number: int) -> Sequence[Review]:
        """All reviews of a pull request, whatever became of them."""

    def reference(self, number: int) -> str:
        """The reference under which the repository keeps a pull request's commits."""
