"""Makes examples/registry.xlsx: an invented registry as offices keep it. Run `python -m tests.registry.make_example`."""

from pathlib import Path

from tracker.files import write_xlsx
from tracker.model import Sheet

TARGET = Path(__file__).parents[2] / "examples" / "registry.xlsx"

_TITLE = "示例市政务新媒体台账(虚构,仅供试用)"
_HEAD = (
    "序号",
    "新媒体类型(七选一)",
    "其他(新媒体类型)",
    "新媒体名称",
    "主办单位",
    "主体类型",
    "县区/市直",
    "开设时间",
    "状态",
    "网址",
)
_ROWS = (
    ("1", "微信", None, "示例市发布", "示例市人民政府办公室", "地方政府", "市直", "2016-05-03", "正常", None),
    ("2", "微博", None, "示例市发布", None, None, None, "2014-09-01", "正常", "https://weibo.com/u/1000000001"),
    ("3", "今日头条", None, "示例市发布", None, None, None, "2018-03-12", "正常", None),
    ("4", "微信", None, "示例市市场监管", "示例市市场监督管理局", "市级部门", "市直", "2017-07-20", "正常", None),
    ("5", "抖音", None, "示例市文旅", "示例市文化和旅游局", "市级部门", "市直", "2020-01-08", "新增备案", None),
    ("6", "其他", "快手", "示例县融媒", "示例县人民政府办公室", "地方政府", "示例县", "2021-11-30", "正常", None),
    ("7", "微博", None, "示例县交警", "示例县公安局", "县级部门", "示例县", "2013-04-16", "拟关停注销", None),
)
_MERGED = ((0, 0, 0, 9), *((2, column, 4, column) for column in (4, 5, 6)))
"""The title, and 主办单位, 主体类型 and 县区 of the first unit over its three accounts."""


def example() -> Sheet:
    return Sheet(name="台账", cells=[[_TITLE], list(_HEAD), *map(list, _ROWS)], merged=_MERGED)


if __name__ == "__main__":
    write_xlsx(TARGET, [example()])
