"""Word lists: read strictly, searched loosely, quoted exactly."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.rulebook.folding import fold
from tracker.rulebook.lexicon import SHIPPED, Kind, Lexicon, Term, load, read_terms, shipped

HEADER = "word,kind,suggestion,source,since\n"


def written(tmp_path: Path, content: str | bytes, name: str = "本单位.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lexicon(*words: tuple[str, Kind]) -> Lexicon:
    return Lexicon(terms=tuple(Term(word=word, kind=kind) for word, kind in words))


@pytest.mark.parametrize(
    ("name", "kinds", "least"),
    [
        ("commerce.csv", {Kind.COMMERCE}, 250),
        ("errors.csv", {Kind.TYPO, Kind.PHRASE, Kind.NAME, Kind.FORMER}, 250),
        ("likes.csv", {Kind.TOPIC}, 100),
    ],
)
def test_shipped_lists_are_large_and_every_word_rests_on_something(name: str, kinds: set[Kind], least: int) -> None:
    assert (SHIPPED / name).read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 with a mark only"
    terms = read_terms(SHIPPED / name)
    assert sum(term.kind in kinds for term in terms) >= least
    assert {term.kind for term in terms} == {*kinds, Kind.EXCEPT}
    assert all(term.source for term in terms)


def test_every_wrong_word_has_a_right_one_that_the_lists_do_not_call_wrong() -> None:
    wrong = [term for term in shipped().terms if term.kind in (Kind.TYPO, Kind.PHRASE, Kind.NAME, Kind.FORMER)]
    assert all(term.suggestion for term in wrong)
    kinds = {Kind.TYPO, Kind.PHRASE, Kind.NAME, Kind.FORMER}
    assert [term.word for term in wrong if shipped().find(term.suggestion, kinds)] == []
    assert all(term.since for term in wrong if term.kind is Kind.FORMER)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("今日扫码购买", "扫码购买"),
        ("今日扫 码 购 买吧", "扫 码 购 买"),
        ("扫\u200b码\ufeff购买", "扫\u200b码\ufeff购买"),
        ("扫🔥码🔥购❤️买🔥", "扫🔥码🔥购❤️买"),
        ("扫.码.购.买", "扫.码.购.买"),
        ("扫\u3000码购买", "扫\u3000码购买"),
    ],
)
def test_the_quote_is_the_source(text: str, quote: str) -> None:
    (mention,) = lexicon(("扫码购买", Kind.COMMERCE)).find(text, {Kind.COMMERCE})
    assert (mention.quote, text[mention.start : mention.end]) == (quote, quote)
    assert mention.quote in mention.context


def test_width_and_case_do_not_matter() -> None:
    found = lexicon(("VIP会员100", Kind.COMMERCE)).find("送ｖｉＰ会员１００元", {Kind.COMMERCE})
    assert [one.quote for one in found] == ["ｖｉＰ会员１００"]


def test_a_line_end_parts_words() -> None:
    assert lexicon(("扫码购买", Kind.COMMERCE)).find("请扫码\n购买", {Kind.COMMERCE}) == ()


@given(st.text(alphabet=st.sampled_from("扫码购买 \u200b🔥ＡａB⑩㎡é.。\n❤️\U0001f600")))
def test_offsets_always_lead_back(text: str) -> None:
    for mention in lexicon(("扫码", Kind.COMMERCE), ("a", Kind.COMMERCE), ("10", Kind.COMMERCE)).find(text, {Kind.COMMERCE}):
        assert text[mention.start : mention.end] == mention.quote
        assert mention.quote
        assert mention.term.word in fold(mention.quote).text


def test_the_longest_word_wins() -> None:
    found = lexicon(("优惠", Kind.COMMERCE), ("优惠券", Kind.COMMERCE)).find("领优惠券", {Kind.COMMERCE})
    assert [one.term.word for one in found] == ["优惠券"]


def test_a_longer_honest_phrase_wins_and_is_told_only_if_asked_for() -> None:
    words = lexicon(("按排", Kind.TYPO), ("按排名", Kind.EXCEPT))
    assert words.find("按排名公布", {Kind.TYPO}) == ()
    assert [one.quote for one in words.find("按排名公布", {Kind.TYPO, Kind.EXCEPT})] == ["按排名"]
    assert [one.quote for one in words.find("按排专人", {Kind.TYPO})] == ["按排"]


def test_kinds_do_not_hide_each_other() -> None:
    words = lexicon(("限时抢购", Kind.COMMERCE), ("限时", Kind.TOPIC))
    assert [one.quote for one in words.find("限时抢购", {Kind.TOPIC})] == ["限时"]


def test_an_office_adds_removes_and_replaces_words(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    written(tmp_path / "words", HEADER + "示例牌白酒,商业,,本单位,\n优惠券,除外,,本单位,\n按排,错别字,安排(本单位),本单位,\n")
    own = load(tmp_path / "words")
    assert [one.quote for one in own.find("示例牌白酒配优惠券", {Kind.COMMERCE})] == ["示例牌白酒"]
    (mention,) = own.find("按排专人", {Kind.TYPO})
    assert mention.term.suggestion == "安排(本单位)"
    assert own.digest != shipped().digest
    assert load(tmp_path / "none") is shipped()


def test_an_office_may_call_wrong_what_we_excuse() -> None:
    own = lexicon(("按排名", Kind.EXCEPT)).with_terms([Term(word="按排名", kind=Kind.TYPO)])
    assert [one.quote for one in own.find("按排名", {Kind.TYPO})] == ["按排名"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_as_windows_writes_them(tmp_path: Path, encoding: str, end: str) -> None:
    content = f"词,类别,建议,依据,启用日期{end}卫计局,机构旧称,卫生健康局,机构改革方案,2019/04/01{end}".replace("/0", "-0")
    assert read_terms(written(tmp_path, content.encode(encoding))) == (
        Term(word="卫计局", kind=Kind.FORMER, suggestion="卫生健康局", source="机构改革方案", since=date(2019, 4, 1)),
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "是空的"),
        ("词语表\n优惠券\n", "缺少 word(词"),
        ("word,suggestion\n优惠券,\n", "缺少 kind"),
        (HEADER + "优惠券,商业,,,\n,商业,,,\n", "第3行的 word(词)列是空的"),
        (HEADER + "\u200b🔥 ,商业,,,\n", "第2行的 word(词)列是空的"),
        (HEADER + "优惠券,广告,,,\n", "第2行的 kind(类别)列是“广告”:应为 商业"),
        (HEADER + "优惠券,商业,,,\n包邮,商业,,,\n优 惠券,商业,,,\n", "第4行:词“优 惠券”与第2行重复"),
        (HEADER + "工商局,机构旧称,市场监管局,,2018年\n", "第2行的 since(启用日期)列是“2018年”"),
        (HEADER + '"优惠券,商业,,,\n', "不是规整的 csv"),
        (b"\xff\xfe\x00\x01", "文字编码不是 UTF-8 或 GB18030"),
        (b"word,kind\n\x81\x20\x81,\xff\n", "文字编码不是 UTF-8 或 GB18030"),
    ],
)
def test_hostile_lists_are_refused_by_file_row_and_column(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_terms(written(tmp_path, content))
    assert says in str(refused.value)
    assert "本单位.csv" in str(refused.value)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="路径不存在"):
        read_terms(tmp_path / "没有.csv")


def test_an_empty_lexicon_finds_nothing() -> None:
    assert lexicon().find("扫码购买", {Kind.COMMERCE}) == ()


def test_five_thousand_words_are_faster_than_looking_for_each() -> None:
    words = [chr(0x4E00 + n % 5000) + chr(0x5E00 + n * 7 % 4000) + chr(0x6E00 + n * 13 % 3000) for n in range(5000)]
    many = Lexicon(terms=tuple(Term(word=word, kind=Kind.TYPO) for word in dict.fromkeys(words)))
    text = "全县各级各部门要认真贯彻会议精神,确保各项工作落到实处。" * 62
    assert len(text.encode()) > 5000
    many.find(text, {Kind.TYPO})
    start = time.perf_counter()
    for _ in range(20):
        many.find(text, {Kind.TYPO})
    ours = (time.perf_counter() - start) / 20
    start = time.perf_counter()
    found = [word for word in words if word in text]
    naive = time.perf_counter() - start
    assert found == []
    assert ours < naive
