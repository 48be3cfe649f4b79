"""The sample estate on the morning it was written for, and through the weeks around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def test_the_sample_stands_as_its_story_says(sample: Any, golden: Callable[[str, str], None]) -> None:
    """At 10:00 on 24 November 2026 every notice of the sample is in the state that its story needs."""
    run = sample.run("status", "--at", sample.at, "--rev", "HEAD", "--format", "json", "--lang", "zh")
    assert run.status == 1
    data = run.data
    assert data.pop("revision") == sample.git("rev-parse", "HEAD")
    assert all(notice.pop("authors") for notice in data["notices"])
    golden("status.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def test_exactly_one_notice_of_the_sample_is_withheld(sample: Any) -> None:
    """Warm Winter Week asks a head whose term is over, nobody has approved it, and nothing else is held back."""
    edition = sample.edition()
    assert [(entry.id, [reason.code for reason in entry.reasons]) for entry in edition.withheld] == [
        ("2026-11/warm-winter-week", ["A102", "A106"])
    ]
    assert edition.findings == ()


def test_the_change_that_nobody_approved_waits(sample: Any) -> None:
    """The charging hours show as they were approved; that a change of them waits is said, and holds nothing back."""
    entry = sample.edition().entries["2026-11/e-bike-charging"]
    assert (entry.state, [finding.code for finding in entry.findings if finding.code.startswith("A")]) == (
        "live",
        ["A107"],
    )
    assert entry.notice.content_id != sample.git("rev-parse", f"HEAD:notices/{entry.id}")
    (waiting,) = sample.edition(rev=None, only=[entry.id]).entries.values()
    assert (waiting.notice.content_id, waiting.proposed) == (sample.git("rev-parse", f"HEAD:notices/{entry.id}"), True)


def test_the_sample_can_be_walked_through(sample: Any) -> None:
    """From 20 November to the end of the year `next` moves forward, changes something each time, and ends."""
    at, end, steps = sample.instant("2026-11-20 00:00"), sample.instant("2026-12-31 00:00"), 0
    before = None
    while at < end:
        edition = sample.edition(at)
        shown = [
            [
                (
                    *(entry.id, entry.state, entry.overdue, entry.outcome, entry.urgent, entry.notice.content_id),
                    [reason.key for reason in entry.reasons],
                )
                for entry in part
            ]
            for part in (edition.live, edition.upcoming, edition.ended, edition.withheld)
        ]
        assert shown != before, at
        before, steps = shown, steps + 1
        assert edition.next is not None
        assert edition.next > at
        at = edition.next
    assert 40 < steps < 200
