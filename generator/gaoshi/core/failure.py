"""What can go wrong around us, told by a word that the catalogues have a sentence for."""

from __future__ import annotations

from typing import ClassVar


class Failure(Exception):
    """Something around the program failed; `family` and `what` name its sentence, `detail` and `values` fill it."""

    family: ClassVar[str] = ""

    def __init__(self, what: str, detail: str = "", **values: object) -> None:
        super().__init__(f"{what}: {detail}" if detail else what)
        self.what = what
        self.detail = detail
        self.values = {"detail": detail, **values}

    @property
    def sentence(self) -> str:
        """The key of its sentence."""
        return f"cli.{self.family}.{self.what}"
