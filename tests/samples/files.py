"""The files of the sample city as an office would hand them in; the same bytes on every run."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from tests.platforms.world import WorldAccount, article_url
from tests.samples import posting, roles
from tests.samples.city import accounts, linked

REGISTRY = ("序号", "新媒体类型", "新媒体名称", "主体类型", "主办单位", "县区/市直", "账号ID", "链接", "备注")
SHEET = (
    "新媒体类型,新媒体名称,主体类型,主办单位,县区,检查日期,最后更新日期,链接,发布日期,"
    "互动,栏目,底部,点赞,简介,发现问题,上期问题,检查人,截图,备注"
)
"""Columns of the observation sheet, DESIGN §8."""
WHY = {
    "CNT-02": "点赞内容为商业推广和个人生活，与本单位业务无关",
    "CNT-03": "页面底部确有商品推广",
    "INT-01": "菜单、留言均无互动渠道",
    "UPD-01": "打开账号看过，确实没有新内容",
}
CHECKER = "示例检查员"


def registry(path: Path) -> None:
    """The registry of filed accounts, title line above the header, the city's own first."""
    rows = [_registry_row(n, account) for n, account in enumerate(accounts(), 1)]
    _workbook(path, "台账", REGISTRY, rows, title="示例市政府系统政务新媒体台账（虚构）")


def _registry_row(number: int, account: WorldAccount) -> list[object]:
    filed, url = _filed(account)
    place = [account.org_type, account.organisation, account.region]
    return [number, account.kind, account.name, *place, filed, url, ""]


def _filed(account: WorldAccount) -> tuple[str, str]:
    """账号ID and 链接 as the unit filed them."""
    told = account.ids
    if account.platform == "weixin":
        kind = "alias" if account.name in roles.BY_ALIAS else "user_name"
        return ("" if account.name in roles.WITHOUT_ID else told[kind]), ""
    if account.platform == "weibo":
        domain = told.get("domain")
        return ("", f"https://weibo.com/{domain}") if domain else (told["uid"], f"https://weibo.com/u/{told['uid']}")
    if account.platform == "toutiao":
        return told["user_id"], f"https://www.toutiao.com/c/user/token/{told['token']}/"
    return told["unique_id"], f"https://www.douyin.com/user/{told['sec_uid']}"


def links(path: Path) -> None:
    """A chat in which the units pasted their article links, with all that stands in a chat besides."""
    draw = posting.rng("links")
    lines = ["【示例市政务公开工作群】11月6日", "市政务公开办：请各单位把最新一篇推送的链接发到群里，谢谢！", ""]
    for account in accounts():
        urls = [article_url(account, post) for post in linked(account)]
        if urls:
            lines += _said(account, urls, draw.randrange(5), f"11:{draw.randint(0, 59):02}")
    lines += ["", "市政务公开办：网站链接 https://www.shili.example/zwgk 不用发，只要公众号的。收到，谢谢大家！"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _said(account: WorldAccount, urls: list[str], style: int, clock: str) -> list[str]:
    first, rest = urls[0], urls[1:]
    who = f"{account.organisation} {clock}"
    said = [
        [who, first],
        [f"{who}：{account.name}的最新推送：{first}。"],
        [f"{who}：报送链接（{first}），请查收！"],
        [f"{who}：“{linked(account)[0].title}”{first}"],
        [f"{who}：{first} 刚才没发出去，再发一次", first],
    ][style]
    return said + [f"{who}：还有上一篇 {url}" for url in rest]


def sheet(path: Path) -> None:
    """The clerk's observation sheet for the weixin accounts without an owner's grant."""
    rows = [_sheet_row(account) for account in accounts() if account.platform == "weixin" and not account.grant]
    _workbook(path, "检查表", tuple(SHEET.split(",")), rows)


def _sheet_row(account: WorldAccount) -> list[object]:
    silent, commercial = account.key in roles.SILENT_BY_CLERK, account.key in roles.FOOTERS
    told: dict[str, object] = {"新媒体类型": account.kind, "新媒体名称": account.name, "主体类型": account.org_type}
    told |= {"主办单位": account.organisation, "县区": account.region, "检查日期": roles.TODAY}
    told |= {"最后更新日期": roles.SHEET_DATES.get(account.name, ""), "互动": "有问题" if silent else "无问题"}
    told |= {"栏目": "无问题", "底部": "未看" if commercial else "无问题", "点赞": "未看", "简介": "无问题"}
    told |= {"发现问题": "" if silent or commercial else "无", "检查人": CHECKER}
    return [told.get(column, "") for column in SHEET.split(",")]


def decisions(path: Path) -> None:
    """What a person said of the candidates that machines raised."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("账号", "问题代码", "结论", "复核人", "理由"))
    for account in accounts():
        told = roles.expected_of(account.key)
        if told.confirmed_by == "decision":
            writer.writerow((account.key, told.code, "confirm", "示例复核员", WHY[told.code]))
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def _workbook(path: Path, name: str, header: tuple[str, ...], rows: list[list[object]], title: str = "") -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": title or name, "created": datetime(2026, 11, 6, 8)})  # noqa: DTZ001 - xlsx knows no zone
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page = book.add_worksheet(name)
        page.set_column(0, len(header) - 1, 16)
        top = 0
        if title:
            page.merge_range(0, 0, 0, len(header) - 1, title, bold)
            top = 1
        page.write_row(top, 0, header, bold)
        for n, row in enumerate(rows, top + 1):
            for column, value in enumerate(row):
                _write(page, n, column, value, day)


def _write(page: object, row: int, column: int, value: object, day: object) -> None:
    assert isinstance(page, xlsxwriter.worksheet.Worksheet)
    if isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, datetime.min.time()), day)
    elif isinstance(value, int):
        page.write_number(row, column, value)
    elif value:
        page.write_string(row, column, str(value))
