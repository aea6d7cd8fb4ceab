"""The bulletin (通报): prose from judged accounts, and its annexes (domain/bulletin.md §1, §2, §4).

The words are a text template (bulletin.txt), the look is bulletin.docx and bulletin.html; an office may put its own in place of
each. Prose and annexes are made of the same verdicts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tracker.reports import unseen
from tracker.reports.form import AnyTable, Column, Form, cells, spans
from tracker.reports.letter import (
    BLANK,
    BLANK_DATE,
    BLANK_NUMBER,
    LETTER_FORMATS,
    Office,
    Paragraph,
    broken,
    check_days,
    check_number,
    date_words,
    fill,
    paragraphs,
    window_words,
)
from tracker.reports.prose import Prose, kind_words, measure
from tracker.reports.wording import CELL_MOST, TITLE_MOST, plain
from tracker.statistics import Comparison, Recheck, Share, Statistics

FORM = Form(name="bulletin", words="检查情况的通报", formats=LETTER_FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of an annex in HTML; a merged one goes over `span` rows, 0 = the cell above covers it."""

    text: str | int
    span: int
    centred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """One annex: a form that is a table, with the label that the 附件说明 gives it."""

    table: AnyTable

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its printed columns."""
        return self.table.columns

    @property
    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Its rows, cell by cell."""
        for row in self.table.rows:
            values = zip(self.columns, cells(self.columns, row), spans(self.columns, row), strict=True)
            yield tuple(Cell(text=text, span=span, centred=column.centred) for column, text, span in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One printed rate with both its numbers."""

    name: str
    text: str
    part: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinContext:
    """All that bulletin.docx and bulletin.html get."""

    form: str
    title: str
    """On one line; names the files."""
    title_lines: tuple[str, ...]
    """As broken on paper."""
    start: date
    end: date
    """The window, last day included."""
    draft: bool
    issuer: str
    """发文机关, in the red head."""
    number: str
    """发文字号."""
    recipients: str
    """主送机关, without the colon."""
    paragraphs: tuple[Paragraph, ...]
    """From the opening sentence to the closing one."""
    attachments: tuple[str, ...]
    """附件说明, one line per annex: 附件：1.名称; () without annexes."""
    signature: str
    issued: str
    """成文日期 in words."""
    public_note: str
    """附注 without brackets; empty = none."""
    annexes: tuple[Annex, ...]
    figures: tuple[Figure, ...]
    """Every rate of the prose with its numerator and denominator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a bulletin tells of: one check, counted."""

    period: str
    """As printed: 2026年第四季度."""
    scope: str
    """全市政府系统."""
    start: date
    end: date
    as_of: date
    """The day on which the registry was frozen."""
    figures: Statistics
    coverage: str
    """The sentence on what was checked, with 检查率 and a full stop."""
    draft: bool
    comparison: Comparison | None = None
    recheck: Recheck | None = None
    chosen: bool = False
    """Some account has more findings than the one that the annex prints."""
    passed: str = "合格"
    """The profile's word for who passes: any other is explained."""


def build(check: Check, office: Office, annexes: Sequence[AnyTable], templates: Path | None = None) -> BulletinContext:
    """The bulletin of a check; annexes without rows are left out, the others get their labels here. `templates`: an office's own.

    Raises UsageError for an impossible 发文字号, issue day or deadline, and for a text template that cannot be used.
    """
    check_number(office.number)
    check_days(office, check.end)
    listed = labelled(annexes)
    issuer = plain(office.issuer) or BLANK
    pieces = (issuer, "关于", plain(check.period), plain(check.scope), "政务新媒体", "检查情况的通报")
    return BulletinContext(
        form=FORM.name,
        title=plain("".join(pieces), TITLE_MOST),
        title_lines=broken(pieces),
        start=check.start,
        end=check.end,
        draft=check.draft,
        issuer=issuer,
        number=plain(office.number) or BLANK_NUMBER,
        recipients=plain(office.recipients, CELL_MOST).rstrip(":：") or BLANK,
        paragraphs=paragraphs(fill("bulletin.txt", _prose(check, office, listed), templates)),
        attachments=attachments(listed),
        signature=plain(office.signature) or issuer,
        issued=date_words(office.issued) if office.issued else BLANK_DATE,
        public_note=plain(office.public_note).strip("()（）"),
        annexes=tuple(Annex(table=one) for one in listed),
        figures=_figures(check.figures, check.recheck),
    )


def _prose(check: Check, office: Office, listed: Sequence[AnyTable]) -> Prose:
    figures, issuer = check.figures, plain(office.issuer) or BLANK
    return Prose(
        basis=plain(office.basis, CELL_MOST) or BLANK,
        organiser=plain(office.organiser) or issuer,
        period=plain(check.period),
        scope=plain(check.scope),
        window=window_words(check.start, check.end),
        as_of=date_words(check.as_of),
        coverage=check.coverage,
        figures=figures,
        comparison=check.comparison,
        recheck=check.recheck,
        rectified_rate=_text(check.recheck.rate(figures.places)) if check.recheck else "",
        kinds=tuple(map(kind_words, figures.kinds)),
        third=tuple(plain(one.name) for one in figures.words if one.name != check.passed),
        several=figures.several,
        chosen=check.chosen,
        annexes=tuple(one.label for one in listed if one.form != unseen.FORM.name),
        unseen_annex=next((one.label for one in listed if one.form == unseen.FORM.name), ""),
        left_out=listed[0].left_out if listed else 0,
        measures=tuple(measure(plain(one, CELL_MOST)) for one in office.measures),
        deadline=date_words(office.deadline) if office.deadline else BLANK_DATE,
        report_to=plain(office.report_to) or issuer,
        contact=plain(office.contact) or BLANK,
    )


def labelled(annexes: Sequence[AnyTable]) -> tuple[AnyTable, ...]:
    """The annexes that have rows: one alone is 附件, several are 附件1, 附件2 (bulletin.md §4)."""
    full = [one for one in annexes if one.rows]
    return tuple(replace(one, label=f"附件{at}" if len(full) > 1 else "附件") for at, one in enumerate(full, 1))


def attachments(annexes: Sequence[AnyTable]) -> tuple[str, ...]:
    """附件说明 with the titles word for word; later items stand under the first."""
    if len(annexes) == 1:
        return (f"附件：{annexes[0].title}",)
    return tuple(f"{'附件：' if at == 1 else '　　　'}{at}.{one.title}" for at, one in enumerate(annexes, 1))


def _text(share: Share | None) -> str:
    return share.text if share else ""


def _figures(figures: Statistics, recheck: Recheck | None) -> tuple[Figure, ...]:
    told: list[tuple[str, Share | None]] = [
        ("检查率", figures.check_rate),
        ("合格率", figures.pass_rate),
        ("不合格率", figures.fail_rate),
        *((f"{kind.title}占不合格总数", kind.share) for kind in figures.kinds),
        ("整改率", recheck.rate(figures.places) if recheck else None),
    ]
    return tuple(Figure(name=plain(name), text=one.text, part=one.part, whole=one.whole) for name, one in told if one)
