"""Tells the pipeline what `gaoshi confirm --format json` found, read from standard input.

What differs becomes annotations of the run; with `--output`, the step's output `notices` is told instead: `right`
or `wrong`. Needs nothing but Python. Where there is nothing to read, the notices are not known to be right.
"""

import json
import sys

TITLE = "公告栏与仓库不符 Not as published"


def as_annotations(report: str) -> str:
    """What differs, an annotation each; nothing that a site said becomes a command or another line."""
    try:
        messages = [one["message"] for one in json.loads(report)["differences"]]
    except (ValueError, KeyError, TypeError):
        messages = []
    lines = (message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A") for message in messages)
    return "".join(f"::error title={TITLE}::{line}\n" for line in lines)


def as_output(report: str) -> str:
    """Whether the notices are right."""
    try:
        right = json.loads(report)["notices_right"] is True
    except (ValueError, KeyError, TypeError):
        right = False
    return f"notices={'right' if right else 'wrong'}\n"


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.reconfigure(encoding="utf-8")
    make = as_output if "--output" in sys.argv[1:] else as_annotations
    sys.stdout.write(make(sys.stdin.read()))
