"""The figures of a bulletin: parts add up, shares recompute, rounding is half up and never says all where it is not."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bulletin.cities import account, finding, verdict
from tracker.model import Account, Conclusion, Effect, Finding, Verdict
from tracker.statistics import Before, Recheck, Share, build, compare

ORG_TYPES = ("地方政府", "市级部门", "县级部门", "乡镇政府", "街道办事处", "", "国有企业")
REGIONS = ("市直", "甲山县", "乙水县", "")
CODES = ("UPD-01", "UPD-03", "UPD-05", "INT-01", "CNT-02", "REG-01")


@pytest.mark.parametrize(
    ("part", "whole", "places", "text"),
    [
        (82, 100, 0, "82%"),
        (46, 50, 1, "92.0%"),
        (409, 423, 2, "96.69%"),
        (409, 423, 0, "97%"),  # never cut off
        (151, 240, 1, "62.9%"),
        (437, 461, 1, "94.8%"),
        (126, 134, 2, "94.03%"),
        (116, 120, 2, "96.67%"),
        (1, 8, 2, "12.50%"),
        (1, 16, 1, "6.3%"),  # 6.25: half goes up
        (1, 200, 0, "1%"),  # 0.5: half goes up
        (29, 200, 0, "15%"),  # 14.5: half goes up, where binary floats and bankers say 14
        (999, 1000, 0, "99.9%"),
        (9999, 10000, 0, "99.99%"),
        (99999, 100000, 2, "99.999%"),
        (1, 1000, 0, "0.1%"),
        (7, 7, 2, "100%"),
        (0, 7, 2, "0%"),
    ],
)
def test_a_share_is_printed_as_set_and_rounded_half_up(part: int, whole: int, places: int, text: str) -> None:
    assert Share(part=part, whole=whole, places=places).text == text


@pytest.mark.parametrize(("part", "whole", "places"), [(2, 1, 0), (-1, 2, 0), (0, 0, 0), (1, 2, 3), (1, 2, -1)])
def test_an_impossible_share_is_no_share(part: int, whole: int, places: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Share(part=part, whole=whole, places=places)


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 2))
def test_a_share_recomputes_from_both_its_numbers(part: int, extra: int, places: int) -> None:
    share = Share(part=part, whole=part + extra, places=places)
    exact = Fraction(100 * part, part + extra)
    digits = max(0, -share.percent.as_tuple().exponent)
    again = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert share.percent == again
    assert digits >= places or share.percent == 0
    assert share.percent != 100
    assert share.exact is (share.percent == exact)


@st.composite
def _city(draw: st.DrawFn) -> tuple[list[Account], list[Verdict]]:
    size = draw(st.integers(1, 25))
    accounts = [account(at, draw(st.sampled_from(REGIONS)), draw(st.sampled_from(ORG_TYPES))) for at in range(1, size + 1)]
    verdicts = []
    for one in accounts[: draw(st.integers(1, size))]:
        conclusion = draw(st.sampled_from([one for one in Conclusion if one is not Conclusion.TO_REVIEW]))
        codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True))
        found = [finding(code, f"问题{code}") for code in codes] if conclusion is Conclusion.FAILED else []
        verdicts.append(verdict(one, conclusion, *found, reason="需要登录态" if conclusion is Conclusion.UNCHECKED else ""))
    return accounts, verdicts


def _shown(one: Verdict) -> tuple[Finding, ...]:
    return one.findings


@given(_city(), st.integers(0, 2), st.booleans())
def test_parts_add_up_to_their_wholes(city: tuple[list[Account], list[Verdict]], places: int, leaving_counts: bool) -> None:
    accounts, verdicts = city
    told = build(verdicts, accounts, shown=_shown, places=places, leaving_counts=leaving_counts)
    assert told.registered == len(accounts)
    assert told.checked == len(verdicts) == told.passed + told.failed + told.unseen + told.leaving
    assert sum(one.count for one in told.layers) in (0, told.registered)
    assert sum(one.count for one in told.unseen_reasons) == told.unseen
    assert sum(one.count for one in told.words) == told.passed
    for groups in (told.by_type, told.by_region, told.by_layer):
        for name in ("registered", "checked", "passed", "failed", "unseen", "leaving"):
            assert sum(getattr(one, name) for one in groups) == getattr(told, name)
    assert (told.check_rate.part, told.check_rate.whole) == (told.checked, told.registered)
    rated = told.seen - (0 if leaving_counts else told.leaving)
    if rated:
        assert told.pass_rate is not None
        assert told.fail_rate is not None
        assert (told.pass_rate.part, told.pass_rate.whole) == (rated - told.failed, rated)
        assert told.pass_rate.part + told.fail_rate.part == rated
    else:
        assert told.pass_rate is told.fail_rate is None


@given(_city())
def test_kinds_are_counted_over_failing_accounts(city: tuple[list[Account], list[Verdict]]) -> None:
    accounts, verdicts = city
    told = build(verdicts, accounts, shown=_shown)
    failing = {one.account.account_id for one in verdicts if one.conclusion is Conclusion.FAILED}
    held = {one.account_id for kind in told.kinds for one in kind.accounts}
    assert held == failing
    for kind in told.kinds:
        assert kind.share.whole == told.failed
        assert kind.share.part == kind.count == len({one.account_id for one in kind.accounts})
        assert sum(one.count for one in kind.words) == kind.count
    assert told.several is (sum(kind.count for kind in told.kinds) > told.failed)


def test_every_length_of_silence_is_one_kind_and_its_tiers_are_told() -> None:
    accounts = [account(at, "市直", "市级部门") for at in range(1, 4)]
    codes = ("UPD-01", "UPD-03", "INT-01")
    verdicts = [verdict(one, Conclusion.FAILED, finding(code, code)) for one, code in zip(accounts, codes, strict=True)]
    first, second = build(verdicts, accounts, shown=_shown).kinds
    assert (first.title, first.codes, first.count) == ("内容更新不及时", ("UPD-01", "UPD-03"), 2)
    assert [(one.name, one.count) for one in first.words] == [("UPD-01", 1), ("UPD-03", 1)]
    assert second.title == "未提供有效互动功能"


def test_what_waits_for_a_person_counts_in_a_draft_only() -> None:
    accounts = [account(1, "市直", "市级部门"), account(2, "市直", "市级部门")]
    verdicts = [verdict(accounts[0], Conclusion.TO_REVIEW, finding("INT-01", "x")), verdict(accounts[1], Conclusion.PASSED)]
    with pytest.raises(ValueError, match="waits for a person"):
        build(verdicts, accounts, shown=_shown)
    told = build(verdicts, accounts, shown=_shown, draft=True)
    assert (told.failed, told.waiting) == (1, 1)


def test_an_account_outside_the_frozen_registry_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the registry"):
        build([verdict(account(1, "", ""), Conclusion.PASSED)], [account(2, "", "")], shown=_shown)


def test_a_reason_is_told_by_its_first_clause() -> None:
    accounts = [account(at, "市直", "市级部门") for at in range(1, 4)]
    reasons = ("平台要求验证,通道已停,待人工(出现验证码)", "平台要求验证,通道已停,待人工", "")
    verdicts = [verdict(one, Conclusion.UNCHECKED, reason=told) for one, told in zip(accounts, reasons, strict=True)]
    told = build(verdicts, accounts, shown=_shown)
    assert [(one.name, one.count) for one in told.unseen_reasons] == [("平台要求验证", 2), ("没有采集记录", 1)]
    assert told.pass_rate is None


def test_a_note_alone_fails_nobody() -> None:
    accounts = [account(1, "市直", "市级部门")]
    noted = verdict(accounts[0], Conclusion.PASSED, finding("COL-05", "x", Effect.NOTE), word="基本合格")
    told = build([noted], accounts, shown=_shown)
    assert (told.failed, told.passed, told.kinds) == (0, 1, ())
    assert told.words[0].name == "基本合格"


def test_rates_differ_by_what_is_printed() -> None:
    accounts = [account(at, "市直", "市级部门") for at in range(1, 4)]
    verdicts = [verdict(one, Conclusion.PASSED) for one in accounts[:2]]
    verdicts.append(verdict(accounts[2], Conclusion.FAILED, finding("INT-01", "x")))
    told = build(verdicts, accounts, shown=_shown, places=1)
    before = Before(title="第三季度", failed=1, rate=Share(part=5, whole=8, places=1))
    moved = compare(told, before)
    assert moved is not None
    assert moved.rate is not None
    assert moved.rate.words("提升", "下降") == "提升4.2个百分点"  # 66.7 - 62.5
    assert moved.failed is not None
    assert moved.failed.words("增加", "减少") == "持平"
    assert moved.passed is None
    assert compare(told, Before(title="第三季度")) is None
    assert compare(told, None) is None


@given(st.lists(st.integers(0, 20), min_size=6, max_size=6), st.integers(0, 2))
def test_a_re_check_adds_up_and_names_closing_apart(parts: list[int], places: int) -> None:
    rectified, partly, not_rectified, closing, unseen, rest = parts
    told = Recheck(
        title="第三季度",
        formerly=sum(parts),
        rectified=rectified,
        partly=partly,
        not_rectified=not_rectified,
        closing=closing,
        unseen=unseen,
    )
    assert told.rest == rest
    rate = told.rate(places)
    assert (rate is None) is (rectified + partly + not_rectified == 0)
    if rate:
        assert (rate.part, rate.whole) == (rectified, rectified + partly + not_rectified)
