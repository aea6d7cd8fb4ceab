"""What the pages of rules show of profiles (地方口径): which is in force, and how each differs from the national one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.console.rule_views import UNUSED, FaultLine, book_of, effect, faults_of, folders, sentence, tried, values
from tracker.explain import EFFECT
from tracker.model import Conclusion
from tracker.rulebook.manual import PARAMETERS, in_words, ready, thresholds
from tracker.rulebook.profile import SHIPPED, AbsenceEffect, Profile, names
from tracker.rulebook.sources import Unreadable, read
from tracker.workspace import Workspace

NATIONAL = "national"
"""The profile that every other is held against."""
_ABSENCE = {
    AbsenceEffect.EXEMPT: "报备的日子不计入停更天数(从报备那天起)",
    AbsenceEffect.NOTE: "只在依据里提到,不影响结果",
    AbsenceEffect.NONE: "不考虑",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLine:
    """One profile in the list. `fault` = why it cannot be used; empty = it can."""

    name: str
    title: str
    source: str
    used: int
    """How many rules it uses."""
    here: bool
    """Whether it is in force in this workspace."""
    own: bool
    """Whether its file lies in the workspace."""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine:
    """What a profile makes of one code; `values` stand at the first code of a rule; `differs` = from the national profile."""

    code: str
    title: str
    effect: str
    values: str
    sentence: str
    must: bool
    """Whether it must be known."""
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """What templates/console/profile.html shows; where `faults` stand, the rest may be empty."""

    name: str
    title: str
    source: str
    here: bool
    chain: tuple[str, ...]
    """The files that it is made of, itself first, each with what it says it rests on."""
    faults: tuple[FaultLine, ...]
    words: tuple[tuple[str, str], ...]
    """What a conclusion is called."""
    settings: tuple[tuple[str, str], ...]
    """What holds for all of its rules."""
    codes: tuple[CodeLine, ...]


def profile_lines(ws: Workspace) -> Iterator[ProfileLine]:
    """All profiles, the one in force first."""
    every = names(folders(ws))
    for name in sorted(dict.fromkeys((ws.settings.profile, *every)), key=lambda one: one != ws.settings.profile):
        profile, fault = tried(ws, name)
        yield ProfileLine(
            name=name,
            title=profile.title if profile else name,
            source=profile.source if profile else "",
            used=len(profile.rules) if profile else 0,
            here=name == ws.settings.profile,
            own=(folders(ws)[0] / f"{name}.toml").is_file(),
            fault=fault,
        )


def profile_page(ws: Workspace, name: str) -> ProfilePage | None:
    """A profile with what differs from the national one; None for one that is not there."""
    if name not in names(folders(ws)):
        return None
    profile, fault = tried(ws, name)
    base, _ = tried(ws, NATIONAL) if name != NATIONAL else (None, "")
    own = folders(ws)[0] / f"{name}.toml"
    wrong = tuple(faults_of(ws, own)) if own.is_file() else ()
    return ProfilePage(
        name=name,
        title=profile.title if profile else name,
        source=profile.source if profile else "",
        here=name == ws.settings.profile,
        chain=tuple(_chain(ws, name)),
        faults=wrong or ((FaultLine(file="", line=0, text=fault),) if fault else ()),
        words=_words(profile) if profile else (),
        settings=tuple(_settings(profile)) if profile else (),
        codes=tuple(_codes(profile, base)) if profile else (),
    )


def _words(profile: Profile) -> tuple[tuple[str, str], ...]:
    titles = {
        Conclusion.FAILED: "不合格",
        Conclusion.TO_REVIEW: "有问题待人复核",
        Conclusion.UNCHECKED: "没有查清",
        Conclusion.PASSED: "没有问题",
    }
    told = [(titles[one], profile.word(one, "(直接写问题)" if one is Conclusion.FAILED else "")) for one in titles]
    return (*told, *((("只有列明、提醒的问题", profile.noted),) if profile.noted else ()))


def _settings(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "必须查清的规则", "、".join(profile.must_know) or "没有"
    if profile.lifecycle:
        counts = "计入合格率的总数" if profile.lifecycle_counts else "不计入合格率的总数"
        yield "不另作判定的台账状态", f"{'、'.join(profile.lifecycle)};{counts}"
    yield "停更报备", _ABSENCE[profile.absence]
    yield "否决问题进入最终名单要几人复核", f"{profile.confirm}人(tracker.toml 另有规定的,以它为准)"
    if profile.warnings:
        yield "第一次只提醒的问题", "、".join(profile.warnings)
    off, worked = len(profile.calendar.off), len(profile.calendar.worked)
    yield "节假日", f"收录放假{off}天、调休上班{worked}天"


def _codes(profile: Profile, base: Profile | None) -> Iterator[CodeLine]:
    for rule in profile.rules:
        for place, code in enumerate(rule.codes):
            yield CodeLine(
                code=code,
                title=rule.title,
                effect=effect(profile, code),
                values="" if place else values(profile, code),
                sentence=sentence(profile, code) or rule.title,
                must=code in profile.must_know,
                differs=tuple(_differs(profile, base, code)) if base else (),
            )
    for rule in base.rules if base else ():
        if base and ready(profile, rule.code) is None:
            told = f"效果:{EFFECT[base.effect(rule.code)]} → {UNUSED}"
            more = {"title": rule.title, "effect": UNUSED, "values": "", "sentence": ""}
            yield CodeLine(code=rule.code, **more, must=False, differs=(told,))


def _differs(profile: Profile, base: Profile, code: str) -> Iterator[str]:
    """In which ways a code is handled otherwise than in the national profile."""
    was, now = effect(base, code), effect(profile, code)
    if was != now:
        yield f"效果:{was} → {now}"
    book, old, new = book_of(code), ready(base, code), ready(profile, code)
    for name in thresholds(book) if book and old and new else ():
        before, after = in_words(getattr(old, name)), in_words(getattr(new, name))
        if before != after:
            yield f"{PARAMETERS[name]}:{before} → {after}"
    if old and new and sentence(base, code) != sentence(profile, code):
        yield f"用语:{sentence(base, code) or '没有规定'} → {sentence(profile, code) or '没有规定'}"


def _chain(ws: Workspace, name: str) -> Iterator[str]:
    """The files that a profile is made of; one that cannot be read ends the chain, its mistake is told elsewhere."""
    seen = set[Path]()
    while path := next((one for place in (*folders(ws), SHIPPED) if (one := place / f"{name}.toml").is_file()), None):
        if path in seen:
            return
        seen.add(path)
        try:
            source = read(path)
        except (Unreadable, OSError):
            return
        where = "程序自带" if path.parent == SHIPPED else "本地 profiles 文件夹"
        yield f"{path.name}({where}):{source.told.get('source', '没有写出处')}"
        name = source.base
