"""The card as lines: hostile text stays text on its own line, and what cannot be shown is said."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.made import account, noon, visit
from tracker.cli.common import visible
from tracker.clock import SHANGHAI
from tracker.evidence import Evidence, VisitMeta
from tracker.explain import Before, Card, as_json
from tracker.explain.proofs import Files
from tracker.model import (
    Conclusion,
    Decision,
    Effect,
    Exchange,
    Finding,
    Hit,
    Route,
    Status,
    Undetermined,
    Verdict,
    Window,
)

ON = date(2026, 11, 6)
EVIL = "\x1b[2J\x1b]0;x\x07正常\n检查结果:合格\r\u202e证据"


def verdict(*findings: Finding, **told: object) -> Verdict:
    fixed: dict[str, object] = {
        "account": account(),
        "conclusion": Conclusion.FAILED,
        "word": "不合格",
        "check_date": ON,
        "latest_post": None,
        "idle_days": None,
        "findings": findings,
    }
    return Verdict(**{**fixed, **told})  # type: ignore[arg-type]


def finding(**told: object) -> Finding:
    fixed = {"code": "CNT-03", "message": "商业信息", "basis": "依据", "effect": Effect.VETO, "status": Status.CONFIRMED}
    return Finding(**{**fixed, **told})  # type: ignore[arg-type]


def test_hostile_text_is_printed_as_text() -> None:
    hit = Hit(kind=EVIL, quote=EVIL, url=f"https://example.invalid/{EVIL}")
    card = Card(
        verdict=verdict(
            finding(message=EVIL, arithmetic=EVIL, hits=(hit,), counterfactual=EVIL),
            account=account(name=EVIL, organisation=EVIL),
            undetermined=(Undetermined(code="INT-01", reason=EVIL),),
            notes=(EVIL,),
            printed_date=EVIL,
            latest_post=ON,
        ),
        visits=(visit(),),
        decisions=(Decision(account_id="示例0001", code="X", confirmed=False, who=EVIL, why=EVIL, at=noon(ON)),),
        before=(Before(period=EVIL, codes=("UPD-01",), words=EVIL),),
        damaged=(EVIL,),
    )
    lines = [visible(line) for line in card.lines()]
    assert sum(line.startswith("检查结果:") for line in lines) == 1
    assert not any(set(line) & set("\x1b\x07\r\n\u202e") for line in lines)
    assert any("\\u001b[2J" in line for line in lines)
    assert all(len(line) < 3000 for line in lines)


def test_only_the_verdict_and_the_visits_are_needed() -> None:
    card = Card(verdict=verdict(finding(hits=(Hit(kind="商品", quote="礼盒"),))), visits=())
    lines = list(card.lines())
    assert "没有采集记录" in lines
    assert any("礼盒" in line for line in lines)
    assert as_json(card)["damaged"] == []


def test_many_hits_are_cut_on_the_card_only() -> None:
    hits = tuple(Hit(kind="商品", quote=f"第{n}件") for n in range(40))
    card = Card(verdict=verdict(finding(hits=hits)), visits=())
    assert any("另有28处" in line for line in card.lines())
    assert len(as_json(card)["findings"][0]["hits"]) == 40  # type: ignore[index]


AT = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Files, str]:
    evidence = Evidence(tmp_path)
    meta = VisitMeta(
        account_id="a1",
        account_key="made:示例",
        platform="made",
        route=Route.HTTP,
        window=Window(since=ON, until=ON),
        today=ON,
        at=AT,
    )
    bodies = {"https://example.invalid/1": '{"t": "\\u793c\\u76d2 特价"}', "https://example.invalid/2": "<p>礼盒 <b>特价</b></p>"}
    answers = [Exchange(page="p", url=url, status=200, body=body.encode(), at=AT) for url, body in bodies.items()]
    stored = evidence.keep("s1", "a1", meta, answers)
    return Files(evidence, {stored.file: stored.sha256}), stored.file


@pytest.mark.parametrize(
    ("quote", "url", "page", "context"),
    [
        ("礼盒 特价", "https://example.invalid/2", "https://example.invalid/2", True),
        ("礼盒特价", "", "https://example.invalid/1", True),
        ("礼盒特价", "https://elsewhere.invalid/", "https://example.invalid/1", True),
        ("页面底部有商品", "https://example.invalid/2", "https://example.invalid/2", False),
    ],
)
def test_the_record_of_a_quote(files: tuple[Files, str], quote: str, url: str, page: str, context: bool) -> None:
    shelf, file = files
    shown = shelf.show(Hit(kind="商品", quote=quote, url=url, file=file))
    assert (shown.url, bool(shown.quote), shown.trouble, shown.at) == (page, context, "", AT)
    assert shown.record_id.startswith("<urn:uuid:")
    assert shown.digest.startswith("sha256:")


def test_what_cannot_be_found_is_said(files: tuple[Files, str]) -> None:
    shelf, file = files
    assert "没有在其中找到" in shelf.show(Hit(kind="商品", quote="别的话", file=file)).trouble
    assert "没有对应的证据文件" in shelf.show(Hit(kind="台账", quote="停运")).trouble
    assert shelf.damaged == ()
    assert "不见了" in shelf.show(Hit(kind="商品", quote="礼盒", file="s1/gone-1.warc.gz")).trouble
    assert len(shelf.damaged) == 1
