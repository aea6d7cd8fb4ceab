"""The re-check as tables and sentences: what the command line and the page hand out alike."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tracker.model import Sheet
from tracker.rectify.against import Recheck
from tracker.rectify.records import Held, Rectification, Summary, Word

HEADER = ("序号", "新媒体类型", "新媒体名称", "主办单位", "县区", "上期问题", "整改情况", "本期新的问题", "关停注销情况", "说明")
ONE_BY_ONE = ("序号", "新媒体名称", "问题代码", "上期问题", "整改情况", "说明", "上期依据", "本期证据")


def sentences(one: Summary) -> Iterable[str]:
    """The counts in words; the rate half up to two decimals, what could not be checked named apart (bulletin.md §3)."""
    if not one.formerly:
        yield f"{one.period}没有发现存在突出问题的账号,无可复核"
        return
    yield (
        f"{one.period}检查发现存在突出问题的政务新媒体{one.formerly}个,复核{one.rechecked}个:"
        f"已整改{one.rectified}个,未整改到位{one.partly}个,未整改{one.not_rectified}个"
    )
    if one.rate is not None:
        exact = Decimal(100 * one.rate.numerator) / Decimal(one.rate.denominator)
        yield f"整改率{exact.quantize(Decimal('0.01'), ROUND_HALF_UP)}%({one.rectified}/{one.rechecked})"
    if one.closing:
        yield f"另有{one.closing}个{Word.CLOSING},不计入整改率"
    if one.unknown:
        yield f"另有{one.unknown}个{Word.UNKNOWN},不计入整改率"
    if one.fresh:
        yield f"已整改的账号中有{one.fresh}个出现新的问题"


def new_words(one: Rectification) -> str:
    """What stands now and answers to no old finding, in words."""
    return ",".join(dict.fromkeys(finding.message for finding in one.fresh))


def sheets(told: Recheck) -> tuple[Sheet, Sheet]:
    """整改情况 by account, and 逐项 by finding."""
    accounts = (HEADER, *(_row(number, one) for number, one in enumerate(told.accounts, 1)))
    each = [(one, held) for one in told.accounts for held in one.held]
    findings = [_one_by_one(number, one, held) for number, (one, held) in enumerate(each, 1)]
    return Sheet(name="整改情况", cells=accounts), Sheet(name="逐项", cells=(ONE_BY_ONE, *findings))


def _row(number: int, one: Rectification) -> Sequence[object]:
    filed = one.account or one.earlier
    organisation, region = (filed.organisation, filed.region) if filed else ("", "")
    told = (one.previous, one.printed, new_words(one), one.closing, one.reason)
    return (number, one.kind, one.name, organisation, region, *told)


def _one_by_one(number: int, one: Rectification, held: Held) -> Sequence[object]:
    source = one.earlier.source if one.earlier else ""
    told = (held.old.code, held.old.words, held.word.value, held.reason)
    return (number, one.name, *told, source, "、".join(held.files))
