"""Makes the Word template of the letter of authorisation: `python -m tools.authorisation_template`."""

from pathlib import Path

from tools.letter_templates import (
    BODY,
    add_prose,
    add_reply_head,
    add_table,
    add_title,
    at_right,
    blank,
    heading,
    line,
    save,
    start,
)
from tools.report_templates import TARGET


def make(to: Path) -> None:
    """The letter, and on a page of its own what it covers."""
    document = start()
    add_title(document)
    line(document, ("{{ office }}：", BODY), indent=0)
    add_prose(document)
    blank(document, 2)
    for text, right in (("{{ organisation }}（盖章）", 2), ("年　　月　　日", 4)):
        at_right(document, text, right)
    add_reply_head(document, "附表")
    heading(document, "一、授权的账号")
    head = ("序号", "新媒体类型", "新媒体名称", "微信号、UID等")
    row = ("{{ one.seq }}", "{{ one.kind }}", "{{ one.name }}", "{{ one.number }}")
    add_table(document, (12, 34, 60, 50), (head, ("{%tr for one in accounts %}",), row, ("{%tr endfor %}",)), head=True)
    heading(document, "二、使用的读取接口")
    call = ("{{ one.address }}", "{{ one.use }}")
    loop = (("{%tr for one in calls %}",), call, ("{%tr endfor %}",))
    add_table(document, (78, 78), (("接口地址", "用来做什么"), *loop), head=True)
    save(document, to)


if __name__ == "__main__":
    make(TARGET / "authorisation.docx")
