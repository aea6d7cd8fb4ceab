"""What the generated pages share."""

from collections.abc import Iterable, Sequence

NOTICE = "> 本页由 `make docs` 从程序里生成,请不要手工修改;改了规则或平台以后重新生成,测试会核对。"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar in a cell is escaped, an empty cell stays empty."""
    lines = [_line(head), _line(["---"] * len(head)), *map(_line, rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
