"""Every rule can be raised, and says what is wrong and how to mend it, in every language of the catalogue."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rule_corpus import BOARDS, CORPUS, STRAYS

from gaoshi.core.finding import Finding, Severity
from gaoshi.core.words import Catalogue
from gaoshi.rules import RULES, judge
from gaoshi.rules.fields import EXPLAINED
from gaoshi.rules.reading import judge_stray
from gaoshi.rules.surroundings import SETTINGS
from gaoshi.rules.surroundings import STRAYS as STRAY_PROBLEMS
from gaoshi.sources.settings import own_standard

I18N = Path(__file__).parents[2] / "site_templates" / "i18n"
LANGUAGES = sorted(path.parent.name for path in I18N.glob("*/rules.yml"))
BLANK = re.compile(r"\{([a-z_]+)\}")


@cache
def texts(language: str) -> dict[str, Any]:
    """The rules' texts in one language."""
    data: dict[str, dict[str, Any]] = yaml.safe_load((I18N / language / "rules.yml").read_text(encoding="utf-8"))
    return data["rules"]


def raised(bench: Any, key: str) -> Finding:
    """The finding that the corpus has for `key`."""
    if key in STRAYS:
        return judge_stray(STRAYS[key])
    arguments = dict(CORPUS[key])
    if zone := arguments.pop("zone", None):
        bench = bench.in_zone(zone)
    if board := arguments.pop("board", None):
        arguments["board"] = BOARDS[board]()
    found = [finding for finding in judge(bench.case(**arguments)) if finding.key == key]
    assert found, f"{key}: {sorted(finding.key for finding in judge(bench.case(**arguments)))}"
    return found[0]


def keys_of(entry: dict[str, Any], code: str) -> set[str]:
    """The keys of all that a rule can say."""
    return {f"{code}.{variant}" if variant else code for variant in entry.get("variants", ("",))}


def words_of(entry: dict[str, Any], variant: str) -> dict[str, str]:
    """Message and fix of one variant."""
    words: dict[str, str] = entry["variants"][variant] if "variants" in entry else entry
    return words


ALL = sorted({*CORPUS, *STRAYS})


@pytest.mark.parametrize("key", ALL)
def test_every_text_is_raised_and_filled(bench: Any, key: str) -> None:
    """Each text a rule can give is given by a case, in every language, with every blank filled."""
    finding = raised(bench, key)
    assert finding.key == key
    assert finding.position.line >= 1
    assert finding.position.column >= 1
    for language in LANGUAGES:
        words = words_of(texts(language)[finding.code], finding.variant)
        for part in ("message", "fix"):
            blanks = set(BLANK.findall(words[part]))
            assert blanks <= set(finding.values), f"{language} {key} {part}: {blanks - set(finding.values)}"
            assert "count" not in blanks, "a catalogue takes it for a number that chooses between texts"
            values = {name: value for name, value in finding.values.items() if name != "count"}
            filled = Catalogue(language, words).text(part, **values)
            assert filled != part
            assert set(BLANK.findall(filled)) <= set(BLANK.findall("".join(finding.values.values())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_has_just_the_texts_that_are_raised(language: str) -> None:
    """A catalogue has a text for each thing a rule can say, and none that no rule says."""
    listed = {key for code, entry in texts(language).items() for key in keys_of(entry, code)}
    assert listed == set(ALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_says_why_for_every_rule(language: str) -> None:
    """Every rule has a short name and a reason; the clause is shown beside it, so it is not said again."""
    entries = texts(language)
    assert set(entries) == set(RULES)
    for code, entry in entries.items():
        assert 0 < len(entry["title"]) <= 60, code
        assert entry["why"], code
        assert not re.search(rf"{re.escape(RULES[code].clause)}(?![0-9.a-z])", entry["why"]), code


def test_languages_say_the_same() -> None:
    """Every language has the blanks of every other, so none tells less."""
    first, *others = LANGUAGES
    for other in others:
        for code, entry in texts(first).items():
            for key in keys_of(entry, code):
                variant = key.partition(".")[2]
                here, there = words_of(entry, variant), words_of(texts(other)[code], variant)
                for part in ("message", "fix"):
                    assert set(BLANK.findall(here[part])) == set(BLANK.findall(there[part])), f"{key} {part}"


def test_both_languages_of_the_board_are_there() -> None:
    """There are Chinese and English texts."""
    assert {"zh", "en"} <= set(LANGUAGES)


def test_every_code_is_raised() -> None:
    """No rule is dead: each code is raised by a case of the corpus."""
    assert {key.partition(".")[0] for key in ALL} == set(RULES)


def test_codes_and_clauses_have_their_form() -> None:
    """A code is a letter and three digits, a clause names a source and a place in it."""
    for code, listed in RULES.items():
        assert re.fullmatch(r"[A-Z]\d{3}", code)
        assert re.fullmatch(r"[PHSC](?:-[A-Z])?-[0-9A-Za-z.]+|S-[A-Z]\.[0-9a-z.]+", listed.clause), listed.clause


def test_every_rule_names_its_clause_in_its_docstring() -> None:
    """A reader of the code finds the clause beside the rule."""
    for listed in RULES.values():
        document = listed.check.__doc__ or ""
        named = re.findall(r"[PHSC]-[A-Z0-9][0-9A-Za-z.]*", document)
        assert any(listed.clause == clause.rstrip(".") for clause in named), f"{listed.code}: {document}"


def test_every_required_field_has_words_of_its_own() -> None:
    """Each field that the shipped standard requires is explained by itself when it is missing."""
    data = own_standard()
    names: set[str] = set(data["requires"])
    for group, parts in data["group_requires"].items():
        names |= {f"{group}.{part}" for part in parts}
    for kind in data["kinds"].values():
        for rules in (kind, kind.get("planned", {}), kind.get("unplanned", {})):
            names |= set(rules.get("requires", ()))
    assert names - {"type", "title", "approver", "subtype"} == EXPLAINED


def test_problems_around_the_notices_are_all_known() -> None:
    """Every problem of settings, folders and log has a text of its own, and a strange one is not lost."""
    own = {key.partition(".")[2] for key in STRAYS if key.startswith(("E102", "E103", "E104", "K102"))}
    log = {"log-unreadable", "log-channel"}
    assert own == {*log, "record-changed", "roster-not-in-force", "roster-without-keeper", "screen-round"}
    assert {key.partition(".")[2] for key in STRAYS} - {"other", *own} == SETTINGS | STRAY_PROBLEMS
    for key, problem in STRAYS.items():
        finding = judge_stray(problem)
        assert finding.blocks == (finding.severity is Severity.ERROR), key
        assert finding.position == problem.position
