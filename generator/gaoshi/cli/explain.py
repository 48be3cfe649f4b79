"""`gaoshi explain CODE`: a rule in plain words."""

from __future__ import annotations

import difflib
import re

import click

from gaoshi.cli.surroundings import language_option, words

_FILLED_IN = re.compile(r"\{[a-z_]+\}")
"""What a finding fills in from the notice, of which there is none here."""


@click.command("explain", epilog="Example: gaoshi explain T103", short_help="Explain a rule.")
@click.argument("code", required=False)
@language_option
def command(code: str | None, language: str | None) -> None:
    """Explain the rule CODE: what it asks, why (with its clause) and how to mend it.

    Without CODE: the list of all rules.
    """
    from gaoshi.rules import RULES  # noqa: PLC0415

    catalogue = words(language)
    if code is None:
        for name in sorted(RULES):
            click.echo(f"{name}  {catalogue.text(f'rules.{name}.title')}  ({RULES[name].clause})")
        return
    name = code.upper()
    if name not in RULES:
        close = difflib.get_close_matches(name, RULES, n=1)
        hint = catalogue.text("cli.did_you_mean", value=close[0]) if close else ""
        raise click.BadParameter(catalogue.text("cli.no_such_rule", value=code) + hint, param_hint="CODE")
    rule = RULES[name]
    text = catalogue.find(f"rules.{name}")
    click.echo(click.style(f"{name}  {catalogue.text(f'rules.{name}.title')}", bold=True))
    label = catalogue.text(f"cli.severity.{rule.severity.value}")
    key = "cli.rule_always" if rule.always else "cli.rule_severity"
    click.echo(catalogue.text(key, severity=label, clause=rule.clause))
    click.echo("\n" + catalogue.text(f"rules.{name}.why"))
    variants = text.get("variants", {"": text}) if isinstance(text, dict) else {}
    for variant in variants.values():
        said, fix = (_FILLED_IN.sub("…", variant.get(part, "")) for part in ("message", "fix"))
        click.echo(f"\n  • {said}\n    → {fix}")
    if isinstance(text, dict) and text.get("example"):
        click.echo("\n" + "\n".join(f"    {line}" for line in str(text["example"]).splitlines()))
