"""Printed lists of earlier periods (纸质通报): read once into a closed period, asked per account."""

from pydantic import TypeAdapter

from tracker import text
from tracker.errors import UsageError
from tracker.model import Period
from tracker.store.codec import dumps, scrub
from tracker.store.part import instant, stamp
from tracker.store.periods import Periods
from tracker.store.records import Paper, PaperFinding, PaperLine
from tracker.store.registry_tables import PaperRow
from tracker.store.tables import digest

_LINES = TypeAdapter(tuple[PaperLine, ...])


class Papers(Periods):
    """What printed lists said."""

    def add_paper(self, paper: Paper, period: Period, *, again: bool = False) -> None:
        """Enter a printed list and the closed period that it makes, both or neither.

        Raises UsageError when the period is one of our own checks, or holds a printed list already and not `again`; the
        earlier list is kept, the last one counts.
        """
        with self.transaction():
            known = self._row(period.name)
            if known is not None and not known.source:
                raise UsageError(f"检查期 {period.name} 是本程序里的检查期,不能再导入纸质通报;请换一个检查期名称。")
            if known is not None and not again:
                raise UsageError(f"检查期 {period.name} 已经导入过({known.source});要用新文件代替请加 --again,原来的会保留。")
            self._enter(period)
            self._rows.paper.insert(
                period=scrub(paper.period),
                file=scrub(paper.file),
                sha256=paper.sha256,
                at=stamp(paper.at),
                who=scrub(paper.who),
                lines=dumps(_LINES.dump_python(paper.lines, mode="json")),
            ).execute()

    def papers(self, period: str) -> tuple[Paper, ...]:
        """Every list that was read for a period, in the order of reading; the last one counts."""
        row = self._rows.paper
        with self._reading():
            return tuple(_paper(found) for found in row.select().where(row.period == scrub(period)).order_by(row.id))

    def paper(self, period: str) -> Paper | None:
        """The list that counts; None where the period has none."""
        return next(reversed(self.papers(period)), None)

    def paper_lines(self, period: str, account_id: str) -> tuple[PaperLine, ...]:
        """What the printed list says of an account: by our id, else by platform and present name; empty = not listed."""
        paper = self.paper(period)
        with self._reading():
            found = self._rows.account.get_or_none(account_id=scrub(account_id))
        lines = paper.lines if paper else ()
        own = tuple(line for line in lines if line.account_id == account_id)
        if own or found is None:
            return own
        return tuple(line for line in lines if not line.account_id and _whom(line) == (found.platform, found.name_key))

    def paper_findings(self, period: str, account_id: str) -> tuple[PaperFinding, ...]:
        """The findings that a printed list holds against an account; empty = none, or not listed (see `paper_lines`)."""
        return tuple(found for line in self.paper_lines(period, account_id) for found in line.findings)


def _whom(line: PaperLine) -> tuple[str, str]:
    return line.platform, digest(text.key(line.name))


def _paper(row: PaperRow) -> Paper:
    lines = _LINES.validate_json(row.lines)
    return Paper(period=row.period, file=row.file, sha256=row.sha256, at=instant(row.at), who=row.who, lines=lines)
