"""The draw (抽查): which accounts the formal check of a period looks at, so that anybody can draw the same list again.

The algorithm: the frame is every account of the registry that is in use, as ids in ascending order. `strata` groups it by the
chosen column, takes the groups in ascending order of their name, and draws from each with one generator, made once:
`random.Random(seed).sample(ids, n)` (Mersenne Twister of Python 3.11 and later). Without `by` there is one group. N is shared
among the groups by their size (largest remainder, ties to the first by name; at least one each where N allows); a share of P % is
taken of every group and rounded up. Accounts drawn earlier in the year are left out first where that is wanted.
"""

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

from tracker.errors import UsageError
from tracker.files import write_xlsx
from tracker.history import faulty
from tracker.model import Account, Period, Sheet
from tracker.store import Draw, Method, Stratum
from tracker.workspace import Workspace

FILE = "抽查名单.xlsx"
HEADER = ("序号", "类型", "名称", "主办单位", "县区")
BY: Mapping[str, str] = {"region": "县区", "platform": "平台", "org_type": "主体类型"}
"""What strata may be → its word in the scope sentence."""
NEW, FAILED = "新报备", "上期存在突出问题"

_NOT_IN_USE = frozenset({"拟开设", "已注销"})
_SIZE = re.compile(r"([1-9]\d{0,5})|(\d{1,3}(?:\.\d{1,2})?)[%％]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be drawn, as ordered on the command line."""

    period: str
    method: Method
    size: str = ""
    by: str = ""
    seed: int = 0
    once_a_year: bool = False
    who: str = ""
    why: str = ""


def draw(ws: Workspace, order: Order, *, at: datetime) -> tuple[Draw, Path]:
    """Draw a period's list, keep it and write 抽查名单.xlsx; both or neither.

    Raises UsageError for an order that cannot be met, a closed period, or a second draw without a reason.
    """
    _check(order)
    period = known_period(ws, order.period)
    accounts = in_use(ws.store.accounts())
    if not accounts:
        raise UsageError("台账里没有在用的账号,无从抽取;先导入台账:tracker accounts import 文件(网页版:台账)")
    strata = _strata(ws, order, period, accounts)
    spent = _drawn_this_year(ws, period) if order.once_a_year else frozenset()
    drawn, told = pick(strata, order.size or "100%", order.seed, spent)
    if not drawn:
        raise UsageError("按这个条件一个账号也抽不到(新报备、上期有问题的都没有,或本年都已抽查过);请改用其他抽取方法")
    made = Draw(
        period=period.name,
        method=order.method,
        by=order.by,
        size=order.size,
        seed=order.seed,
        once_a_year=order.once_a_year,
        frame=tuple(sorted(one.account_id for one in accounts)),
        drawn=tuple(one.account_id for one in accounts if one.account_id in drawn),
        strata=told,
        at=at,
        who=order.who,
        why=order.why,
    )
    path = ws.reports / FILE
    with ws.store.transaction():
        ws.store.add_draw(made)
        write_xlsx(path, [list_sheet([one for one in accounts if one.account_id in drawn])])
    return made, path


def known_period(ws: Workspace, name: str) -> Period:
    """The period of this name. Raises UsageError naming those that exist."""
    found = ws.store.period(name)
    if found is None:
        known = "、".join(one.name for one in ws.store.periods()) or "还没有任何检查期"
        raise UsageError(
            f"没有名为 {name} 的检查期;现有:{known};先运行 tracker period open {name} --start … --end …(网页版:设置)"
        )
    return found


def in_use(accounts: Sequence[Account]) -> list[Account]:
    """The accounts that can be looked at: not those that are only planned, nor those that are gone for good."""
    return [one for one in accounts if one.status not in _NOT_IN_USE]


def list_sheet(accounts: Sequence[Account]) -> Sheet:
    """抽查名单 as a table, in the order of the registry."""
    rows = [
        (number, one.filed_kind or one.kind, one.name, one.organisation, one.region) for number, one in enumerate(accounts, 1)
    ]
    return Sheet(name="抽查名单", cells=(HEADER, *rows))


def pick(
    strata: Mapping[str, Sequence[str]], size: str, seed: int, spent: frozenset[str] = frozenset()
) -> tuple[frozenset[str], tuple[Stratum, ...]]:
    """The drawn ids, and what happened in each stratum. `strata`: name → ids; `size`: N in all, or a share of each (`30%`).

    `spent` ids cannot be drawn again; a stratum with too few others gives what it has (`drawn` < `wanted`).
    """
    lot = random.Random(seed)  # noqa: S311 - a public draw is to be repeatable, not secret
    wanted = _wanted({name: len(ids) for name, ids in strata.items()}, size)
    drawn: list[str] = []
    told = []
    for name in sorted(strata):
        eligible = sorted(set(strata[name]) - spent)
        taken = lot.sample(eligible, min(wanted[name], len(eligible)))
        drawn.extend(taken)
        counts = {"frame": len(strata[name]), "eligible": len(eligible), "wanted": wanted[name], "drawn": len(taken)}
        told.append(Stratum(name=name, **counts))
    return frozenset(drawn), tuple(told)


def _wanted(sizes: Mapping[str, int], size: str) -> Mapping[str, int]:
    number, share = _size(size)
    whole = sum(sizes.values())
    if share is not None:
        return {name: ceil(count * share) for name, count in sizes.items()}
    if number > whole:
        raise UsageError(f"要抽{number}个,可抽的账号只有{whole}个;请改小数目(命令行:--size)")
    return _shared(sizes, number, whole)


def _shared(sizes: Mapping[str, int], number: int, whole: int) -> Mapping[str, int]:
    """The number shared by size: whole parts first, then one each to the largest remainders; at least one each if it suffices."""
    ideal = {name: Fraction(number * count, whole) for name, count in sizes.items()}
    least = int(number >= len(sizes))
    given = {name: max(least, int(part)) for name, part in ideal.items()}
    while (over := sum(given.values()) - number) != 0:
        able = [name for name in given if over < 0 or given[name] > least]
        # the one that is furthest from its due, in the direction that is wanted; ties to the first by name
        name = min(able, key=lambda name: ((given[name] - ideal[name]) * (-1 if over > 0 else 1), name))
        given[name] += -1 if over > 0 else 1
    return given


def _size(told: str) -> tuple[int, Fraction | None]:
    """A number of accounts, or a share between 0 and 1. Raises UsageError."""
    match = _SIZE.fullmatch(told.strip())
    share = Fraction(match[2]) / 100 if match and match[2] else None
    if match is None or (share is not None and not 0 < share <= 1):
        raise UsageError(f"--size {told} 看不懂;请写个数(例如 100)或比例(例如 30%,不超过 100%)")
    return int(match[1] or 0), share


def _check(order: Order) -> None:
    if order.method == "strata":
        if not order.size:
            raise UsageError("按随机抽取要说明抽多少:100 或 30%(命令行:--size 100 或 --size 30%)")
        if order.by and order.by not in BY:
            raise UsageError(f"--by {order.by} 不对;应为 {'、'.join(BY)} 之一")
        _size(order.size)
    elif order.size or order.by:
        raise UsageError(f"--size 和 --by 只用于 --method strata;{order.method} 抽的是全部符合条件的账号")
    if order.method == "new-failing" and order.once_a_year:
        raise UsageError("上期存在突出问题的账号必须复查,不能与“一年只抽一次”同用(命令行:--once-a-year)")


def _strata(ws: Workspace, order: Order, period: Period, accounts: Sequence[Account]) -> Mapping[str, Sequence[str]]:
    if order.method == "new-failing":
        new, failed = new_accounts(ws, period, accounts), failed_before(ws, period, accounts)
        return {NEW: [one for one in new if one not in failed], FAILED: failed}
    groups: dict[str, list[str]] = defaultdict(list)
    for account in accounts:
        groups[(getattr(account, order.by) or "未填") if order.by else "全部"].append(account.account_id)
    return groups


def new_accounts(ws: Workspace, period: Period, accounts: Sequence[Account]) -> list[str]:
    """Ids of the newly filed: status 新增备案, opened after the period before, or not in the registry that it was drawn from."""
    before = ws.store.previous_period(period.name)
    frame = _frame(ws, before) if before else None
    return [
        one.account_id
        for one in accounts
        if one.status == "新增备案"
        or (before is not None and one.opened_on is not None and one.opened_on > before.end)
        or (frame is not None and one.account_id not in frame)
    ]


def _frame(ws: Workspace, period: Period) -> frozenset[str] | None:
    """The registry as it stood in a period of our own: what its list was drawn from; None where nothing was drawn."""
    made = ws.store.last_draw(period.name)
    return frozenset(made.frame) if made else None


def failed_before(ws: Workspace, period: Period, accounts: Sequence[Account]) -> list[str]:
    """Ids of the accounts that were found faulty in the period before. Raises UsageError when that is not known."""
    before = ws.store.previous_period(period.name)
    if before is None:
        raise UsageError(
            f"{period.name} 之前没有检查期,不知道上期哪些账号有问题;先运行 tracker history import 文件 --period 上期"
        )
    found = faulty(ws, before)
    return [one.account_id for one in accounts if one.account_id in found]


def _drawn_this_year(ws: Workspace, period: Period) -> frozenset[str]:
    """Ids that the counting draws of the other periods of the calendar year hold."""
    same = [one.name for one in ws.store.periods() if one.start.year == period.start.year and one.name != period.name]
    draws = (ws.store.last_draw(name) for name in same)
    return frozenset(drawn for made in draws if made for drawn in made.drawn)


def chosen(ws: Workspace, which: str, period: Period) -> tuple[Account, ...]:
    """The accounts for `sweep --accounts`: all, drawn, new or failing. Raises UsageError where it cannot be said."""
    accounts = ws.store.accounts()
    if which == "all":
        return accounts
    if which == "drawn":
        made = ws.store.last_draw(period.name)
        if made is None:
            raise UsageError(
                f"检查期 {period.name} 还没有抽查名单;先运行 tracker draw --period {period.name} --method …(网页版:抽查)"
            )
        ids: Sequence[str] = made.drawn
    elif which == "new":
        ids = new_accounts(ws, period, in_use(accounts))
    elif which == "failing":
        ids = failed_before(ws, period, in_use(accounts))
    else:
        raise UsageError(f"--accounts {which} 不对;应为 all、drawn、new、failing 之一")
    held = frozenset(ids)
    return tuple(one for one in accounts if one.account_id in held)


def scope_sentence(made: Draw, told: str = "") -> str:
    """The bulletin's sentence on what was checked (bulletin.md §2), from the draw alone; `told` = 检查率 in other decimals."""
    frame, count = len(made.frame), len(made.drawn)
    rate = f"共检查{count}个,{told or _rate(count, frame)}"
    if made.method == "all" and count == frame:
        return f"对在册的全部{frame}个政务新媒体进行了全面检查,检查率100%。"
    if made.method == "all":
        return f"对在册政务新媒体中本年度尚未抽查的账号进行了检查({rate})。"
    if made.method == "new-failing":
        kinds = {NEW: "所有新报备的政务新媒体", FAILED: f"{_last(made.period)}检查通报中存在突出问题的政务新媒体账号"}
        held = [kinds[one.name] for one in sorted(made.strata, key=lambda one: one.name == FAILED) if one.drawn]
        return f"对{'和'.join(held)}进行了抽查({rate})。"
    how = f"按{BY[made.by]}分层随机抽取" if made.by else "随机抽取"
    once = "本年度尚未抽查的" if made.once_a_year else ""
    return f"采取{how}的方式,对{once}{count}个政务新媒体进行了抽查({rate})。"


def _last(period: str) -> str:
    return "上季度" if re.fullmatch(r"\d{4}[Qq][1-4]", period) else "上期"


def _rate(count: int, frame: int) -> str:
    """`检查率约为62.9%`: one decimal, half up; 约 where rounded; more decimals rather than 100 % with somebody left out (§3)."""
    exact = Fraction(100 * count, frame)
    told = next(told for places in range(1, 9) if (told := _rounded(exact, places)) != 100 or count == frame)
    shown = f"{told.normalize():f}%" if told == exact else f"{told}%"
    return f"检查率{'' if told == exact else '约'}为{shown}"


def _rounded(exact: Fraction, places: int) -> Decimal:
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
