"""征求意见情况: every finding that was asked about, what was said, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from tracker.consult import sheet
from tracker.errors import UsageError, reason
from tracker.gates import latest
from tracker.model import Account, Finding
from tracker.reports import consult_table as table
from tracker.reports.excel import write_xlsx
from tracker.reports.form import AnyTable
from tracker.reports.templates import find_template, write_docx
from tracker.reports.wording import CELL_MOST, file_name, plain
from tracker.store import Judgement, Objection, SweepHead
from tracker.workspace import Workspace

NO_REPLY, WAITING, LATE = "未反馈", "待答复", "(逾期)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One finding that a unit was asked about or objected to; `said` None = no reply.

    `finding` is as last judged, None where it fell.
    """

    organisation: str
    account: Account | None
    account_id: str
    code: str
    finding: Finding | None
    said: Objection | None

    @property
    def opinion(self) -> str:
        """无异议, 有异议 or 未反馈, and that it came late."""
        if self.said is None:
            return NO_REPLY
        return f"{sheet.OBJECTS if self.said.objects else sheet.AGREES}{LATE if self.said.late else ''}"

    @property
    def outcome(self) -> str:
        """采纳, 部分采纳, 不采纳; 待答复; empty where there is nothing to answer."""
        if self.said is None or not self.said.objects:
            return ""
        return str(self.said.ruling.outcome) if self.said.ruling else WAITING


def opinions(ws: Workspace, sweep: SweepHead, judgement: Judgement) -> tuple[Opinion, ...]:
    """By unit as asked the last time a finding was asked about, in the order of asking; then what was said of a print alone."""
    verdicts = {one.account.account_id: one for one in judgement.verdicts}
    said = latest(ws.store.objections(sweep.name))
    asked = {pair: one.organisation for sent in ws.store.consultations(sweep.name) for one in sent.asked for pair in one.findings}
    unasked = {pair: one.who for pair, one in said.items() if pair not in asked}
    found = []
    for (own, code), organisation in (*asked.items(), *unasked.items()):
        verdict = verdicts.get(own)
        finding = next((one for one in verdict.findings if one.code == code), None) if verdict else None
        account = verdict.account if verdict else None
        found.append(
            Opinion(
                organisation=organisation,
                account=account,
                account_id=own,
                code=code,
                finding=finding,
                said=said.get((own, code)),
            )
        )
    return tuple(found)


def context(period: str, start: date, end: date, told: Sequence[Opinion]) -> table.OpinionsContext:
    """The table of a period."""
    rows = [_row(seq, one) for seq, one in enumerate(told, 1)]
    return table.build(title=f"{period}政务新媒体检查征求意见情况", start=start, end=end, rows=rows)


def _row(seq: int, one: Opinion) -> table.OpinionRow:
    said, ruling = one.said, one.said.ruling if one.said else None
    files = ";".join(each.name for each in said.attachments) if said else ""
    why = ";".join(filter(None, (said.words, said.why, f"附 {files}" if files else ""))) if said else ""
    changed = f"改为“{ruling.words}”。" if ruling and ruling.words else ""
    return table.OpinionRow(
        seq=seq,
        organisation=plain(one.organisation),
        name=plain(one.account.name if one.account else one.account_id),
        problem=plain(one.finding.message if one.finding else one.code, CELL_MOST),
        opinion=one.opinion,
        why=plain(why, CELL_MOST),
        outcome=one.outcome,
        answer=plain(f"{changed}{ruling.why}" if ruling else "", CELL_MOST),
    )


def write_overview(told: table.OpinionsContext, to: Path, templates: Path | None = None) -> tuple[Path, ...]:
    """Write it as .docx and .xlsx; () = nobody was asked. Raises UsageError when a file cannot be written or is open."""
    if not told.rows:
        return ()
    word, excel = (to / f"{file_name(told.title)}.{suffix}" for suffix in ("docx", "xlsx"))
    partials = {path: path.with_name(f"{path.name}.partial") for path in (word, excel)}
    try:
        to.mkdir(parents=True, exist_ok=True)
        write_docx(told, find_template("consult-table.docx", templates), partials[word])
        write_xlsx(cast(AnyTable, told), partials[excel])
        for path, partial in partials.items():
            partial.replace(path)
    except OSError as error:
        raise UsageError(f"写不进 {to}({reason(error)}):文件可能正在 Word、WPS 或 Excel 中打开,请关闭后重试。") from error
    finally:
        for partial in partials.values():
            partial.unlink(missing_ok=True)
    return word, excel
