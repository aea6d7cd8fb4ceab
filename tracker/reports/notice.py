"""整改通知单: what one organisation is told of its failing accounts, and the sheet that it sends back (bulletin.md §1.8)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tracker.model import Effect, Finding
from tracker.reports.form import Form
from tracker.reports.letter import (
    BLANK,
    BLANK_DATE,
    LETTER_FORMATS,
    Office,
    Paragraph,
    broken,
    check_days,
    date_words,
    fill,
    paragraphs,
    window_words,
)
from tracker.reports.lines import Line, failing, finding_text, ordered, printable
from tracker.reports.wording import CELL_MOST, TITLE_MOST, plain
from tracker.text import key

FORM = Form(name="notice", words="整改通知单", nothing="没有不合格账号,不印整改通知单", formats=LETTER_FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One finding of one account. Every text is one line without control characters."""

    seq: int
    """1..n over the findings of the notice."""
    kind: str
    """新媒体类型 as filed."""
    name: str
    """新媒体名称."""
    problem: str
    """The finding as the list prints it; in a draft with 未复核 where it waits for a person."""
    basis: str
    """Document and clause."""
    because: str
    """Dates and sums that led here."""
    enough: str
    """What would have made it pass; empty where the rule cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that notice.txt gets."""

    organisation: str
    period: str
    scope: str
    window: str
    basis: str
    accounts: int
    findings: int
    deadline: str
    report_to: str
    contact: str
    objection_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContext:
    """All that notice.docx and notice.html get."""

    form: str
    title: str
    """With the organisation; names the files."""
    title_lines: tuple[str, ...]
    start: date
    end: date
    draft: bool
    organisation: str
    """To whom it goes."""
    paragraphs: tuple[Paragraph, ...]
    rows: tuple[NoticeRow, ...]
    deadline: str
    report_to: str
    signature: str
    issued: str


def build(
    *,
    office: Office,
    period: str,
    scope: str,
    start: date,
    end: date,
    lines: Sequence[Line],
    draft: bool,
    templates: Path | None = None,
) -> tuple[NoticeContext, ...]:
    """One notice per organisation that has failing accounts, in the order of the list; a final one holds settled findings only.

    An account whose organisation is not filed gets its own. Raises UsageError for an impossible deadline or a template that
    cannot be used.
    """
    check_days(office, end)
    units: dict[tuple[str, str], list[Line]] = {}
    for line in failing(ordered(lines), draft=draft):
        units.setdefault((key(line.account.region), key(_organisation(line))), []).append(line)
    often = Counter(organisation for _, organisation in units)
    blank = Notice(
        organisation="",
        period=plain(period),
        scope=plain(scope),
        window=window_words(start, end),
        basis=plain(office.basis, CELL_MOST) or BLANK,
        accounts=0,
        findings=0,
        deadline=date_words(office.deadline) if office.deadline else BLANK_DATE,
        report_to=plain(office.report_to or office.issuer) or BLANK,
        contact=plain(office.contact) or BLANK,
        objection_days=office.objection_days,
    )
    made = []
    for (_, name), held in units.items():
        # two counties may each have a 教育局: then the county stands before it, in the letter and in the file's name
        whom = plain(f"{held[0].account.region if often[name] > 1 else ''}{_organisation(held[0])}")
        rows = _rows(held, draft=draft)
        words = replace(blank, organisation=whom, accounts=len(held), findings=len(rows))
        made.append(_notice(words, rows, office, start, end, draft, templates))
    return tuple(made)


def _organisation(line: Line) -> str:
    return line.account.organisation or line.account.name


def _notice(
    words: Notice, rows: tuple[NoticeRow, ...], office: Office, start: date, end: date, draft: bool, templates: Path | None
) -> NoticeContext:
    pieces = (words.organisation, words.period, "政务新媒体", "整改通知单")
    return NoticeContext(
        form=FORM.name,
        title=plain("".join(pieces), TITLE_MOST),
        title_lines=broken(pieces[1:]),
        start=start,
        end=end,
        draft=draft,
        organisation=words.organisation,
        paragraphs=paragraphs(fill("notice.txt", words, templates)),
        rows=rows,
        deadline=words.deadline,
        report_to=words.report_to,
        signature=plain(office.signature or office.issuer) or BLANK,
        issued=date_words(office.issued) if office.issued else BLANK_DATE,
    )


def _rows(lines: Sequence[Line], *, draft: bool) -> tuple[NoticeRow, ...]:
    told = [(line, finding) for line in lines for finding in _vetoes(line, draft=draft)]
    return tuple(_row(seq, line, finding) for seq, (line, finding) in enumerate(told, 1))


def _vetoes(line: Line, *, draft: bool) -> list[Finding]:
    """What makes it fail, and what was found beside that; never what only a reminder is."""
    found = printable(line.verdict, draft=draft)
    if not any(one.effect is Effect.VETO for one in found):
        raise ValueError(f"account {line.account.account_id} is to be noticed without a finding that says why")
    return found


def _row(seq: int, line: Line, finding: Finding) -> NoticeRow:
    return NoticeRow(
        seq=seq,
        kind=plain(line.account.filed_kind or line.account.kind),
        name=plain(line.account.name),
        problem=finding_text(finding),
        basis=plain(finding.basis, CELL_MOST),
        because=plain(finding.arithmetic, CELL_MOST),
        enough=plain(finding.counterfactual, CELL_MOST),
    )
