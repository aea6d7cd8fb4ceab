"""grammar.toml, read once: the sentences of bulletins as compiled patterns with a group for each slot."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("grammar.toml")
_NUMERAL = "[一二两三四五六七八九十百千][零〇一二两三四五六七八九十百千]{0,12}"
NUMBER = rf"(?:(?<!\d)\d{{1,3}}(?:,\d{{3}}){{1,3}}(?!\d)|(?<!\d)\d{{1,9}}(?!\d)|{_NUMERAL})"
COUNT = rf"(?:{NUMBER})(?:个|家)(?!百分点|百分比|[小]?时|工?作?日|[月周季]|栏目|菜单|链接|问题|方面|事项)"
_PERCENT = r"(?:(?<![\d.])\d{1,6}(?:\.\d{1,6})?%|百分之[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
_BEFORE = "(?:仅|只有|约|大约|近|为|达到|达|是|均|:|超过|超|逾|不足|不到|到|至)*"
_SLOT = re.compile(r"<(%?)([a-z_]+)>")
_OF_UNITS = ("previous", "total", "rechecked", "cured", "uncured", "partly", "closing", "unseen", "rest")
"""Slots of a re-check, where units are counted as often as accounts."""
_WORD = re.compile(r"\{([a-z]+)\}")
# 个单位 counts units, not accounts; a word 单位 before the number says so too (unit slots name it themselves).
NO_UNIT = "(?!单位|部门|栏目|菜单|链接|账号主体|[县市省]?[区县镇乡](?![级直])|街道|责任|主管|主办)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One role and the ways of stating it; `unless` forbids a match when found in the clause before or in the match."""

    role: str
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """What divides a total: `label` is in each part's words; `whole`: when each of these has a part, nothing is left out."""

    name: str
    label: re.Pattern[str]
    whole: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Faults that prose and annex may name differently."""

    name: str
    codes: tuple[str, ...]
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """All of grammar.toml; `terms` holds the single patterns by section and key (names.unit, third.known …)."""

    sentences: tuple[Sentence, ...]
    again: tuple[Sentence, ...]
    divisions: tuple[Division, ...]
    families: tuple[Family, ...]
    past: str
    compared: re.Pattern[str]
    columns: Mapping[str, str]
    typos: tuple[str, ...]
    pairs: frozenset[frozenset[str]]
    terms: Mapping[str, str]

    def term(self, name: str) -> re.Pattern[str]:
        """A single pattern, compiled."""
        return _compiled(self.terms[name])


@cache
def grammar(quarter: str = "第[一二三四1-4]季度检查通报") -> Grammar:
    """The grammar; `quarter` = a pattern of the quarters that are not the bulletin's own."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    known = {**data["words"], "quarter": quarter}
    plain = ("names", "sections", "third", "several", "scope", "titles", "cells", "rest", "recheck", "twice", "split")
    return Grammar(
        sentences=tuple(_sentence(entry, known, quarter) for entry in data["sentence"]),
        again=tuple(_sentence(entry, known, quarter) for entry in data["again"]),
        divisions=tuple(
            Division(name=one["name"], label=re.compile(one["label"]), whole=tuple(map(re.compile, one.get("whole", []))))
            for one in data["division"]
        ),
        families=tuple(
            Family(name=one["name"], codes=tuple(one["codes"]), words=re.compile(one["words"])) for one in data["family"]
        ),
        past=f"(?:{known['past']}|{quarter})",
        compared=re.compile(known["compared"]),
        columns={word: field for field, words in data["columns"].items() for word in words},
        typos=tuple(data["typos"]["words"]),
        pairs=frozenset(frozenset(pair) for pair in data["typos"]["pairs"]),
        terms={f"{section}.{name}": value for section in plain for name, value in data[section].items()},
    )


def _sentence(entry: Mapping[str, Any], known: Mapping[str, str], quarter: str) -> Sentence:
    unless = entry.get("unless")
    return Sentence(
        role=entry["role"],
        patterns=tuple(re.compile(filled(pattern, known)) for pattern in entry["patterns"]),
        unless=re.compile(unless) if unless else None,
    )


def filled(pattern: str, known: Mapping[str, str]) -> str:
    """A pattern of grammar.toml with its words and slots put in. Raises KeyError naming an unknown word."""
    while _WORD.search(pattern):
        pattern = _WORD.sub(lambda match: known[match[1]], pattern)
    return _SLOT.sub(_slot, pattern)


def _slot(match: re.Match[str]) -> str:
    if match[1]:
        return f"(?P<{match[2]}>{_BEFORE}{_PERCENT}(?:左右|以上|上下)?)"
    after = "" if match[2] in _OF_UNITS else NO_UNIT
    return rf"(?P<{match[2]}>{NUMBER})(?:个|家){after}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def families_of(codes: Sequence[str], text: str) -> frozenset[str]:
    """Families of faults that taxonomy codes, or else words, belong to."""
    table = grammar().families
    by_code = {one.name for one in table if any(code.startswith(begin) for code in codes for begin in one.codes)}
    return frozenset(by_code | {one.name for one in table if one.words.search(text)})
