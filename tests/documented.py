"""The JSON that docs/formats.md shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FORMATS = Path(__file__).resolve().parents[1] / "docs/formats.md"


def documented(heading: str) -> Any:
    """The JSON that stands under a heading."""
    section = FORMATS.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return json.loads(section.split("```json\n")[1].split("```")[0])
