"""Four invented cities (虚构) judged in the manner of four published bulletins: what each one's bulletin is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tracker.model import Account, Bounds, Conclusion, Effect, Finding, Status, Undetermined, Verdict
from tracker.registry import platform_of
from tracker.reports import bulletin, inspection, noncompliant, unseen, zombies
from tracker.reports.form import AnyTable
from tracker.reports.letter import Office
from tracker.reports.lines import Line, printable
from tracker.statistics import Before, Recheck, Share, Statistics, compare
from tracker.statistics import build as count

OFFICE = Office(
    issuer="示例市政务公开办公室",
    number="示政公开办函〔2026〕12号",
    recipients="各县、区人民政府，市政府各工作部门",
    basis="按照《政府网站与政务新媒体检查指标》要求",
    contact="示例科 0900-0000000",
    issued=date(2026, 11, 20),
    deadline=date(2026, 11, 30),
    public_note="此件公开发布",
)
STALE, SILENT, LIKES, ADS = (
    "监测时间点前2周内无更新",
    "未提供有效互动功能",
    "点赞与本单位业务无关信息",
    "部分信息页面底部存在商业信息",
)
SCOPE = "全市政府系统"
_UNITS = ("教育", "卫健", "财政", "水利", "农业", "文旅", "住建", "交通", "审计", "统计", "商务", "民政", "司法", "人社", "气象")
_UNITS += ("税务", "应急", "林业", "信访", "医保")
_TYPES = ("微信订阅号", "新浪微博", "微信服务号", "今日头条")


def finding(code: str, message: str, effect: Effect = Effect.VETO, status: Status = Status.AUTOMATIC) -> Finding:
    return Finding(
        code=code,
        message=message,
        basis="国办秘函〔2019〕19号 单项否决指标",
        effect=effect,
        status=status,
        arithmetic=f"检查人填报“{message}”",
        counterfactual="改正后即不构成此问题",
    )


def account(position: int, region: str, org_type: str, kind: str = "") -> Account:
    slug, fine, _ = platform_of(kind or _TYPES[position % len(_TYPES)])
    unit = _UNITS[position % len(_UNITS)]
    place = region if region != "市直" else "示例"
    office = {"地方政府": "人民政府", "市级部门": f"{unit}局", "县级部门": f"{unit}局"}.get(org_type, f"{unit}镇人民政府")
    return Account(
        account_id=f"a{position}",
        platform=slug,
        kind=fine,
        name=f"{place}{unit}{position}号",
        organisation=f"{place}{office}",
        org_type=org_type,
        region=region,
        position=position,
    )


def registry(city: int, departments: int, rest: int) -> list[Account]:
    """So many 市县级政府, 市级部门, and 县级部门 with 乡镇."""
    kinds = [("地方政府", "市直")] * city + [("市级部门", "市直")] * departments
    county = ("甲山县", "乙水县", "丙河区")
    kinds += [("县级部门" if at % 3 else "乡镇政府", county[at % 3]) for at in range(rest)]
    return [account(at, region, org_type) for at, (org_type, region) in enumerate(kinds, 1)]


def verdict(
    of: Account,
    conclusion: Conclusion,
    *findings: Finding,
    word: str = "",
    reason: str = "",
    last: date | None = None,
    check: date = date(2026, 11, 10),
) -> Verdict:
    words = {
        Conclusion.PASSED: "合格",
        Conclusion.FAILED: "不合格",
        Conclusion.TO_REVIEW: "待复核",
        Conclusion.UNCHECKED: "未能核查",
        Conclusion.LIFECYCLE: "已发布关停公告",
    }
    idle = (check - last).days if last else None
    return Verdict(
        account=of,
        conclusion=conclusion,
        word=word or words[conclusion],
        check_date=check,
        latest_post=last,
        idle_days=Bounds(least=idle, most=idle) if idle is not None else None,
        findings=findings,
        undetermined=(Undetermined(code="UPD-01", reason=reason),) if reason else (),
    )


@dataclass(frozen=True, kw_only=True)
class City:
    """One made city; `forms` are its annexes."""

    accounts: Sequence[Account]
    verdicts: Sequence[Verdict]
    forms: Sequence[str]
    period: str = "2026年第四季度"
    start: date = date(2026, 10, 26)
    end: date = date(2026, 11, 10)
    office: Office = OFFICE
    places: int = 2
    coverage: str = ""
    before: Before | None = None
    recheck: Recheck | None = None
    draft: bool = False
    previous: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """The verdicts as the forms take them."""
        return [
            Line(
                account=one.account,
                verdict=one,
                seven=platform_of(one.account.kind)[2],
                previous=self.previous.get(one.account.account_id, ("", ""))[0],
                rectified=self.previous.get(one.account.account_id, ("", ""))[1],
            )
            for one in self.verdicts
        ]

    def tables(self) -> list[AnyTable]:
        """The annexes, made as the program makes them."""
        told = {"start": self.start, "end": self.end, "lines": self.lines, "draft": self.draft}
        makers = {
            "noncompliant": lambda: noncompliant.build(title=noncompliant.title_of(self.period, SCOPE), **told),
            "inspection": lambda: inspection.build(
                title=inspection.title_of(self.period, SCOPE), period=self.period, scope="抽取的政务新媒体账号", **told
            ),
            "zombies": lambda: zombies.build(title=zombies.title_of(self.period, "示例市"), **told),
            "unseen": lambda: unseen.build(title=unseen.title_of(self.period, SCOPE), **told),
        }
        return [makers[form]() for form in self.forms]

    def figures(self) -> Statistics:
        one_each = "noncompliant" in self.forms
        return count(
            self.verdicts,
            self.accounts,
            shown=lambda one: (
                [noncompliant.printed_finding(one, draft=self.draft)] if one_each else printable(one, draft=self.draft)
            ),
            places=self.places,
            draft=self.draft,
        )

    def context(self, templates: Path | None = None) -> bulletin.BulletinContext:
        figures = self.figures()
        rate = f"检查率{'' if figures.check_rate.exact else '约'}为{figures.check_rate.text}"
        check = bulletin.Check(
            period=self.period,
            scope=SCOPE,
            start=self.start,
            end=self.end,
            as_of=self.end,
            figures=figures,
            coverage=self.coverage or f"本次随机抽取其中{figures.checked}个进行了检查，{rate}。",
            draft=self.draft,
            comparison=compare(figures, self.before),
            recheck=self.recheck,
        )
        return bulletin.build(check, self.office, self.tables(), templates)


def weekly() -> City:
    """Like 宝鸡: 330 filed, 100 drawn, 18 fail with one finding each, 3 could not be seen; last quarter is known."""
    accounts = registry(22, 65, 243)
    drawn = accounts[::3][:100]
    kinds = [("UPD-01", STALE)] * 5 + [("INT-01", SILENT)] * 8 + [("CNT-02", LIKES)] * 2 + [("CNT-03", ADS)] * 3
    failing = {drawn[at * 5].account_id: finding(*kinds[at]) for at in range(18)}
    blind = {drawn[at].account_id: reason for at, reason in ((1, "需要登录态"), (2, "需要登录态"), (3, "平台拒绝访问(403)"))}

    def judge(one: Account) -> Verdict:
        if one.account_id in failing:
            return verdict(one, Conclusion.FAILED, failing[one.account_id], last=date(2026, 10, 1))
        if one.account_id in blind:
            return verdict(one, Conclusion.UNCHECKED, reason=blind[one.account_id])
        return verdict(one, Conclusion.PASSED, last=date(2026, 11, 5))

    return City(
        accounts=accounts,
        verdicts=[judge(one) for one in drawn],
        forms=("noncompliant", "unseen"),
        before=Before(title="第三季度", failed=22, passed=78, rate=Share(part=78, whole=100, places=2)),
        recheck=Recheck(title="第三季度", formerly=22, rectified=8, partly=6, not_rectified=8, closing=0, unseen=0),
    )


def whole() -> City:
    """Like 商洛: the whole inspection as annex, several findings per account, a third verdict, one on its way out."""
    accounts = registry(9, 57, 174)
    drawn = accounts[:151]
    both = (finding("UPD-01", "未及时更新"), finding("INT-01", "未提供有效互动功能(设置为禁止留言)"))

    def judge(at: int, one: Account) -> Verdict:
        if at < 30:
            return verdict(one, Conclusion.FAILED, *(both if at < 10 else both[at % 2 :][:1]), last=date(2026, 9, 20))
        if at == 30:
            note = finding("COL-05", "“通知公告”栏目名称不规范", Effect.NOTE)
            return verdict(one, Conclusion.PASSED, note, word="基本合格", last=date(2026, 11, 3))
        if at == 31:
            return verdict(one, Conclusion.LIFECYCLE, last=date(2026, 8, 3))
        return verdict(one, Conclusion.PASSED, last=date(2026, 11, 3))

    return City(
        accounts=accounts,
        verdicts=[judge(at, one) for at, one in enumerate(drawn)],
        forms=("inspection",),
        places=1,
        before=Before(title="第三季度", failed=41),
        previous={drawn[at].account_id: ("未及时更新", "未整改") for at in range(6)},
    )


def silent() -> City:
    """Like 安康: one kind of fault only, rates without decimals, a window that goes over New Year."""
    accounts = registry(1, 8, 42)
    end = date(2027, 1, 8)

    def judge(at: int, one: Account) -> Verdict:
        if at % 4 == 0:
            told = finding("UPD-03", "长期不更新,账号处于“僵尸”状态")
            return verdict(one, Conclusion.FAILED, told, last=date(2026, 11, 2 + at % 20), check=end)
        return verdict(one, Conclusion.PASSED, last=end, check=end)

    kept = [one for one in accounts if one.kind in ("微信订阅号", "微信服务号", "新浪微博")]
    return City(
        accounts=accounts,
        verdicts=[judge(at, one) for at, one in enumerate(kept)],
        forms=("zombies",),
        period="2026年第四季度",
        start=date(2026, 12, 25),
        end=end,
        office=Office(
            **{
                **{name: getattr(OFFICE, name) for name in ("issuer", "number", "recipients", "basis", "contact")},
                "issued": date(2027, 1, 11),
                "deadline": date(2027, 1, 20),
            }
        ),
        places=0,
    )


def clean() -> City:
    """Nobody fails: no annex, and no word of one."""
    accounts = registry(2, 10, 20)
    return City(
        accounts=accounts,
        verdicts=[verdict(one, Conclusion.PASSED, last=date(2026, 11, 5)) for one in accounts],
        forms=("noncompliant", "unseen"),
        coverage="本次对在册的全部32个政务新媒体进行了全面检查，检查率为100%。",
    )


CITIES = {"weekly": weekly, "whole": whole, "silent": silent, "clean": clean}


RECHECKS = {
    "every part": Recheck(title="第三季度", formerly=30, rectified=8, partly=5, not_rectified=7, closing=2, unseen=3),
    "all put right": Recheck(title="第三季度", formerly=9, rectified=9, partly=0, not_rectified=0, closing=0, unseen=0),
    "none put right": Recheck(title="第三季度", formerly=9, rectified=0, partly=4, not_rectified=5, closing=0, unseen=0),
    "closing alone": Recheck(title="第三季度", formerly=4, rectified=0, partly=0, not_rectified=0, closing=4, unseen=0),
    "none seen": Recheck(title="第三季度", formerly=5, rectified=0, partly=0, not_rectified=0, closing=0, unseen=5),
    "none drawn": Recheck(title="第三季度", formerly=7, rectified=2, partly=0, not_rectified=0, closing=0, unseen=0),
    "of another year": Recheck(title="2025年第四季度", formerly=11, rectified=6, partly=1, not_rectified=1, closing=2, unseen=1),
    "of a check with a name": Recheck(title="春季检查", formerly=11, rectified=6, partly=1, not_rectified=1, closing=2, unseen=1),
}
"""Re-checks of last period's failures, as they may stand in any of the bulletins."""
