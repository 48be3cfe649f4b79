"""How titles are set: a Chinese title breaks between words, where a reader would pause."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Reader, Site, home, notice

BROKEN = """titles => titles.flatMap(title => {
  const words = new Intl.Segmenter("zh", { granularity: "word" });
  const found = [];
  const texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const { segment, index, isWordLike } of words.segment(texts.currentNode.data)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + segment.length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (isWordLike && lines.size > 1) found.push(title.textContent + ": " + segment);
    }
  }
  return found;
})"""
"""Words that stand on two lines, as the browser's own dictionary knows words."""


def test_no_title_breaks_within_a_word(reader: Callable[..., Reader], site: Site) -> None:
    """On a phone no title on the board or above a notice is broken inside a Chinese word."""
    one = reader()
    assert one.open(home("zh")).locator(".card__title a").evaluate_all(BROKEN) == []
    for item in site.live:
        assert one.open(notice(item["id"])).locator("h1").evaluate_all(BROKEN) == []
