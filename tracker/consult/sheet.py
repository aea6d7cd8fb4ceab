"""The reply sheet (反馈表): what goes out is what is read back."""

from collections.abc import Sequence
from pathlib import Path

from tracker.files import write_xlsx
from tracker.model import Account, Finding, Sheet
from tracker.reports.wording import CELL_MOST, plain

NAME = "反馈表"
HEADER = ("账号", "问题", "意见", "理由", "证明材料", "批次", "编号", "代码")
"""The last three say what the row is about and must come back as they are."""
AGREES, OBJECTS = "无异议", "有异议"


def batch(sweep: str, number: int) -> str:
    """What a sheet says of itself: which sweep, which sending (from 1)."""
    return f"{sweep} 第{number}次征求意见"


def write(path: Path, found: Sequence[tuple[Account, Finding]], told: str) -> None:
    """Write the sheet of one unit; `told` is the batch. Raises UsageError when it cannot be written."""
    rows = [
        (
            f"{plain(account.name)}({plain(account.kind)})",
            plain(finding.message, CELL_MOST),
            "",
            "",
            "",
            told,
            account.account_id,
            finding.code,
        )
        for account, finding in found
    ]
    choices = {NAME: {HEADER.index("意见"): (AGREES, OBJECTS)}}
    write_xlsx(path, [Sheet(name=NAME, cells=(HEADER, *rows))], choices=choices)
