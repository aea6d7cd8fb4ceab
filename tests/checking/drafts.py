"""Invented bulletins (虚构) in the manner of five offices, as data that tests may edit before they are written to Word."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import docx

from tracker.checking import Report, check


@dataclass
class Table:
    """An annex: mark, title, header, rows, notes. An empty cell in a `merged` column goes on with the cell above."""

    mark: str
    title: str
    header: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    merged: tuple[int, ...] = ()


@dataclass
class Draft:
    """A bulletin as paragraphs and annexes."""

    paragraphs: list[str]
    tables: list[Table]

    def but(self, old: str, new: str) -> "Draft":
        """A copy with these words of the prose (or of an annex's title and notes) changed; they must stand there once."""
        copy = deepcopy(self)
        texts = [copy.paragraphs, *(part for table in copy.tables for part in (table.notes, table.above))]
        hits = sum(text.count(old) for part in texts for text in part) + sum(table.title.count(old) for table in copy.tables)
        assert hits == 1, (old, hits)
        for part in texts:
            part[:] = [text.replace(old, new) for text in part]
        for table in copy.tables:
            table.title = table.title.replace(old, new)
        return copy

    def cell(self, table: int, row: int, column: int, new: str) -> "Draft":
        """A copy with one cell changed (row from 0, below the header)."""
        copy = deepcopy(self)
        assert copy.tables[table].rows[row][column] != new
        copy.tables[table].rows[row][column] = new
        return copy

    def without(self, table: int, row: int) -> "Draft":
        """A copy that lacks one row."""
        copy = deepcopy(self)
        del copy.tables[table].rows[row]
        return copy

    def with_title(self, table: int, title: str) -> "Draft":
        """A copy whose annex has another title than the 附件说明 says."""
        copy = deepcopy(self)
        copy.tables[table].title = title
        return copy

    def adding(self, at: int, text: str) -> "Draft":
        """A copy with one paragraph more, after the at-th."""
        copy = deepcopy(self)
        copy.paragraphs.insert(at, text)
        return copy

    def moved(self, one: int, other: int) -> "Draft":
        """A copy with two paragraphs (from 0) changed about."""
        copy = deepcopy(self)
        copy.paragraphs[one], copy.paragraphs[other] = copy.paragraphs[other], copy.paragraphs[one]
        return copy

    def save(self, path: Path) -> Path:
        document = docx.Document()
        for text in self.paragraphs:
            document.add_paragraph(text)
        for table in self.tables:
            write(document, table)
        document.save(str(path))
        return path

    def checked(self, folder: Path) -> Report:
        return check([self.save(folder / "通报.docx")])


def write(document: docx.document.Document, table: Table) -> None:
    if table.mark:
        document.add_page_break()
        document.add_paragraph(table.mark)
    document.add_paragraph(table.title)
    for text in table.above:
        document.add_paragraph(text)
    grid = document.add_table(len(table.rows) + 1, len(table.header))
    for cells, texts in zip(grid._tbl.tr_lst, [table.header, *table.rows], strict=True):
        for cell, text in zip(cells.tc_lst, texts, strict=True):
            if text:
                cell.p_lst[0].add_r().text = text
    for column in table.merged:
        merge(grid, column, [row[column] for row in table.rows])
    for text in table.notes:
        document.add_paragraph(text)


def merge(grid: docx.table.Table, column: int, texts: Sequence[str]) -> None:
    start = 1
    for row in range(2, len(texts) + 2):
        if row == len(texts) + 1 or texts[row - 1]:
            if row - 1 > start:
                grid.cell(start, column).merge(grid.cell(row - 1, column))
            start = row


def failing_list() -> Draft:
    """A 不合格名单 with one finding per row, in the manner of 宝鸡: 330 = 22 + 65 + 243, 18 of 100, 5 + 8 + 2 + 3."""
    stale, mute = "监测时间点前2周内未更新", "未提供有效互动功能"
    likes, footer = "点赞与本单位业务无关信息", "部分信息页面底部存在商业信息"
    findings = [stale] * 5 + [mute] * 8 + [likes] * 2 + [footer] * 3
    bureaus = "工信 农牧 旅游 退役 城建 水务 审计 粮食 气象 统计 林草 科技 体育 医保 司法 民政 信访 档案"
    units = [f"{each}局" for each in bureaus.split(" ")]
    rows = [
        [str(n), "微博" if n % 3 == 0 else "微信", "", f"青禾{unit[:2]}", f"青禾市{unit}", "不合格", finding, ""]
        for n, (unit, finding) in enumerate(zip(units, findings, strict=True), 1)
    ]
    header = [
        "序号",
        "新媒体类型(七选一)",
        "其他\n(新媒体类型)",
        "新媒体名称",
        "代表主体名称",
        "检查结果",
        "存在的突出问题",
        "备注",
    ]
    title = "2020年第四季度全市政府系统政务新媒体检查不合格名单"
    table = Table("附件", title, header, rows, above=["(监测时间:2020年10月26日至11月6日)"])
    return Draft(
        [
            "青禾市政务公开办公室关于2020年第四季度全市政府系统政务新媒体检查情况的通报",
            "各县区人民政府,市政府各工作部门:",
            "近期,市政务公开办公室组织力量对全市政府系统政务新媒体进行了检查,现将有关情况通报如下。(本文为虚构)",
            "一、总体情况",
            "截至目前,全市政府系统政务新媒体共330个,其中,市县级政府政务新媒体22个,市级部门及所属单位政务新媒体65个,乡镇、县级部门等政务新媒体243个。",
            "本次共检查了100个政务新媒体,检查率约为30.3%,发现存在突出问题的政务新媒体18个,合格率仅为82%(详见附件)。",
            "二、检查发现的主要问题",
            "(一)内容更新不及时。检查发现,有5个政务新媒体监测时间点前2周内未及时更新,占比27.78%。",
            "(二)未提供有效互动功能。检查发现,有8个政务新媒体存在未提供有效互动功能的情况,占比44.44%。",
            "(三)点赞与本单位业务无关的信息。检查发现,有2个政务新媒体点赞与本单位业务无关的信息,占比11.11%。",
            "(四)部分页面底部存在商业信息。检查发现,有3个政务新媒体信息页面底部存在商业信息,占比16.67%。",
            "(五)整改落实不到位。第三季度检查发现存在突出问题的政务新媒体22个。经复核,已整改8个,仍有14个政务新媒体未整改或整改不到位。",
            "三、下一步工作要求",
            "(一)压实责任。各单位要逐条对照,举一反三,确保整改到位。",
            "对本次检查存在问题的政务新媒体主管单位,请于2020年11月15日前将整改情况书面报市政务公开办公室(联系电话:0999-3200000)。",
            "附件:2020年第四季度全市政府系统政务新媒体检查不合格名单",
            "青禾市政务公开办公室",
            "2020年11月11日",
            "(此件公开发布)",
        ],
        [table],
    )


def two_columns() -> Draft:
    """Last and this period side by side and all accounts listed, in the manner of 商洛: 151 of 240, 10 listed here."""
    header = [
        "序号",
        "新媒体类型",
        "新媒体名称",
        "主体类型",
        "主办单位",
        "县区/市直",
        "第三季度检查存在突出问题",
        "第三季度整改情况",
        "第四季度检查存在的突出问题",
        "最后更新日期",
    ]
    told = [
        ["新浪微博", "云汉发改", "市级部门", "云汉市发展和改革委员会", "市直", "未及时更新", "已整改", "合格", "11.13"],
        ["微信订阅号", "云汉公安", "市级部门", "云汉市公安局", "市直", "新增备案", "", "合格", "11.12"],
        [
            "新浪微博",
            "云汉水利在线",
            "市级部门",
            "云汉市水利局",
            "市直",
            "内容不规范",
            "未整改到位",
            "内容不规范,未及时更新",
            "10.20",
        ],
        ["今日头条", "平川发布", "地方政府", "平川县人民政府办公室", "平川县", "未提供有效互动功能", "已整改", "合格", "11.13"],
        ["微信订阅号", "平川文旅", "县级部门", "平川县文化和旅游局", "平川县", "新增备案", "", "基本合格", "11.9"],
        [
            "新浪微博",
            "石桥镇人民政府",
            "乡镇政府",
            "平川县石桥镇人民政府",
            "平川县",
            "未及时更新",
            "未整改",
            "长时间未更新",
            "9.4",
        ],
        ["微信服务号", "古渡县教体", "县级部门", "古渡县教育体育局", "古渡县", "新增备案", "", "“招生”栏目长期未更新", "11.11"],
        [
            "新浪微博",
            "古渡交警",
            "县级部门",
            "古渡县公安局交警大队",
            "古渡县",
            "长期未更新",
            "拟关停注销",
            "11.15已发布关停公告",
            "6.2",
        ],
        ["微信订阅号", "古渡统计", "县级部门", "古渡县统计局", "古渡县", "未及时更新", "已整改", "合格", "11.10"],
        [
            "微信订阅号",
            "柳林镇",
            "乡镇政府",
            "古渡县柳林镇人民政府",
            "古渡县",
            "新增备案",
            "",
            "未提供有效互动功能(设置为禁止留言)",
            "11.6",
        ],
    ]
    rows = [[str(n), *cells] for n, cells in enumerate(told, 1)]
    note = "备注:检查时间为2020年11月6日至18日,检查范围为所有新报备的政务新媒体和第三季度检查通报中存在突出问题的政务新媒体账号。"
    sites = [
        ["1", "云汉市人民政府", "6199000040", "www.yunhan.example", "合格"],
        ["2", "平川县人民政府", "6199210004", "www.pingchuan.example", "不合格(严重表述错误)"],
        ["3", "古渡县人民政府", "6199220001", "www.gudu.example", "合格"],
        ["4", "云汉市水利局", "6199000051", "slj.yunhan.example", "合格"],
    ]
    site_title, title = "2020年第四季度全市政府网站检查情况", "2020年第四季度政府系统政务新媒体抽查情况"
    site_header = ["序号", "网站名称", "网站标识码", "网址(域名)", "检查结果"]
    return Draft(
        [
            "云汉市人民政府办公室关于2020年第四季度全市政府网站和政务新媒体检查情况的通报",
            "云政办函〔2020〕41号",
            "各县人民政府,市政府各部门:",
            "按照有关要求,市政府办公室组织开展了第四季度检查工作,现将情况通报如下。(虚构)",
            "一、总体情况",
            "(一)政府网站",
            "全市在运行政府网站共4个,对4个政府网站进行了全面检查,合格的政府网站3个,合格率75%(详见附件1)。",
            "(二)政务新媒体",
            "全市备案政务新媒体账号共16个,其中,地方政府2个,市级部门5个,县级部门和乡镇9个。对所有新报备的政务新媒体和上季度检查通报中存在突出问题的政务新媒体账号进行了抽查(共检查10个,检查率约为62.5%)。合格的政务新媒体账号有5个(含基本合格1个)。详见附件2。",
            "二、存在的主要问题",
            "一是更新不及时。“云汉水利在线”“石桥镇人民政府”等政务新媒体未及时更新。",
            "二是未提供有效互动功能。“柳林镇”等政务新媒体设置为禁止留言。",
            "三、工作要求",
            "各县区、各部门单位,要对存在的问题立即核查整改,并于2020年12月10日前将整改情况书面报市政府办公室。",
            f"附件:1.{site_title}",
            f"2.{title}",
            "云汉市人民政府办公室",
            "2020年11月20日",
        ],
        [
            Table("附件1", site_title, site_header, sites, notes=["备注:检查复查时间为2020年10月10日—11月18日。"]),
            Table("附件2", title, header, rows, notes=[note]),
        ],
    )


def wide_list() -> Draft:
    """Wide name columns and merged cells, in the manner of 安康: sites with a third result, 14 stale of 423."""
    sites = [
        ["1", "临江市教育局", "www.edu.example", "6188000012", "2个栏目未更新;1个链接无法访问", "存在问题"],
        ["2", "临江市商务局", "www.com.example", "6188000013", "首页未更新", "不合格"],
    ]
    names = [("市直部门", "临江市公积金中心", "临江公积金", "", "2020. 2. 9"), ("", "", "", "临江公积金微博", "2020. 1. 8")]
    names += [("", "临江市粮食局", "", "临江粮食", "2019. 12. 13"), ("汉阴河县", "河县统计局", "河县统计", "", "无内容")]
    names += [("", "河县扶贫局", "河县扶贫", "", "2020. 1. 2"), ("", "河县林业局", "", "河县林业", "2020. 1. 15")]
    rows = [[*each, "僵尸微信" if each[2] else "僵尸微博"] for each in names]
    rows[-1][-1] = "停运未注销"
    media_title, site_title = "2020年临江市政务新媒体一季度检查结果", "2020年临江市政府网站一季度复查结果"
    return Draft(
        [
            "临江市人民政府办公室关于2020年一季度全市政府网站和政务新媒体检查情况的通报",
            "临政办函〔2020〕21号",
            "各县人民政府,市直各部门:",
            "近期,市政府办公室组织开展了一季度检查工作,检查时间为2020年2月10日至3月3日,现将有关情况通报如下(虚构)。",
            "一、检查总体情况",
            "检查率100%,政府网站合格率98%,政务新媒体合格率98.6%。全市政府网站50个,复查了50个政府网站,不合格的政府网站1个,另有1个网站的结果为“存在问题”,“存在问题”计入合格。",
            "全市政务新媒体共423个,本次检查了423个政务新媒体,发现不合格政务新媒体6个。",
            "二、主要问题",
            "经检查,有4个政务新媒体超过1个月未更新,成为“僵尸”账号。",
            "三、工作要求",
            "请有关单位于3月9日前将整改情况报市政府办公室。详见附件1、附件2。",
            f"附件:1.{site_title}",
            f"      2.{media_title}",
            "临江市人民政府办公室",
            "2020年3月4日",
        ],
        [
            Table("附件1", site_title, ["序号", "网站名称", "网址", "网站标识码", "主要问题", "复查结果"], sites),
            Table(
                "附件2",
                media_title,
                ["类别", "主办单位", "政务微信", "政务微博", "最后更新时间", "问题类别"],
                rows,
                merged=(0, 1),
            ),
        ],
    )


def sensitive_list() -> Draft:
    """Counts of 错敏信息, units on several rows, praise, in the manner of 城固: 6 units in 7 rows, 15 = 13 + 2."""
    sites = [
        ["云岭镇", "部门镇办文件栏目未更新", "不合格"],
        ["", "重大项目栏目未及时更新", "不合格"],
        ["青石镇", "部门镇办文件栏目未更新", "不合格"],
        ["县民政局", "重大项目栏目未及时更新", "不合格"],
        ["县水利局", "部门镇办文件栏目未更新", "不合格"],
        ["县审计局", "部门镇办文件栏目未更新", "不合格"],
        ["白河镇", "重大项目栏目未及时更新", "不合格"],
    ]
    told = [
        ("魅力云岭", "山阳坝县云岭镇人民政府", 12),
        ("山阳坝统计", "山阳坝县统计局", 8),
        ("白河之窗", "山阳坝县白河镇人民政府", 5),
    ]
    rows = [[name, org, "微信订阅号", str(count), "已整改"] for name, org, count in told]
    site_title, title = "第三季度山阳坝县政府网站检查不合格名单", "第三季度山阳坝县政务新媒体检查结果清单"
    header = ["政务新媒体账号名称", "开设主体", "账号类型", "错敏信息数量", "整改情况"]
    return Draft(
        [
            "山阳坝县人民政府办公室关于2023年第三季度政府网站和政务新媒体检查情况的通报",
            "各镇人民政府,县级各部门:",
            "县政府办公室于近期组织开展了检查工作,检查时间为2023年7月1日至9月28日,现将有关情况通报如下(虚构)。",
            "一、检查情况",
            "全县政务新媒体共51个,其中,县级政府1个,镇级政府8个,县级部门42个。监测发现错敏信息,累计错敏信息25条,均已整改(详见附件2)。",
            "其中,青木川镇、二郎镇等2个镇和县教育局、县住建局等2个部门工作完成情况较好。",
            "二、存在问题",
            "(一)网站栏目更新不及时。检查发现,6个单位政府网站栏目检查不合格(详见附件1)。",
            "(二)整改不到位。季度通报存在问题单位15个,完成整改13个,未按要求或时限完成整改2个。",
            "三、有关要求",
            "请各单位于11月3日前将整改情况报县政府办公室。",
            f"附件:1.{site_title}",
            f"2.{title}",
            "山阳坝县人民政府办公室",
            "2023年10月30日",
        ],
        [
            Table("附件1", site_title, ["部门", "存在问题", "检查结果"], sites, merged=(0,)),
            Table("附件2", title, header, rows),
        ],
    )


def matrix() -> Draft:
    """Two accounts a row, all listed, in the manner of 淮南: 118 = 45 + 73 needs no annex; 12 accounts in the matrix here."""
    names = ["政府办", "公安局", "教育局", "民政局", "财政局", "交通局", "水利局"]
    rows = [[str(n), f"北淮市{name}", f"北淮{name}", "正常", f"北淮{name}发布", "正常"] for n, name in enumerate(names, 1)]
    rows[2][3], rows[4][5], rows[5][3] = "2周内未更新", "2周内未更新", "未提供有效互动功能"
    for row in (rows[5], rows[6]):
        row[4], row[5] = "/", ""
    sites = [
        ["1", "北淮市政府网", "www.beihuai.example", "合格", ""],
        ["2", "北淮市生态环境局", "hbj.beihuai.example", "单否", "17个空栏目"],
        ["3", "北淮市交通局", "jtj.beihuai.example", "单否", "10个应更未更"],
    ]
    site_title, title = "10月网站检查情况汇总表", "10月政务微博微信检查汇总表"
    header = ["序号", "单位", "微信公众号", "检查情况", "新浪微博", "检查情况"]
    return Draft(
        [
            "关于北淮市2019年10月政府网站和政务新媒体检查情况的通报",
            "各县区人民政府,市政府各部门:",
            "按照《政府网站与政务新媒体检查指标》要求,市政务公开办开展了10月检查工作,现将有关情况通报如下(虚构)。",
            "一、总体情况",
            "本次检查政务新媒体12个,其中,微信公众号7个、微博5个,不合格3个,合格率75%。",
            "本次检查政府网站3个,合格1个,合格率33.3%(见附件1、附件2)。",
            "二、存在问题",
            "(一)政务新媒体",
            "1.更新不及时(2个)",
            "北淮教育局(微信)、北淮财政局发布(微博)。",
            "2.未提供有效互动功能(1个)",
            "北淮交通局(微信)。",
            "(二)政府网站",
            "市生态环境局存在空白栏目,市交通局栏目更新不及时。",
            "三、下步要求",
            "请存在问题的单位于10月31日前将整改情况报市政务公开办。",
            f"附件:1.{site_title}",
            f"2.{title}",
            "北淮市政务公开办公室",
            "2019年10月29日",
        ],
        [
            Table("附件1", site_title, ["序号", "网站", "网址", "结果", "问题描述"], sites),
            Table("附件2", title, header, rows),
        ],
    )


CLEAN = {
    "failing_list": failing_list,
    "two_columns": two_columns,
    "wide_list": wide_list,
    "sensitive_list": sensitive_list,
    "matrix": matrix,
}
