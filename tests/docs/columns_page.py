"""docs/columns.md: which headers and type words the reader of registries and sheets understands."""

from collections.abc import Iterator, Sequence

from tests.docs.table import NOTICE, table
from tracker.registry.intake import REQUIRED
from tracker.registry.tables import columns, header_key, kinds
from tracker.registry.worklist import looks_sheet


def page() -> str:
    """The whole page, ending in a line end."""
    parts = ["# 表头和用词", NOTICE, *_headers(), "## 类型怎么写", *_types(), "## 其他固定用词", *_words()]
    return "\n\n".join(parts) + "\n"


def _headers() -> Iterator[str]:
    yield "台账和人工检查表共用一套表头。空格、换行、全角半角、前后的星号都不影响。"
    every = columns()
    sheet = [str(title) for title in looks_sheet((), {})[0].cells[0]]
    rows = [
        (title, "、".join(_aliases(field)), "必填" if field in REQUIRED else "", "有" if title in sheet else "")
        for field, title in every.titles.items()
    ]
    yield table(("列", "也可以写成", "台账", "导出的检查表"), rows)
    yield f"一行写两个账号的宽表也认:表头里用{'、'.join(_written(sorted(every.wide)))}作列名,列里填账号名称。"
    yield f"表头里有这些字样的列是个人信息,不读入、不保存:{'、'.join(every.personal)}。"
    yield "不认得的列原样保留,导出时还在。"


def _aliases(field: str) -> list[str]:
    every = columns()
    return [word for word, named in every.fields.items() if named == field and word != header_key(every.titles[field])]


def _written(words: Sequence[str]) -> list[str]:
    return [f"“{word}”" for word in words]


def _types() -> Iterator[str]:
    yield "“新媒体类型”填下面任何一种写法;名单上印的是“七选一”那一列。表里没有的平台填“其他”,在“其他(新媒体类型)”列写明名称。"
    rows = ((kind.kind, "、".join(sorted(kind.words - {kind.kind})), kind.seven) for kind in kinds())
    yield table(("类型", "也可以写成", "七选一"), rows)


def _words() -> Iterator[str]:
    every = columns()
    rows = [
        ("状态", "、".join(every.statuses)),
        ("主体类型(别的也收,会提醒核对)", "、".join(every.org_types)),
        ("名称填这些表示没有账号", "、".join(sorted(every.no_name))),
        ("最后更新日期填这些表示从未发布", "、".join(sorted(every.never))),
        ("发现问题填这些表示看过、没有问题", "、".join(sorted(every.clean))),
        ("互动、栏目、底部、点赞、简介", "、".join((*every.answers, "未看"))),
    ]
    yield table(("哪里", "用词"), rows)
