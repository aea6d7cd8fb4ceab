"""Mentions in their sentence: the labelled sets as gates, and each context rule by itself."""

import re
import tomllib
from datetime import date

import pytest

from benchmarks.text_findings import LEAST_PRECISION, LEAST_RECALL, footers, main, rows, texts
from tracker.rulebook.context import Confidence, Where, commercial, mistakes, off_topic
from tracker.rulebook.lexicon import SHIPPED, Kind, shipped


def test_labelled_sets_are_large_and_split_in_halves() -> None:
    for name, label in (("footers", "label"), ("texts", "wrong")):
        dev, test = rows(name, "dev"), rows(name, "test")
        assert len(dev) + len(test) >= 300
        assert len(test) >= 150
        assert not {row["text"] for row in dev} & {row["text"] for row in test}
        assert len({row[label] for row in test}) > 1


def test_footers_reach_their_gates() -> None:
    tested = footers("test")
    assert tested.precision >= LEAST_PRECISION, tested.false
    assert tested.recall >= LEAST_RECALL, len(tested.missed)
    assert main() == 0


def test_texts_do_not_fall_back() -> None:
    tested = texts("test")
    assert tested.precision >= 0.98, tested.false
    assert tested.recall >= 0.9


REASONS = {rule["name"]: rule["reason"] for rule in tomllib.loads((SHIPPED / "context.toml").read_text("utf-8"))["excuse"]}
EXCUSED = [
    ("warning", "市场监管部门提醒:警惕“扫码购买”陷阱"),
    ("supervision", "执法人员查处一起发布“无效退款”虚假广告案"),
    ("forbidden", "机关账号不得承接广告投放"),
    ("title", "《扫码购买指南》节选"),
    ("hotline", "团购热线纠纷请拨打12315"),
    ("service", "便民服务:医保缴费点击下方,不产生优惠券"),
    ("organised", "助农直播间里,帮扶产品全国包邮"),
    ("market_news", "全县商品房热门楼盘销售额同比增长"),
    ("investment", "县招商局招商热线0917-0000000"),
    ("procurement", "公交站台广告位招租,详见公共资源交易中心公告"),
    ("law_quiz", "宪法知识竞赛,答题有好礼"),
]
WRONG = [
    ("title", "《法治政府与法制政府》一书出版"),
    ("lesson", "上期“布署”为“部署”之误"),
    ("person", "他叫布署"),
    ("former", "原国土资源局干部"),
    ("former", "改革前,县里把工商局归省里管"),
    ("merged", "国土资源局已并入自然资源局"),
]


@pytest.mark.parametrize(("rule", "text"), EXCUSED)
def test_sales_talk_is_excused_with_its_reason(rule: str, text: str) -> None:
    search = commercial(text, shipped(), Where.FOOTER)
    assert search.hits == ()
    assert REASONS[rule] in {one.reason for one in search.excused}


@pytest.mark.parametrize(("rule", "text"), WRONG)
def test_wrong_words_are_excused_with_their_reason(rule: str, text: str) -> None:
    search = mistakes(text, shipped())
    assert search.hits == ()
    assert REASONS[rule] in {one.reason for one in search.excused}


def test_every_rule_of_context_is_tried() -> None:
    assert {name for name, _ in (*EXCUSED, *WRONG)} == set(REASONS)


def test_the_same_words_without_the_context_count() -> None:
    for text in ("扫码购买指南在此", "无效退款,欢迎进店有礼", "广告投放请联系我们", "全国包邮"):
        assert commercial(text, shipped(), Where.FOOTER).hits, text
    for text in ("领导布署工作", "国土资源局巡查", "建设法制政府"):
        assert mistakes(text, shipped()).hits, text


def test_a_warning_excuses_its_own_sentence_only() -> None:
    search = commercial("警方提醒:优惠券返现是诈骗。长按识别二维码购买本地苹果。", shipped(), Where.FOOTER)
    assert "优惠券" in {one.mention.quote for one in search.excused}
    assert [one.mention.quote for one in search.hits] == ["长按识别二维码购买"]


def test_one_weak_word_is_no_finding_and_is_told() -> None:
    search = commercial("商品促销信息请看公告栏", shipped(), Where.FOOTER)
    assert search.hits == ()
    assert [one.mention.quote for one in search.excused] == ["促销"]


def test_weak_words_without_price_or_contact_are_news() -> None:
    assert commercial("商场促销,群众选购,店铺开业", shipped(), Where.FOOTER).hits == ()


def test_weak_hints_with_a_price_wait_for_a_person() -> None:
    hits = commercial("店铺开业,苹果38元/箱", shipped(), Where.FOOTER).hits
    assert {one.confidence for one in hits} == {Confidence.LOW}


def test_a_clear_phrase_is_of_high_confidence() -> None:
    assert {one.confidence for one in commercial("扫码购买", shipped()).hits} == {Confidence.HIGH}


def test_posts_and_likes_need_more_than_page_bottoms() -> None:
    text = "店铺里苹果38元/箱"
    assert commercial(text, shipped(), Where.FOOTER).hits
    assert commercial(text, shipped(), Where.LIKED).hits == ()


def test_numbers_of_public_life_are_no_prices() -> None:
    for text in ("最低气温低至3℃", "只需3分钟即可办结", "年满60岁老人免费领取", "气温直降10度", "材料由5份减为2份"):
        assert commercial(text, shipped(), Where.FOOTER).hits == (), text


def test_a_name_is_right_until_its_day() -> None:
    assert mistakes("银监会发布公告", shipped(), on=date(2018, 3, 21)).hits == ()
    assert mistakes("银监会发布公告", shipped(), on=date(2018, 3, 22)).hits
    old = mistakes("2016年银监会发布公告", shipped(), on=date(2026, 11, 6))
    assert (old.hits, "2016年" in old.excused[0].reason) == ((), True)


def test_topics_are_always_of_low_confidence() -> None:
    (hit,) = off_topic("某顶流昨日现身", shipped()).hits
    assert (hit.mention.quote, hit.confidence) == ("顶流", Confidence.LOW)


def test_honest_phrases_of_public_bodies_are_told_apart() -> None:
    search = commercial("本周优惠券发放安排", shipped(), Where.FOOTER)
    assert search.hits == ()
    assert [one.reason for one in search.excused] == ["“优惠券发放”是除外的说法"]


def test_context_file_is_whole() -> None:
    told = tomllib.loads((SHIPPED / "context.toml").read_text(encoding="utf-8"))
    for rule in told["excuse"]:
        assert set(rule) <= {"name", "kinds", "where", "reason", "patterns", "unless", "only"}
        assert rule["where"] in ("sentence", "before", "after", "whole")
        assert set(rule["kinds"]) <= set(Kind)
        assert [re.compile(one) for one in rule["patterns"]]
