"""tracker explain: the whole card, down to the bytes."""

import gzip
from pathlib import Path

from tests.cli.conftest import Run


def test_a_silent_account(judged: Run, home: Path) -> None:
    said = judged("explain", "示例统计")
    assert said.code == 0
    for words in (
        "检查结果:不合格",
        "国办秘函〔2019〕19号",
        "相隔22天(期限14天)",
        "10月22日或以后有一条公开发布",
        "口径:baoji(摘要 ",
    ):
        assert words in said.out
    (card,) = judged("explain", "示例统计", "--json").lines
    (finding,) = card["findings"]
    (post,) = finding["bytes"]
    assert (post["what"], post["on"][:10], post["link"]) == ("发布", "2026-10-14", post["link"])
    assert post["link"].startswith("https://")
    assert post["quote"] in post["context"]
    stored = gzip.decompress((home / "snapshots" / post["file"]).read_bytes()).decode("utf-8", "replace")
    record = next(part for part in stored.split("WARC/1.1\r\n") if post["record_id"] in part)
    assert f"WARC-Payload-Digest: {post['digest']}" in record
    assert post["url"] in record
    assert post["quote"] in record
    assert card["latest"][0]["record_id"] == post["record_id"]


def test_a_candidate_shows_the_words_in_their_place(judged: Run) -> None:
    (card,) = judged("explain", "weixin:示例文旅", "--json").lines
    (shown,) = card["findings"][0]["bytes"]
    assert (shown["kind"], shown["quote"]) == ("商品卡片", "示例牌山货礼盒")
    assert 'data-title="示例牌山货礼盒"' in shown["context"]
    assert "上下文:…" in judged("explain", "weixin:示例文旅").out


def test_what_people_said(judged: Run) -> None:
    assert judged("review", "dismiss", "weixin:示例文旅", "CNT-03", "--why", "便民小程序", "--who", "王某").code == 0
    said = judged("explain", "weixin:示例文旅")
    assert "已驳回" in said.out
    assert "驳回,理由:便民小程序" in said.out
    (card,) = judged("explain", "weixin:示例文旅", "--json").lines
    assert [(one["code"], one["confirmed"], one["who"]) for one in card["decisions"]] == [("CNT-03", False, "王某")]


def test_what_stayed_unknown_is_grouped_by_its_reason(judged: Run) -> None:
    out = judged("explain", "douyin:戊岭公安").out.splitlines()
    waited = [line for line in out if "平台要求验证,通道已停" in line]
    assert len(waited) == 1
    assert "UPD-01、INT-01" in waited[0]


def test_a_clerks_row_is_shown_with_its_record(judged: Run, table) -> None:  # type: ignore[no-untyped-def]
    sheet = table(
        "检查表.csv",
        ("新媒体类型", "新媒体名称", "检查日期", "发现问题"),
        ("微信订阅号", "示例科技", "2026-11-06", "个别栏目长期未更新"),
    )
    assert judged("observe", "import", sheet, "--sweep", "s1").code == 0
    judged("judge", "--sweep", "s1")
    (card,) = judged("explain", "weixin:示例科技", "--json").lines
    (shown,) = next(one for one in card["findings"] if one["code"] == "COL-01")["bytes"]
    assert (shown["what"], shown["url"][:13]) == ("填报", "urn:sheet-row")
    assert "个别栏目长期未更新" in shown["context"]


def test_earlier_periods_are_told(judged: Run, table) -> None:  # type: ignore[no-untyped-def]
    listed = table(
        "2026Q3.csv",
        ("序号", "新媒体类型(七选一)", "其他(新媒体类型)", "新媒体名称", "代表主体名称", "检查结果", "存在的突出问题", "备注"),
        ("1", "微信", "", "示例统计", "示例市统计局", "不合格", "监测时间点前2周内未更新", ""),
    )
    assert judged("history", "import", listed, "--period", "2026Q3").code == 0
    out = judged("explain", "示例统计").out
    assert "2026Q3 监测时间点前2周内未更新(UPD-01)" in out
    assert "本期重复出现:UPD-01" in out
    assert "以往各期" not in judged("explain", "weixin:示例文旅").out


def test_a_damaged_file_is_named_and_the_rest_is_still_printed(judged: Run, home: Path) -> None:
    (card,) = judged("explain", "示例统计", "--json").lines
    path = home / "snapshots" / card["evidence"][0]["file"]
    raw = bytearray(path.read_bytes())
    raw[-40] ^= 1
    path.write_bytes(raw)
    said = judged("explain", "示例统计")
    assert said.code == 1
    assert "SHA-256不符" in said.err
    assert path.name in said.err
    for words in ("检查结果:不合格", "相隔22天", "怎样算通过", f"证据有问题:证据文件s1/{path.name}"):
        assert words in said.out
    path.unlink()
    said = judged("explain", "示例统计", "--json")
    assert (said.code, len(said.lines)) == (1, 1)
    assert "不见了" in said.err
    assert "不见了" in said.lines[0]["damaged"][0]
    assert "不见了" in said.lines[0]["findings"][0]["bytes"][0]["trouble"]
    assert judged("explain", "weixin:示例文旅").code == 0


def test_what_is_refused(judged: Run) -> None:
    judged("explain", "没有这个号").refused("“没有这个号”")
    judged("explain", "示例统计", "--sweep", "没有").refused("没有名为 没有")
