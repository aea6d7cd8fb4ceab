"""What the pages of rules show: the manual of a rule, what a profile makes of it, the office's own rules and words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import UsageError
from tracker.explain import EFFECT
from tracker.rulebook import RULES, Rule, RuleClass
from tracker.rulebook.manual import PARAMETERS, WHO, Entry, entries, in_words, ready, thresholds
from tracker.rulebook.profile import Profile, faults, load, names
from tracker.rulebook.rule import SLOTS
from tracker.rulebook.simple import Simple
from tracker.rulebook.terms import Term, read_terms
from tracker.workspace import Workspace

UNUSED = "不用"
MOST_WORDS = 300
"""Words of the office's own lists that one page shows."""
_SLOTS = dict.fromkeys(SLOTS, "…") | {"phrase": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule in the list; `effect` and `told` are those of the profile in force."""

    code: str
    codes: str
    title: str
    who: str
    effect: str
    told: str
    """Its thresholds, one after the other; empty where it has none."""
    own: bool
    """Whether the office wrote it itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What one profile makes of one rule: effect, thresholds and sentences in words."""

    name: str
    title: str
    here: bool
    effect: str
    values: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """What templates/console/rule.html shows."""

    codes: str
    title: str
    who: str
    basis: str
    entries: tuple[Entry, ...]
    parameters: tuple[tuple[str, str, str], ...]
    """Name, meaning, what the rule has for itself."""
    used: tuple[Used, ...]
    """By the profiles that can be loaded, the one in force first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """One mistake in a file of the office."""

    file: str
    line: int
    """From 1; 0 = the sentence tells it."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """A rule that the office wrote itself, as data."""

    profile: str
    code: str
    title: str
    when: tuple[str, ...]
    basis: str
    who: str
    effect: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """One list of the office's own words; `fault` = why it cannot be read."""

    file: str
    count: int
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What templates/console/rules_own.html shows: what the office wrote itself, and what is wrong with it, by line."""

    files: tuple[str, ...]
    """Own profiles."""
    faults: tuple[FaultLine, ...]
    rules: tuple[OwnRule, ...]
    lists: tuple[WordList, ...]
    words: tuple[Term, ...]
    """Those that were asked for, at most MOST_WORDS."""
    found: int
    query: str
    compares: bool
    """Whether the person may hold profiles against each other."""


def folders(ws: Workspace) -> list[Path]:
    """Where the office's own profiles lie."""
    return [ws.root / "profiles"]


def loadable(ws: Workspace) -> tuple[Profile, ...]:
    """Every profile that can be used, the one in force first."""
    found = []
    for name in sorted(names(folders(ws)), key=lambda one: one != ws.settings.profile):
        profile, _ = tried(ws, name)
        if profile:
            found.append(profile)
    return tuple(found)


def tried(ws: Workspace, name: str) -> tuple[Profile | None, str]:
    """A profile without the word lists, or why it cannot be used: of a file of the office the first line that is wrong."""
    holidays, own = ws.root / "holidays.csv", folders(ws)[0] / f"{name}.toml"
    try:
        return load(name, RULES, folders(ws), holidays if holidays.is_file() else None), ""
    except UsageError as error:
        first = next(faults_of(ws, own), None) if own.is_file() else None
        return None, f"{first.file} 第{first.line}行:{first.text}" if first and first.line else str(error)


def rule_lines(profile: Profile | None, query: str) -> tuple[RuleLine, ...]:
    """The rules that have every word of a search somewhere in their manual page, as the profile uses them."""
    own = [one for one in profile.rules if isinstance(one, Simple)] if profile else []
    lines = [(_line(rule, profile, own=False), _text(rule)) for rule in RULES]
    lines += [(_line(one, profile, own=True), f"{one.code} {one.title} {one.basis}") for one in own]
    wanted = query.casefold().split()
    return tuple(line for line, told in lines if all(word in told.casefold() for word in wanted))


def _text(rule: RuleClass) -> str:
    return " ".join((*rule.codes, rule.title, rule.basis, *(f"{one.label} {one.text}" for one in entries(rule))))


def _line(rule: RuleClass | Rule, profile: Profile | None, *, own: bool) -> RuleLine:
    return RuleLine(
        code=rule.code,
        codes="、".join(rule.codes),
        title=rule.title,
        who=WHO[rule.by],
        effect=effect(profile, rule.code) if profile else "",
        told=values(profile, rule.code),
        own=own,
    )


def effect(profile: Profile, code: str) -> str:
    """What a finding of the code does, in words."""
    return EFFECT[profile.effect(code)] if ready(profile, code) else UNUSED


def book_of(code: str) -> RuleClass | None:
    """The rule of the book with this code; None for an office's own."""
    return next((one for one in RULES if code in one.codes), None)


def values(profile: Profile | None, code: str) -> str:
    """The thresholds of a rule one after the other; of an office's own, its conditions."""
    book, found = book_of(code), ready(profile, code) if profile else None
    if found is None or book is None:
        return ";".join(one.says() for one in found.when) if isinstance(found, Simple) else ""
    return ";".join(f"{PARAMETERS[name]}:{in_words(getattr(found, name))}" for name in _short(found, book))


def _short(found: Rule, book: RuleClass) -> list[str]:
    """Numbers always, yes and no only where it is yes, lists of words only on the rule's own page."""
    return [name for name in thresholds(book) if type(value := getattr(found, name)) is int or value is True]


def sentence(profile: Profile, code: str) -> str:
    """What is printed; where it differs when the fault stood in the period before, both."""
    said = (profile.sentence(code, "", {**_SLOTS, "repeated": again}) for again in (False, True))
    return ";上期也有同类问题的:".join(dict.fromkeys(filter(None, said)))


def rule_page(ws: Workspace, code: str) -> RulePage | None:
    """The manual page of a code; None for one that nobody knows."""
    profiles, book = loadable(ws), book_of(code)
    own = next((one for each in profiles for one in each.rules if code in one.codes and isinstance(one, Simple)), None)
    if book is None:
        return _own_page(ws, own, profiles) if own else None
    told = thresholds(book)
    return RulePage(
        codes="、".join(book.codes),
        title=book.title,
        who=WHO[book.by],
        basis=book.basis,
        entries=entries(book),
        parameters=tuple((name, PARAMETERS[name], in_words(value)) for name, value in told.items()),
        used=tuple(_used(ws, one, book.codes, told) for one in profiles),
    )


def _own_page(ws: Workspace, own: Simple, profiles: Sequence[Profile]) -> RulePage:
    when = "、".join(one.says() for one in own.when)
    return RulePage(
        codes=own.code,
        title=own.title,
        who=WHO[own.by],
        basis=own.basis,
        entries=(Entry(label="怎么判", text=f"{when},都符合即成立。"), Entry(label="依据", text=own.basis)),
        parameters=(),
        used=tuple(_used(ws, one, own.codes, {}) for one in profiles if ready(one, own.code)),
    )


def _used(ws: Workspace, profile: Profile, codes: Sequence[str], told: Mapping[str, object]) -> Used:
    found = ready(profile, codes[0])
    sentences = (f"{code} {said}" for code in codes if found and (said := sentence(profile, code)))
    return Used(
        name=profile.name,
        title=profile.title,
        here=profile.name == ws.settings.profile,
        effect=effect(profile, codes[0]),
        values=tuple(in_words(getattr(found, name)) if found else "" for name in told),
        sentences=tuple(sentences),
    )


def own_page(ws: Workspace, query: str, *, compares: bool) -> OwnPage:
    """The office's own files, read again for every page: whoever edits them sees at once what is wrong."""
    files = sorted(folders(ws)[0].glob("*.toml"))
    terms, lists, wrong = list[Term](), list[WordList](), [one for file in files for one in faults_of(ws, file)]
    for path in sorted((ws.root / "words").glob("*.csv")):
        found, fault = _terms(path)
        terms += found
        lists.append(WordList(file=path.name, count=len(found), fault=fault))
        wrong += [FaultLine(file=f"words/{path.name}", line=0, text=fault)] if fault else []
    wanted = query.casefold().strip()
    asked = [one for one in terms if wanted in f"{one.word} {one.kind} {one.source}".casefold()]
    return OwnPage(
        files=tuple(file.name for file in files),
        faults=tuple(wrong),
        rules=tuple(_own_rules(ws, files)),
        lists=tuple(lists),
        words=tuple(asked[:MOST_WORDS]),
        found=len(asked),
        query=query,
        compares=compares,
    )


def _terms(path: Path) -> tuple[tuple[Term, ...], str]:
    try:
        return read_terms(path), ""
    except UsageError as error:
        return (), str(error)


def faults_of(ws: Workspace, file: Path) -> Iterator[FaultLine]:
    """What is wrong with an own profile, line by line."""
    try:
        for one in faults(file, RULES, folders(ws)):
            place = one.place
            yield FaultLine(file=f"profiles/{place.path.name}", line=place.line, text=one.text)
    except UsageError as error:
        yield FaultLine(file=f"profiles/{file.name}", line=0, text=str(error))


def _own_rules(ws: Workspace, files: Sequence[Path]) -> Iterator[OwnRule]:
    for file in files:
        profile, _ = tried(ws, file.stem)
        for one in profile.rules if profile else ():
            if profile and isinstance(one, Simple):
                yield OwnRule(
                    profile=profile.title,
                    code=one.code,
                    title=one.title,
                    when=tuple(each.says() for each in one.when),
                    basis=one.basis,
                    who=WHO[one.by],
                    effect=effect(profile, one.code),
                    sentence=profile.wording.get(one.code, ""),
                )
