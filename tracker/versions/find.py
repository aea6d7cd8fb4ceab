"""A print by its number word."""

import re
from collections.abc import Sequence

from tracker.errors import UsageError
from tracker.store import Print
from tracker.workspace import Workspace

_NUMBER = re.compile(r"第?(\d{1,6})稿?")


def find(ws: Workspace, series: Sequence[Print], told: str | None, place: int) -> Print:
    """The print of this number word (2, 第2稿, 印发稿, 更正1), else the one at `place` among the contents (-1 = the last), whole.

    Raises UsageError naming what there is.
    """
    firsts = [one for one in series if one.part == 1]
    if told is None:
        found = firsts[place] if len(firsts) >= -place else None
    else:
        number = _NUMBER.fullmatch(told.strip())
        word = f"第{int(number[1])}稿" if number else told.strip()
        found = next((one for one in firsts if one.label == word), None)
    if found is None:
        known = "、".join(one.label for one in firsts) or "还没有打印过"
        missing = f"没有“{told}”这一稿" if told else "还没有可比较的两稿"
        raise UsageError(f"{missing};现有:{known};再打印一稿后才能比较,或另选两稿(命令行:--from、--to)")
    return ws.store.print_of(found.token) or found
