"""Lists what is withheld, and why, as Markdown for a job's summary.

Reads the JSON of `gaoshi status --format json` from standard input; needs nothing but Python,
and says so plainly where there is nothing to read.
"""

import json
import re
import sys

HEADING = "## 暂缓发布 Withheld"
NO_LIST = "名单未能生成，请在本机运行 `gaoshi status`。The list could not be made; run `gaoshi status`."


def as_markdown(report: str) -> str:
    """The withheld notices in `report`, one line a notice, one indented line a reason."""
    try:
        notices = [notice for notice in json.loads(report)["notices"] if notice["state"] == "withheld"]
        lines = [line for notice in notices for line in _lines(notice)]
    except (ValueError, KeyError, TypeError):
        lines = [NO_LIST]
    return "\n".join([HEADING, "", *(lines or [NO_LIST]), ""])


def _lines(notice: dict) -> list[str]:
    lines = [f"- **{_plain(notice['id'])}**"]
    for reason in notice["reasons"]:
        lines.append(f"    - {_plain(reason['message'])} (`{_plain(reason['code'])}`)")
        if reason.get("fix"):
            lines.append(f"      {_plain(reason['fix'])}")
    return lines


def _plain(text: str) -> str:
    """`text` on one line and without effect: a notice's own words must not become mark-up here."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&@])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(as_markdown(sys.stdin.read()))
