"""台账: find, page, import with a look before, export; the card of an account and its evidence."""

import io
import re

import openpyxl

from tests.console.conftest import Console
from tracker.console.pages.accounts import PAGE
from tracker.model import Account

ROW = re.compile(r'href="/accounts/([^"?/]+)">([^<]*)</a></td>')


def names(text: str) -> list[str]:
    return [name for own, name in ROW.findall(text) if own not in ("import", "export")]


def test_pages_follow_each_other_without_gap_or_repeat(sample: Console) -> None:
    seen: list[str] = []
    address = "/accounts"
    while address:
        text = sample.get(address).text
        found = [own for own, _ in ROW.findall(text)]
        assert len(found) <= PAGE
        seen += found
        more = re.search(r'href="(/accounts\?[^"]*)" rel="next"', text)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == [one.account_id for one in sample.ws.store.accounts()]


def test_search_and_filters(sample: Console) -> None:
    everyone = sample.ws.store.accounts()
    assert names(sample.get("/accounts?q=%E7%A4%BA%E4%BE%8B%E7%BB%9F%E8%AE%A1").text) == [
        one.name for one in everyone if "示例统计" in one.name
    ]
    platform = everyone[1].platform
    told = sample.get(f"/accounts?platform={platform}").text
    assert f"符合条件 {sum(one.platform == platform for one in everyone)} 个" in told
    assert "没有符合条件的账号" in sample.get("/accounts?q=%25_%27%22%3Cscript%3E").text


def test_an_import_is_looked_at_before_it_is_done(sample: Console) -> None:
    one = sample.ws.store.accounts()[0]
    text = f"类型,名称,主办单位\n{one.kind},{one.name},改过的单位\n微信,全新的号,新单位\n"
    address = sample.upload("/accounts/import", {"file": ("新台账.csv", text.encode())}).headers["location"]
    before = sample.ws.store.accounts()
    told = sample.get(address).text
    assert "<strong>1</strong> 新增" in told
    assert "<strong>1</strong> 变更" in told
    assert "<strong>101</strong> 文件里没有" in told
    assert sample.ws.store.accounts() == before
    assert sample.post(address).status == 303
    after = {each.account_id: each for each in sample.ws.store.accounts()}
    assert len(after) == 103
    assert after[one.account_id].organisation == "改过的单位"
    assert sample.post(address).status == 400


def test_bad_rows_are_named_and_may_be_skipped(sample: Console) -> None:
    text = "类型,名称,主办单位\n微信,全新的号,新单位\n不知道,坏行,单位\n"
    address = sample.upload("/accounts/import", {"file": ("新台账.csv", text.encode())}).headers["location"]
    told = sample.get(address).text
    assert "不知道" in told
    assert "<td>3</td>" in told
    assert "跳过有错的行" in told
    assert "有错误" in sample.get(sample.post(address).headers["location"]).text
    assert len(sample.ws.store.accounts()) == 102
    sample.post(address, {"skip": "1"})
    assert len(sample.ws.store.accounts()) == 103


def test_the_export_is_named_for_an_office_and_holds_all(sample: Console) -> None:
    answer = sample.get("/accounts/export")
    assert "filename*=UTF-8''%E7%A4%BA%E4%BE%8B%E5%B8%82%E5%8F%B0%E8%B4%A6" in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    assert sheet is not None
    assert sheet.max_row == 103


def test_the_card_shows_what_lies_behind(sample: Console) -> None:
    sweep = sample.ws.store.latest_sweep()
    assert sweep
    judged = sample.ws.store.last_judgement(sweep.name)
    assert judged
    for verdict in judged.verdicts:
        if verdict.findings and verdict.findings[0].hits:
            break
    text = sample.get(f"/accounts/{verdict.account.account_id}").text
    finding = verdict.findings[0]
    assert all(word in text for word in (verdict.word, finding.code, finding.message, finding.basis, finding.hits[0].quote))
    visits = sample.ws.store.visits(sweep.name, verdict.account.account_id)
    assert all(visit.sha256 in text for visit in visits)


def test_evidence_is_text_and_bytes_are_only_saved(sample: Console) -> None:
    sweep = sample.ws.store.latest_sweep()
    assert sweep
    visit = next(one for one in sample.ws.store.visits(sweep.name) if str(one.route) == "link")
    told = sample.get(f"/evidence/{visit.file}")
    assert told.status == 200
    assert "<pre" in told.text
    assert told.text.count("<script") == 2
    raw = sample.get(f"/evidence/{visit.file}/0")
    _, exchanges = sample.ws.evidence.read(visit.file)
    assert raw.body == exchanges[0].body
    assert raw.headers["content-type"] == "application/octet-stream"
    assert raw.headers["content-disposition"].startswith("attachment;")
    assert sample.get(f"/evidence/{visit.file}/9").status == 400


def test_damaged_evidence_is_said(sample: Console) -> None:
    sweep = sample.ws.store.latest_sweep()
    assert sweep
    visit = sample.ws.store.visits(sweep.name)[0]
    path = sample.ws.evidence.root / visit.file
    path.write_bytes(path.read_bytes()[:-9])
    answer = sample.get(f"/evidence/{visit.file}")
    assert answer.status == 400
    assert "SHA-256" in answer.text


def test_hostile_text_is_text(sample: Console) -> None:
    bad = "<script>alert(1)</script>"
    one = Account(
        account_id="hostile001", platform="made", kind=bad, name=bad, organisation=f'"{bad}', region=bad, note=bad,
        url="javascript:alert(1)",
    )  # fmt: skip
    sample.ws.store.add_accounts([one], bad, sample.desk.clock())
    for path in ("/accounts", "/accounts/hostile001", f"/accounts?q={bad}&region={bad}", f"/?notice={bad}"):
        text = sample.get(path.replace("<", "%3C").replace(">", "%3E")).text
        assert "<script>" not in text
        assert 'href="javascript' not in text
        assert "&lt;script&gt;" in text
