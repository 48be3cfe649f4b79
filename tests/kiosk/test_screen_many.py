"""Very many notices: the screen does not stand still while they are laid out."""

from __future__ import annotations

from lobby import HOUR, MINUTE, SECOND, START, Lobby, Mount, entry

NONE = 0 * SECOND


def test_notices_are_laid_out_one_by_one(lobby: Lobby, mount: Mount) -> None:
    """The first is on before the others are laid out; these join the round one by one, each in a moment of its own."""
    lobby.publish(*(entry(f"notice-{number}") for number in range(12)))
    screen = mount(lobby)
    screen.page.reload()
    screen.ready()
    screen.shows("notice-0")
    count = screen.page.locator(".frame__count")
    assert count.inner_text() in {"", "1/2"}  # one, and one more with the first answer
    screen.pass_time(NONE)
    assert count.inner_text() == "1/12"
    assert len(set(screen.round(12))) == 12


def test_what_takes_over_does_not_wait_for_others(lobby: Lobby, mount: Mount) -> None:
    """All that is urgent is on at once, whatever else there is to lay out."""
    urgent = [entry(name, tone="urgent", takes_over_until=START + HOUR) for name in ("lift", "gas")]
    lobby.publish(*(entry(f"notice-{number}") for number in range(12)), *urgent)
    screen = mount(lobby)
    screen.page.reload()
    screen.ready()
    screen.shows("lift", "gas", role="takeover")


def test_a_slide_whose_notice_changed_is_the_first_to_change(lobby: Lobby, mount: Mount) -> None:
    """When all of twelve notices change at once, the one that is on says the new text at once, and stays on."""
    lobby.publish(*(entry(f"notice-{number}", html="<p>九点。</p>") for number in range(12)))
    screen = mount(lobby)
    while screen.seen() != "notice-7":
        screen.pass_time(SECOND)
    lobby.publish(*(entry(f"notice-{number}", html="<p>十点。</p>") for number in range(12)))
    screen.page.evaluate("""() => {
        window.said = [];
        const stage = document.getElementById("stage");
        new MutationObserver(() => said.push([stage.dataset.shows, stage.innerText.includes("十点")]))
            .observe(stage, { childList: true });
        dispatchEvent(new Event("online"));
    }""")
    screen.pass_time(3 * SECOND)
    said = screen.page.evaluate("said")
    assert said[0] == ["2026-11/notice-7", True]
    assert screen.page.locator(".frame__count").inner_text().endswith("/12")


def test_what_cannot_be_laid_out_holds_up_nothing(lobby: Lobby, mount: Mount) -> None:
    """Notices that fail are left out once and for all, and the next ones follow."""
    lobby.publish(
        *(entry(f"bad-{number}", qr=dict.fromkeys(("zh", "en"), "x" * 4000)) for number in range(3)),
        entry("water"),
        entry("heating"),
    )
    screen = mount(lobby)
    screen.shows("water")
    assert set(screen.round(3)) == {"water", "heating"}
    assert len(screen.problems) == 3
    screen.pass_time(3 * MINUTE)
    assert len(screen.problems) == 3
    screen.problems.clear()
