"""Every rule's declared cases, tests/rule_cases/<CODE>.toml: [[breaks]] with the exact sentence, [[keeps]], [[unknown]].

A case is `why` and what was seen (tests/made.py: posts, complete_since, as_of, check_date, channels, comments, likes, footers …);
`profile` (default baoji), `code` and `message` for breaks, `[case.set]` for thresholds.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.made import facts_of
from tests.rulebook import told
from tracker.facts import Unclear
from tracker.rulebook import RULES, Breach, Passed
from tracker.rulebook.profile import load

FOLDER = Path(__file__).parent.parent / "rule_cases"
CASES = [
    pytest.param(path.stem, kind, case, id=f"{path.stem}-{kind}-{case['why']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for kind, cases in tomllib.loads(path.read_text(encoding="utf-8")).items()
    for case in cases
]


@pytest.mark.parametrize(("code", "kind", "case"), CASES)
def test_case(code: str, kind: str, case: Mapping[str, Any]) -> None:
    profile = load(case.get("profile", "baoji"), RULES)
    # a rule that the profile leaves out is asked as it stands
    rule = next((rule for rule in profile.rules if code in rule.codes), None) or next(r for r in RULES if code in r.codes)()
    ruling = replace(rule, **case.get("set", {})).ask(facts_of(case))
    if kind == "breaks":
        assert isinstance(ruling, Breach)
        assert (ruling.code, profile.sentence(ruling.code, rule.title, ruling.slots)) == (case.get("code", code), case["message"])
        assert all(part in ruling.arithmetic for part in case.get("arithmetic", ()))
    elif kind == "keeps":
        assert isinstance(ruling, Passed), ruling
    else:
        assert kind == "unknown"
        assert isinstance(ruling, Unclear), ruling
        assert all(part in ";".join(ruling.reasons) for part in case.get("reasons", ()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_is_whole(rule: type) -> None:
    """One file, one manual page, cases of all three kinds."""
    page = rule.__doc__ or ""
    assert all(word in page for word in ("查什么:", "怎么判:", "不算:", "依据:"))
    told = tomllib.loads((FOLDER / f"{rule.code}.toml").read_text(encoding="utf-8"))
    assert set(told) == {"breaks", "keeps", "unknown"}
    stem = rule.code.replace("-", "_").lower()
    assert rule.__module__.rsplit(".", 1)[-1].startswith(stem)


def test_every_rule_file_is_registered() -> None:
    import tracker.rulebook

    folder = Path(tracker.rulebook.__file__).parent
    files = {path.stem for path in folder.glob("*_[0-9][0-9]_*.py")}
    assert files == {rule.__module__.rsplit(".", 1)[-1] for rule in RULES}


def test_every_sentence_is_as_it_was_kept() -> None:
    """After a wanted change: python -m tests.rulebook.told, and read what changed."""
    assert told.page() == told.FILE.read_text(encoding="utf-8")
