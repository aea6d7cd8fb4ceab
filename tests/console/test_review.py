"""复核: every candidate with its clause and its quoted place; confirmed, dismissed or asked about, never overwritten unseen."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import TODAY, Console
from tests.console.looking import hidden
from tracker.explain.quoting import find
from tracker.model import Exchange, Status
from tracker.review import waiting


def candidates(console: Console) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/review/[^"/]+/[^"/]+)"', console.get("/review").text)))


def status(console: Console, address: str) -> Status:
    _, _, own, code = unquote(address).split("/")
    judged = console.ws.store.last_judgement(console.ws.sweep().name)
    assert judged
    return next(
        finding.status
        for verdict in judged.verdicts
        for finding in verdict.findings
        if (verdict.account.account_id, finding.code) == (own, code)
    )


def exchange(body: str) -> Exchange:
    return Exchange(page="made", url="https://example.invalid/", status=200, body=body.encode(), at=TODAY)


@pytest.mark.parametrize(
    ("body", "quote", "before", "found", "after"),
    [
        ("<p>前文</p><p>扫码<b>购买</b>享优惠</p>", "扫码购买享优惠", "前文", "扫码购买享优惠", ""),
        ('{"a": "\\u524d\\u6587 \\u9650\\u65f6\\u62a2\\u8d2d \\u540e"}', "限时抢购", "前文", "限时抢购", "后"),
        ('<x data-title="示例礼盒"></x>', "示例礼盒", 'data-title="', "示例礼盒", '"'),
        ("<script>var a = '商品卡';</script>正文", "商品卡", "var a", "商品卡", "正文"),
        ("<p>甲乙丙丁戊己</p>", "乙丙丁戊…", "甲", "乙丙丁戊", "己"),
    ],
)
def test_the_place_of_a_quote_is_found(body: str, quote: str, before: str, found: str, after: str) -> None:
    place = find([exchange("别的"), exchange(body)], quote)
    assert place
    assert before in place.before
    assert re.sub(r"\s", "", place.quote) == found
    assert after in place.after


def test_a_quote_that_stands_nowhere_is_not_invented() -> None:
    assert find([exchange("<p>正文</p>"), exchange("{not json"), exchange("")], "限时抢购") is None
    assert find([], "限时抢购") is None
    assert find([exchange("正文")], "") is None


def test_every_candidate_of_the_sample_shows_its_clause_and_its_place(sample: Console) -> None:
    addresses = candidates(sample)
    judged = sample.ws.store.last_judgement(sample.ws.sweep().name)
    assert judged
    assert len(addresses) == len(waiting(judged)) >= 5
    for address in addresses:
        text = unescape(sample.get(address).text)
        _, _, own, code = address.split("/")
        verdict = next(one for one in judged.verdicts if one.account.account_id == own)
        finding = next(one for one in verdict.findings if one.code == code)
        for words in (finding.message, finding.basis, finding.arithmetic, f"{verdict.check_date:%Y-%m-%d}"):
            assert words in text
        assert text.count("<mark>") == len(finding.hits)
        assert "没有定位到" not in text


def test_confirm_dismiss_and_ask(sample: Console) -> None:
    first, second, third = candidates(sample)[:3]
    confirmed = sample.post(first, {**hidden(sample.get(first)), "choice": "confirm", "who": "王某"})
    assert confirmed.headers["location"].startswith(second)
    sample.post(second, {**hidden(sample.get(second)), "choice": "dismiss", "why": "公益内容", "who": "王某"})
    asked = sample.post(third, {**hidden(sample.get(third)), "choice": "ask", "why": "请说明合作关系"})
    assert asked.status == 303
    assert [status(sample, one) for one in (first, second, third)] == [Status.CONFIRMED, Status.DISMISSED, Status.CANDIDATE]
    decided = sample.ws.store.decisions(sample.ws.sweep().name)
    assert [(one.confirmed, one.who, one.why) for one in decided] == [(True, "王某", ""), (False, "王某", "公益内容")]
    shown = sample.get(third).text
    assert "请说明合作关系" in shown
    assert "存疑 1 次" in sample.get("/review").text
    assert "公益内容" in sample.get(second).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"choice": "dismiss"}, "驳回要写明理由"),
        ({"choice": "dismiss", "why": "  "}, "驳回要写明理由"),
        ({"choice": "ask"}, "存疑要写明要问什么"),
        ({}, "请先选择"),
        ({"choice": "maybe", "why": "x"}, "请先选择"),
    ],
)
def test_half_decisions_are_refused_in_words(sample: Console, fields: dict[str, str], words: str) -> None:
    address = candidates(sample)[0]
    answer = sample.post(address, {**hidden(sample.get(address)), **fields})
    assert answer.status == 422
    assert words in answer.text
    assert status(sample, address) is Status.CANDIDATE


def test_two_people_on_one_candidate(sample: Console) -> None:
    address = candidates(sample)[0]
    mine, theirs = hidden(sample.get(address)), hidden(sample.get(address))
    sample.post(address, {**theirs, "choice": "dismiss", "why": "公益内容", "who": "李某"})
    late = sample.post(address, {**mine, "choice": "confirm"})
    assert late.status == 422
    assert "没有覆盖" in late.text
    assert "李某" in late.text
    assert status(sample, address) is Status.DISMISSED
    sample.post(address, {**hidden(late), "choice": "confirm"})
    assert status(sample, address) is Status.CONFIRMED


def test_sending_twice_decides_once(sample: Console) -> None:
    address = candidates(sample)[0]
    form = {**hidden(sample.get(address)), "choice": "confirm"}
    assert [sample.post(address, form).status for _ in range(3)] == [303, 303, 303]
    assert len(sample.ws.store.decisions(sample.ws.sweep().name)) == 1


def test_unknown_findings_strangers_and_forged_posts(sample: Console) -> None:
    address = candidates(sample)[0]
    assert "已经没有这个问题了" in sample.get("/review/nobody/CNT-03").text
    assert sample.get("/review", cookie="").status == 401
    form = {**hidden(sample.get(address)), "choice": "confirm", "csrf": "wrong"}
    assert sample.post(address, form).status == 403
    assert status(sample, address) is Status.CANDIDATE


def test_damaged_evidence_is_told(sample: Console) -> None:
    address = candidates(sample)[0]
    own = address.split("/")[2]
    for visit in sample.ws.store.visits(sample.ws.sweep().name, own):
        (sample.ws.root / "snapshots" / visit.file).write_bytes(b"broken")
    answer = sample.get(address)
    assert answer.status == 200
    assert "SHA-256不符" in answer.text


def test_nothing_to_review_says_what_to_do(empty: Console) -> None:
    answer = empty.get("/review")
    assert answer.status == 200
    assert "去待人工" in answer.text
    assert empty.get("/review/next").headers["location"].startswith("/review?")


@pytest.mark.browser
def test_keys_decide_and_go_on(sample: Console, signed_in: Callable[..., Page]) -> None:
    first, second, third, fourth = candidates(sample)[:4]
    page = signed_in(sample)
    page.goto("/review/next")
    page.keyboard.press("1")
    page.wait_for_url(f"**{second}?*")
    page.keyboard.press("2")
    page.keyboard.type("公益内容 123")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{third}?*")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("存疑要写明要问什么")
    page.wait_for_load_state()
    page.keyboard.type("请说明")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{fourth}?*")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: fourth not in url)
    assert [status(sample, one) for one in (first, second, third)] == [Status.CONFIRMED, Status.DISMISSED, Status.CANDIDATE]
    assert sample.ws.store.decisions(sample.ws.sweep().name)[1].why == "公益内容 123"


@pytest.mark.browser
def test_review_without_scripts(sample: Console, signed_in: Callable[..., Page]) -> None:
    first = candidates(sample)[0]
    page = signed_in(sample, java_script_enabled=False)
    page.goto("/review")
    page.get_by_role("link", name="开始复核").click()
    page.get_by_text("2 驳回", exact=True).click()
    page.locator("#why").fill("公益内容")
    page.get_by_role("button", name="记录,下一条").click()
    assert status(sample, first) is Status.DISMISSED
