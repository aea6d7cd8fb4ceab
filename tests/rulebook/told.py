"""Every declared case with all that its rule says of it, as one text: `python -m tests.rulebook.told` writes it anew.

Offices read these sentences on the verdict card; a change of one shows here, and is looked at before it is kept.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.made import facts_of
from tracker.facts import Unclear
from tracker.model import Hit
from tracker.rulebook import RULES, Breach, Passed, Ruling
from tracker.rulebook.profile import load

CASES = Path(__file__).parent.parent / "rule_cases"
FILE = Path(__file__).with_name("told.txt")


def page() -> str:
    """The whole text."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for path in sorted(CASES.glob("*.toml")):
        for kind, cases in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for case in cases:
                profile = load(case.get("profile", "baoji"), RULES)
                on = next((rule for rule in profile.rules if path.stem in rule.codes), None)
                rule = on or next(rule for rule in RULES if path.stem in rule.codes)()
                yield f"{path.stem} {kind}: {case['why']}"
                yield from (f"  {line}" for line in _ruling(replace(rule, **case.get("set", {})).ask(facts_of(case))))


def _ruling(ruling: Ruling) -> Iterator[str]:
    match ruling:
        case Breach():
            yield f"{ruling.code} {ruling.arithmetic}"
            yield f"怎样算通过:{ruling.counterfactual}"
            if ruling.doubt:
                yield f"存疑:{ruling.doubt}"
            yield from map(_hit, ruling.hits)
            yield from (f"{key} = {_slot(value)}" for key, value in sorted(ruling.slots.items()))
        case Passed():
            yield ruling.because
        case Unclear():
            yield from ruling.reasons


def _hit(hit: Hit) -> str:
    return " | ".join(map(str, (hit.kind, hit.quote, hit.url, hit.at, hit.why, "" if hit.sure else "存疑", hit.file)))


def _slot(value: object) -> str:
    return str(getattr(value, "id", value))


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8", newline="\n")
