"""Lists what is withheld, why, who wrote it and who was asked to approve it.

As Markdown for a job's summary, or with `--annotations` as annotations of the run.
Reads the JSON of `gaoshi status --format json` from standard input; needs nothing but Python,
and says so plainly where there is nothing to read.
"""

import json
import re
import sys

HEADING = "## 暂缓发布 Withheld"
NO_LIST = "名单未能生成，请在本机运行 `gaoshi status`。The list could not be made; run `gaoshi status`."


def withheld(report: str) -> list[dict]:
    """The withheld notices in `report`. Raises ValueError, KeyError or TypeError when it is none."""
    return [notice for notice in json.loads(report)["notices"] if notice["state"] == "withheld"]


def as_markdown(report: str) -> str:
    """The withheld notices in `report`: a line a notice with its people, indented each reason and how to mend it."""
    try:
        lines = [line for notice in withheld(report) for line in _lines(notice)]
    except (ValueError, KeyError, TypeError):
        lines = [NO_LIST]
    return "\n".join([HEADING, "", *(lines or [NO_LIST]), ""])


def as_annotations(report: str) -> str:
    """The same as annotations at each notice's file; nothing where there is nothing to read."""
    try:
        lines = [line for notice in withheld(report) for line in _annotations(notice)]
    except (ValueError, KeyError, TypeError):
        lines = []
    return "".join(f"{line}\n" for line in lines)


def _lines(notice: dict) -> list[str]:
    people = "; ".join(_plain(words) for words in _people(notice))
    lines = [f"- **{_plain(notice['id'])}**" + (f" ({people})" if people else "")]
    for reason in notice["reasons"]:
        lines.append(f"    - {_plain(reason['message'])} (`{_plain(reason['code'])}`)")
        if reason.get("fix"):
            lines.append(f"      {_plain(reason['fix'])}")
    return lines


def _people(notice: dict) -> list[str]:
    """Who should know: those who wrote it, and whom it asks for approval."""
    people = []
    if notice.get("authors"):
        people.append("起草 Written by: " + ", ".join(notice["authors"]))
    if notice.get("asked"):
        people.append("请批 Asked: " + notice["asked"])
    return people


def _annotations(notice: dict) -> list[str]:
    place = _escaped(f"notices/{notice['id']}/notice.md").replace(":", "%3A").replace(",", "%2C")
    lines = []
    for reason in notice["reasons"]:
        words = [f"{reason['code']} {reason['message']}", reason.get("fix", ""), *_people(notice)]
        text = _escaped("\n".join(word for word in words if word))
        lines.append(f"::warning file={place},title=暂缓发布 Withheld::{text}")
    return lines


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _plain(text: str) -> str:
    """`text` on one line and without effect: a notice's own words must not become mark-up here."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&@])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    tell = as_annotations if sys.argv[1:] == ["--annotations"] else as_markdown
    sys.stdout.write(tell(sys.stdin.read()))
