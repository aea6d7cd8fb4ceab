"""Gates and versions as the page of reports shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.console.letters import printed_path
from tracker.gates import Gate
from tracker.store import Print
from tracker.workspace import Workspace

NEXT_STEPS: Mapping[str, tuple[str, str, str]] = {
    "candidates": ("逐条确认或驳回", "/review", "去复核"),
    "persons": ("请另一人在复核页确认", "/review", "去复核"),
    "objections": ("逐条答复单位的异议", "/consult#objections", "去答复"),
    "consult": ("先向单位征求意见", "/consult", "去征求意见"),
    "deadline": ("等截止日期过后再印发,或收齐反馈", "/consult", "看反馈情况"),
    "coverage": ("补查没有看清的账号,或写明为什么仍要印发", "/looks", "去补查"),
}
"""Slug of a gate → what to do on these pages, where, and the word of the link."""

WORDS: Mapping[str, str] = {
    "coverage": "查清的不到95%",
    "correction": "更正",
}
"""Slug of a gate that a reason opened → how the list of versions calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One thing that stands in the way; `address` empty = the page has no link for it."""

    sentence: str
    todo: str
    address: str
    link: str
    releasable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One printed file; `save` empty = it does not lie there any more as it was printed, `look` empty = no page."""

    name: str
    save: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One print as listed."""

    label: str
    final: bool
    at: str
    who: str
    profile: str
    reason: str
    released: str
    files: tuple[FileLine, ...]


def gate_lines(closed: Sequence[Gate]) -> tuple[GateLine, ...]:
    """The gates in the words of these pages."""
    return tuple(_line(one) for one in closed)


def _line(one: Gate) -> GateLine:
    todo, address, link = NEXT_STEPS.get(one.slug, (one.todo, "", ""))
    return GateLine(sentence=one.sentence, todo=todo, address=address, link=link, releasable=one.releasable)


def version_of(ws: Workspace, told: Print, back: str) -> Version:
    """One print; `back` = address of the page, to which the place of a preview is added."""
    return Version(
        label=told.label,
        final=told.kind == "final",
        at=f"{told.at:%Y-%m-%d %H:%M}",
        who=told.who,
        profile=told.profile,
        reason=told.reason,
        released="、".join(_released(slug) for slug in told.gates),
        files=tuple(_file(ws, told, place, back) for place in range(len(told.files))),
    )


def _released(slug: str) -> str:
    return WORDS.get(slug, "通报自查不一致" if slug.startswith("check-") else slug)


def _file(ws: Workspace, told: Print, place: int, back: str) -> FileLine:
    file, there = told.files[place], printed_path(ws, told, told.files[place]) is not None
    look = f"{back}&preview={told.token}/{place}" if there and file.name.endswith(".html") else ""
    return FileLine(name=file.name, save=f"/reports/files/{told.token}/{place}" if there else "", look=look)
