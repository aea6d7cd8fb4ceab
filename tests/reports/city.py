"""An invented city, 示例市, judged: every kind of row that the forms know, and what each form prints of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from tests.reports.report_world import finding
from tracker.model import Account, Bounds, Conclusion, Effect, Finding, Status, Undetermined, Verdict
from tracker.registry import platform_of
from tracker.reports import inspection, ledger, matrix, noncompliant, sensitive_words, unseen, zombies
from tracker.reports.form import TableContext
from tracker.reports.lines import Line

START, END = date(2020, 11, 6), date(2020, 11, 18)
CHECKED = date(2020, 11, 16)
PERIOD, SCOPE, PLACE = "2020年第四季度", "全市政府系统", "示例市"
SEEN_PAST = "前期检查通报中存在突出问题的政务新媒体账号"

WORDS = {Conclusion.PASSED: "合格", Conclusion.FAILED: "不合格", Conclusion.TO_REVIEW: "待复核", Conclusion.UNCHECKED: "未能核查"}


def judged(
    position: int,
    kind: str,
    name: str,
    organisation: str,
    region: str,
    org_type: str,
    conclusion: Conclusion,
    *findings: Finding,
    last: date | None = None,
    word: str = "",
    undetermined: tuple[str, ...] = (),
) -> Line:
    """One judged account; its platform and printed types are what the registry makes of the filed word."""
    slug, fine, seven = platform_of(kind)
    account = Account(
        account_id=f"a{position}",
        platform=slug,
        kind=fine,
        filed_kind=kind,
        name=name,
        organisation=organisation,
        region=region,
        org_type=org_type,
        position=position,
    )
    idle = (CHECKED - last).days if last else None
    verdict = Verdict(
        account=account,
        conclusion=conclusion,
        word=word or WORDS[conclusion],
        check_date=CHECKED,
        latest_post=last,
        idle_days=Bounds(least=idle, most=idle) if idle is not None else None,
        findings=findings,
        undetermined=tuple(Undetermined(code="UPD-01", reason=reason) for reason in undetermined),
    )
    return Line(account=account, verdict=verdict, seven=seven, other=fine if seven == "其他" else "")


NOTE = Effect.NOTE
OPEN = Status.CANDIDATE
OFFICE, EDUCATION, FUND = "示例市人民政府办公室", "示例市教育局", "示例市住房公积金管理中心"
STATISTICS = "青山县统计局"
CITY, COUNTY = "市级部门", "县级部门"


def lines() -> list[Line]:
    """The city in the order of its registry, which is not the order of print."""
    passed, failed = Conclusion.PASSED, Conclusion.FAILED
    settled = [
        judged(
            1, "微信订阅号", "青山发布", "青山县人民政府", "青山县", "地方政府", passed,
            last=date(2020, 11, 13), word="基本合格",
        ),
        judged(2, "新浪微博", "示例发布", OFFICE, "市直", "地方政府", passed, last=date(2020, 11, 3)),
        judged(3, "微信订阅号", "示例发布", OFFICE, "市直", "地方政府", passed, last=date(2020, 11, 13)),
        judged(
            4, "微信订阅号", "示例教育", EDUCATION, "市直", CITY, failed,
            finding("COL-03", "个别栏目链接无法打开(该内容已被发布者删除)", effect=NOTE),
            finding("INT-01", "未提供有效互动功能(设置为禁止留言)"),
            finding("UPD-02", "长时间未更新"),
            finding("CNT-02", "点赞商业广告", status=Status.DISMISSED),
            finding("REG-03", "简介不规范", effect=Effect.REMIND),
            last=date(2020, 9, 16),
        ),
        judged(5, "新浪微博", "示例教育", EDUCATION, "市直", CITY, failed, finding("UPD-03", "僵尸"), last=date(2019, 12, 30)),
        judged(6, "微信服务号", "示例公积金", FUND, "市直", CITY, failed, finding("UPD-04", "未发布更新任何信息")),
        judged(7, "新浪微博", "公积金微博", FUND, "市直", CITY, failed, finding("LIF-01", "停运未注销"), last=date(2020, 2, 9)),
        judged(
            8, "新浪微博", "青山交警", "青山县公安局", "青山县", COUNTY, Conclusion.UNCHECKED,
            finding("CNT-01", "内容不规范", effect=NOTE),
            last=date(2020, 8, 1), undetermined=("需要登录态;本次没有查看", "需要登录态"),
        ),
        judged(
            9, "微信订阅号", "青山统计", STATISTICS, "青山县", COUNTY, failed, finding("CNT-04", "错敏信息8条"),
            last=date(2020, 11, 9),
        ),
        judged(
            10, "微信服务号", "青山县统计服务", STATISTICS, "青山县", COUNTY, passed,
            finding("CNT-04", "错敏信息", effect=NOTE), last=date(2020, 11, 10),
        ),
        judged(
            11, "微信订阅号", "青山数据", STATISTICS, "青山县", COUNTY, failed,
            replace(finding("CNT-04", "错敏信息"), phrase="错敏信息12条"), last=date(2020, 11, 9),
        ),
        judged(12, "抖音短视频", "白水乡音", "白水县文旅局", "白水县", COUNTY, failed, finding("UPD-01"), last=date(2020, 10, 1)),
        judged(
            13, "微信订阅号", "白水卫健", "白水县卫生健康局", "白水县", COUNTY, Conclusion.LIFECYCLE,
            finding("UPD-01"), last=date(2020, 10, 1), word="11.15已发布关停公告",
        ),
    ]  # fmt: skip
    waiting = judged(
        14, "新浪微博", "白水农业", "白水县农业农村局", "白水县", COUNTY, Conclusion.TO_REVIEW,
        finding("UPD-01", "未及时更新", OPEN), finding("CNT-04", "错敏信息3条", OPEN), last=date(2020, 10, 30),
    )  # fmt: skip
    told = {
        "a2": ("内容不规范", "已整改"),
        "a4": ("未及时更新,未提供有效互动功能", "未整改到位"),
        "a1": ("合格", ""),
        "a6": ("新增备案", ""),
        "a9": ("", "已整改"),
    }
    return [_told(line, *told.get(line.account.account_id, ("", ""))) for line in (*settled, waiting)]


def _told(line: Line, previous: str, rectified: str) -> Line:
    tried = "11月6日浏览器;11月16日人工" if line.verdict.conclusion is Conclusion.UNCHECKED else ""
    return replace(line, previous=previous, rectified=rectified, tried=tried)


def _window(draft: bool) -> dict[str, object]:
    return {"start": START, "end": END, "lines": lines() if draft else lines()[:-1], "draft": draft}


CONTEXTS: Mapping[str, Callable[[bool], TableContext]] = {
    "noncompliant": lambda draft: noncompliant.build(title=noncompliant.title_of(PERIOD, SCOPE), **_window(draft)),
    "inspection": lambda draft: inspection.build(
        title=inspection.title_of(PERIOD, "政府系统"),
        period=PERIOD,
        scope=f"所有新报备的政务新媒体和{SEEN_PAST}",
        **_window(draft),
    ),
    "zombies": lambda draft: zombies.build(title=zombies.title_of("2020年第四季度", PLACE), **_window(draft)),
    "matrix": lambda draft: matrix.build(title=matrix.title_of("2020年11月"), **_window(draft)),
    "sensitive-words": lambda draft: sensitive_words.build(title=sensitive_words.title_of(PERIOD, PLACE), **_window(draft)),
    "ledger": lambda draft: ledger.build(title=ledger.title_of(PERIOD, SCOPE), **_window(draft)),
    "unseen": lambda draft: unseen.build(title=unseen.title_of(PERIOD, SCOPE), **_window(draft)),
}
"""Form → its context of the city; with True the draft, which holds one account more."""
