"""Judged accounts for the report tests: the published 宝鸡 rows, and an invented city 示例市."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tracker.model import Account, Conclusion, Effect, Finding, Status, Verdict
from tracker.reports.lines import Line
from tracker.reports.noncompliant import NoncompliantContext, build, title_of

DATA = Path(__file__).parent / "data"
HEADER = ["序号", "新媒体类型(七选一)", "其他(新媒体类型)", "新媒体名称", "代表主体名称", "检查结果", "存在的突出问题", "备注"]
STALE, SILENT, LIKES, ADS = (
    "监测时间点前2周内无更新",
    "未提供有效互动功能",
    "点赞与本单位业务无关信息",
    "部分信息页面底部存在商业信息",
)
START, END = date(2020, 10, 26), date(2020, 11, 6)
TITLE = title_of("2020年第四季度", "全市政府系统")


def finding(
    code: str = "UPD-01", message: str = STALE, status: Status = Status.AUTOMATIC, effect: Effect = Effect.VETO
) -> Finding:
    return Finding(code=code, message=message, basis="国办秘函〔2019〕19号", effect=effect, status=status)


def line(
    name: str,
    organisation: str = "",
    *findings: Finding,
    seven: str = "微信",
    other: str = "",
    region: str = "",
    org_type: str = "",
    position: int = 0,
    conclusion: Conclusion = Conclusion.FAILED,
) -> Line:
    account = Account(
        account_id=f"a{position}",
        platform="x",
        kind=seven,
        name=name,
        organisation=organisation,
        region=region,
        org_type=org_type,
        position=position,
    )
    verdict = Verdict(
        account=account,
        conclusion=conclusion,
        word="不合格",
        check_date=END,
        latest_post=None,
        idle_days=None,
        findings=findings or (finding(),),
    )
    return Line(account=account, verdict=verdict, seven=seven, other=other)


def listed(lines: Sequence[Line], *, draft: bool = False) -> NoncompliantContext:
    return build(title=TITLE, start=START, end=END, lines=lines, draft=draft)


def published() -> list[list[str]]:
    """Header and 18 rows as 宝鸡市 printed them (2020年第四季度, issued 2020-11-11)."""
    with (DATA / "baoji_2020q4.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def published_lines() -> list[Line]:
    codes = {STALE: "UPD-01", STALE.replace("无", "未"): "UPD-01", SILENT: "INT-01", LIKES: "CNT-02", ADS: "CNT-03"}
    return [
        line(name, organisation, finding(codes[problem], problem), seven=seven, position=int(seq))
        for seq, seven, _, name, organisation, _, problem, _ in published()[1:]
    ]


def invented_lines() -> list[Line]:
    """示例市 in the order of its registry, which is not the order of print; three accounts do not belong on a list."""
    waiting = Status.CANDIDATE
    return [
        line("青山发布", "青山县人民政府", region="青山县", org_type="地方政府", seven="微博", position=1),
        line("青山发布", "青山县人民政府", finding("INT-01", SILENT), region="青山县", org_type="地方政府", position=2),
        line("示例教育", "示例市教育局", region="市直", org_type="市级部门", position=3),
        line(
            "白水文旅",
            "白水县文化和旅游局",
            finding("CNT-03", ADS, waiting),
            region="白水县",
            org_type="县级部门",
            position=4,
            conclusion=Conclusion.TO_REVIEW,
        ),
        line("白水医保", "白水县医保局", region="白水县", org_type="县级部门", position=5, conclusion=Conclusion.PASSED),
        line(
            "示例视频",
            "示例市教育局",
            finding("CNT-02", LIKES),
            seven="其他",
            other="抖音短视频",
            region="市直部门",
            org_type="市级部门",
            position=6,
        ),
        line("示例市政府", "示例市人民政府", finding("INT-01", SILENT), org_type="地方政府", position=7),
        line("青山交警", "青山县公安局", region="青山县", position=8, conclusion=Conclusion.UNCHECKED),
        line("青山住建", "青山县住建局", region="青山县", org_type="县级部门", position=9, conclusion=Conclusion.LIFECYCLE),
    ]


INVENTED_DRAFT = [
    ["1", "微信", "", "示例教育", "示例市教育局", "不合格", STALE, ""],
    ["2", "其他", "抖音短视频", "示例视频", "示例市教育局", "不合格", LIKES, ""],
    ["3", "微信", "", "示例市政府", "示例市人民政府", "不合格", SILENT, ""],
    ["4", "微信", "", "青山发布", "青山县人民政府", "不合格", SILENT, ""],
    ["5", "微博", "", "青山发布", "青山县人民政府", "不合格", STALE, ""],
    ["6", "微信", "", "白水文旅", "白水县文化和旅游局", "不合格", ADS, "未复核"],
]
