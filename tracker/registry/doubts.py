"""What is imported all the same but should be looked at, and rows that exclude each other (domain/registry.md §3.8, §3.9, §5)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from tracker.model import Sheet
from tracker.registry.cells import opening_of, text_of
from tracker.registry.lines import Line
from tracker.registry.platforms import Filed
from tracker.registry.problems import Problem
from tracker.registry.rows import AccountRow
from tracker.registry.tables import columns
from tracker.text import key


def doubts(line: Line, row: AccountRow, told: Filed) -> list[str]:
    """What is imported all the same but should be looked at (§3.9, §4)."""
    found = []
    if told.split:
        found.append(f"“{row.name}”的类型是“{told.word}”,按{told.seven}一个账号导入,请拆成两行")
    if row.url and not row.url.startswith(("http://", "https://")):
        found.append(f"“{row.name}”的链接“{row.url}”没有 http:// 或 https:// 开头,已原样保留,请核对")
    if row.site_code and not (len(row.site_code) == 10 and row.site_code.isdecimal()):
        found.append(f"“{row.name}”的网站标识码“{row.site_code}”不是 10 位数字,已原样保留,请核对")
    if row.org_type and row.org_type not in columns().org_types:
        found.append(f"“{row.name}”的主体类型“{row.org_type}”不在常用类型中,已原样保留,请核对")
    if row.opened_on and opening_of(line.raw("opened_on"))[1]:
        found.append(f"“{row.name}”的开设时间“{line.text('opened_on')}”没有日,按当月 1 日记")
    return [line.warning(doubt) for doubt in found]


def numbering(sheet: Sheet, lines: Sequence[Line]) -> list[str]:
    """Repeats and holes of 序号 (§3.8), once per sheet."""
    told = {line.row: text_of(line.raw("seq")) for line in lines}
    numbers = Counter(int(text) for text in told.values() if text.isdecimal())
    said = []
    if again := sorted(number for number, times in numbers.items() if times > 1):
        said.append(f"“{sheet.name}”的序号有重复:{_some(again)}。")
    if numbers and max(numbers) <= 10 * len(lines) and (holes := sorted(set(range(1, max(numbers) + 1)) - numbers.keys())):
        said.append(f"“{sheet.name}”的序号有缺号:{_some(holes)}。")
    return said


def _some(numbers: Sequence[int]) -> str:
    shown = "、".join(map(str, numbers[:10]))
    return f"{shown} 等 {len(numbers)} 个" if len(numbers) > 10 else shown


def unique(rows: Sequence[AccountRow]) -> tuple[tuple[AccountRow, ...], list[Problem]]:
    """Rows whose key (platform, name) stands once, and a problem for each of the others (§5)."""
    by_key: dict[tuple[str, str], list[AccountRow]] = defaultdict(list)
    for row in rows:
        by_key[row.platform, key(row.name)].append(row)
    problems = [_twin(row, same) for same in by_key.values() if len(same) > 1 for row in same]
    return tuple(row for row in rows if len(by_key[row.platform, key(row.name)]) == 1), problems


def _twin(row: AccountRow, same: Sequence[AccountRow]) -> Problem:
    others = "、".join(f"“{each.sheet}”第 {each.row} 行" for each in same if each is not row)
    return Problem(
        sheet=row.sheet,
        row=row.row,
        column=columns().titles["name"],
        value=row.name,
        expected=f"与{others}是同一平台的同名账号,都没有导入:请核对后只保留一行",
    )
