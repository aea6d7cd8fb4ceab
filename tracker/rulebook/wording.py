"""Sentences of a profile: Jinja in a sandbox, with the slots that rule.py lists, tried before they are used."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment

from tracker.rulebook.rule import SLOTS

_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_DAY = date(2026, 11, 6)
_SAID = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a sentence can raise when it is tried: Jinja's own, and what Python says of its sums."""

LONGEST = 500
"""Characters of a sentence."""


def filled(text: str, slots: Mapping[str, object]) -> str | None:
    """The sentence with its slots filled; None where it asks for something that nobody told. Raises what `fault` finds."""
    if text.isalnum():
        # most words (合格) have nothing to fill in, and a hundred thousand renderings are felt
        return text
    try:
        return _template(text).render(slots)
    except UndefinedError:
        return None


def slots_for(code: str) -> dict[str, object]:
    """What the sentence of a code may use, each with a value to try it with."""
    told = {name: slot.sample for name, slot in SLOTS.items() if any(code.startswith(start) for start in slot.codes)}
    return {name: _DAY if sample is None else sample for name, sample in told.items()}


def fault(text: object, slots: Mapping[str, object]) -> str:
    """What is wrong with a sentence that may use these slots, as a Chinese clause; empty when nothing is."""
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        return f"应当是一句带引号的话(不超过{LONGEST}字),现在是 {str(text)[:40]!r}"
    try:
        names = meta.find_undeclared_variables(_ENVIRONMENT.parse(text))
        if strange := sorted(names - slots.keys()):
            return f"句子里用了 {{{{ {strange[0]} }}}},这里没有这个名字;可用:{'、'.join(slots) or '无'}"
        _template(text).render(slots)
    except _SAID as error:
        return f"句子写错了:{str(error).splitlines()[0]}"
    return ""


@lru_cache(maxsize=512)
def _template(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)
