"""Words that deny a fault, or say that it is put right, are never read as that fault (promise 1)."""

import pytest

from tests.looks.test_looks import look, verdict_of
from tracker import looks
from tracker.model import Conclusion
from tracker.rulebook.taxonomy import read_phrases

DENIED = [
    "未发现长期未更新",
    "不存在未及时更新现象",
    "无未及时更新现象",
    "无“僵尸”现象",
    "未出现长时间未更新情况",
    "不是僵尸账号",
    "非僵尸账号",
    "账号无睡眠现象",
    "不存在未提供有效互动功能的情况",
    "无禁止留言现象",
    "未关闭评论",
    "未设置禁止留言",
    "客户端无无法使用情况",
    "未发现未备案账号",
    "页面底部无商业广告",
]
CURED = [
    "原僵尸问题已解决",
    "上季度未及时更新问题已整改",
    "未及时更新(已整改)",
    "未及时更新问题已整改到位",
    "未更新,已整改",
    "长期未更新,已恢复更新",
    "底部商业信息已删除",
    "错敏信息已更正",
    "简介已更新",
    "未及时更新,整改完成",
]


@pytest.mark.parametrize("words", [*DENIED, *CURED])
def test_a_denial_or_a_cure_is_no_finding(words: str) -> None:
    assert {phrase.code for phrase in read_phrases(words)} == {None}


@pytest.mark.parametrize("words", CURED)
def test_kept_as_it_stands_it_never_fails_an_account(words: str) -> None:
    verdict = verdict_of(look(found=words))
    assert verdict.conclusion is Conclusion.UNCHECKED


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("未整改到位,仍未更新", "UPD-01"),
        ("长期未更新,未整改", "UPD-02"),
        ("未及时更新(整改不到位)", "UPD-01"),
        ("未发现问题", "OK"),
        ("未搜索到账号信息", "REG-04"),
        ("长期未更新(未发现2020年内容)", "UPD-02"),
        ("未提供有效互动功能", "INT-01"),
        ("备案平台未关停", "LIF-01"),
    ],
)
def test_what_is_a_fault_stays_one(words: str, code: str) -> None:
    assert code in {phrase.code for phrase in read_phrases(words)}


@pytest.mark.parametrize("words", ["合格,未提供有效互动功能", "正常;长期未更新", "无,未及时更新"])
def test_a_clean_word_does_not_swallow_the_fault_beside_it(words: str) -> None:
    assert verdict_of(look(found=words)).conclusion is Conclusion.FAILED


def test_a_clean_word_beside_a_note_does_not_vouch_for_the_rest() -> None:
    assert [one.code for one in looks.read(look(found="合格,内容不规范")).reported] == ["CNT-01"]
