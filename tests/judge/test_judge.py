"""Judging stored sweeps: claims need their proof over days, links are matched carefully, decisions are appended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.made import noon, posts, visit
from tracker import settings
from tracker.errors import UsageError
from tracker.judge import as_json, judge
from tracker.model import Account, Aspect, Conclusion, Decision, Found, Hit, Identity, Outcome, Seen, Unseen, Verdict, Window
from tracker.recording import Reader
from tracker.review import decide, waiting
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

PLATFORM = next(iter(BY_PLATFORM))
ONE = Account(account_id="one", platform=PLATFORM, kind="新浪微博", name="示例发布", ids={"uid": "1"}, position=1)
TWO = Account(account_id="two", platform=PLATFORM, kind="新浪微博", name="示例交通", ids={"uid": "2"}, position=2)
DAY = date(2026, 11, 6)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    create(tmp_path / "巡检 工具", settings.template())
    with opened(tmp_path / "巡检 工具") as found:
        found.store.add_accounts([ONE, TWO], "测试", noon(DAY))
        yield found


def sweep(ws: Workspace, on: date, *, fit: bool = True, gone: bool = True, **aspects: Seen | Unseen) -> SweepRecord:
    """A sweep in which account one is gone (or as told) and account two was seen or not."""
    made = SweepRecord(
        name=str(on),
        kind="check",
        period=None,
        check_date=None,
        window=Window(since=on, until=on),
        started_at=noon(on),
        accounts=(ONE, TWO),
    )
    ws.store.start_sweep(made)
    said = {Aspect.EXISTENCE: Seen(value=Identity(ids={"uid": "1"}, name=""), outcome=Outcome.GONE)} if gone else {}
    told = {**said, **{Aspect(name): value for name, value in aspects.items()}}
    put(ws, made, ONE, told, on, Outcome.GONE if gone else Outcome.OK)
    if fit:
        seen = {Aspect.EXISTENCE: Seen(value=Identity(ids={"uid": "2"}, name="示例交通"))}
        put(ws, made, TWO, {**seen, Aspect.POSTS: Seen(value=posts([on], as_of=on))}, on, Outcome.OK)
    return made


def put(ws: Workspace, made: SweepRecord, account: Account, told: dict, on: date, outcome: Outcome) -> None:
    one = visit(told, at=on, sweep=made.name, outcome=outcome)
    ws.store.add_visit(
        replace(one, account_id=account.account_id, platform=PLATFORM, file=f"{made.name}/{account.account_id}-1.warc.gz")
    )


def first(ws: Workspace, made: SweepRecord) -> Verdict:
    return judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY)).verdicts[0]


def test_gone_once_is_unchecked(ws: Workspace) -> None:
    verdict = first(ws, sweep(ws, DAY))
    assert (verdict.conclusion, verdict.findings) == (Conclusion.UNCHECKED, ())
    assert any("再次核实" in one.reason for one in verdict.undetermined)


def test_gone_on_two_days_is_a_candidate_for_a_person(ws: Workspace) -> None:
    sweep(ws, DAY - timedelta(days=7))
    verdict = first(ws, sweep(ws, DAY))
    assert [(finding.code, finding.status) for finding in verdict.findings] == [("REG-04", "candidate")]


def test_gone_twice_while_nothing_else_was_seen_proves_nothing(ws: Workspace) -> None:
    """crawl4weibo #5: "no such user" for a live account while every request was refused."""
    sweep(ws, DAY - timedelta(days=7), fit=False)
    assert first(ws, sweep(ws, DAY, fit=False)).findings == ()


def test_judging_again_gives_the_same(ws: Workspace) -> None:
    made = sweep(ws, DAY)
    assert [as_json(one) for one in judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY)).verdicts] == [
        as_json(one) for one in judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY) + timedelta(days=400)).verdicts
    ]


def test_decisions_settle_candidates_and_the_last_one_counts(ws: Workspace) -> None:
    hit = Hit(kind="商品卡片", quote="示例牌电热水壶")
    fresh = Seen(value=posts([DAY], as_of=DAY))
    made = sweep(ws, DAY, gone=False, posts=fresh, footers=Seen(value=Found(hits=(hit,))))
    judgement = judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY))
    assert judgement.verdicts[0].conclusion is Conclusion.TO_REVIEW
    assert [one.finding.code for one in waiting(judgement)] == ["CNT-03"]

    def say(confirmed: bool, hours: int) -> Conclusion:
        told = Decision(
            account_id="one", code="CNT-03", confirmed=confirmed, who="甲", why="看过", at=noon(DAY) + timedelta(hours=hours)
        )
        return decide(ws, made, [told], BY_PLATFORM, at=noon(DAY)).verdicts[0].conclusion

    assert say(True, 1) is Conclusion.FAILED
    assert say(False, 2) is Conclusion.PASSED
    assert len(ws.store.decisions(made.name)) == 2


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"code": "UPD-01"}, "没有编号为 UPD-01"),
        ({"account_id": "nobody"}, "不在这个批次"),
        ({"confirmed": False, "why": " "}, "须写明理由"),
    ],
)
def test_a_decision_on_nothing_is_refused(ws: Workspace, told: dict, words: str) -> None:
    hit = Hit(kind="商品卡片", quote="示例牌电热水壶")
    made = sweep(ws, DAY, gone=False, footers=Seen(value=Found(hits=(hit,))))
    judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY))
    decision = {"account_id": "one", "code": "CNT-03", "confirmed": True, "who": "甲", "why": "", "at": noon(DAY), **told}
    with pytest.raises(UsageError, match=words):
        decide(ws, made, [Decision(**decision)], BY_PLATFORM, at=noon(DAY))
    assert ws.store.decisions(made.name) == ()


@pytest.mark.parametrize(
    ("ids", "name", "expected"),
    [
        ({"uid": "2"}, "别的名字", "two"),
        ({"uid": "2"}, "示例发布", "two"),
        ({"uid": "9"}, "示例发布", None),
        ({"user": "x"}, "示例 发布", "one"),
        ({}, "无此账号", None),
    ],
    ids=["renamed", "id beats name", "look-alike", "by name only", "stranger"],
)
def test_a_link_is_matched_by_id_then_by_name(ids: dict[str, str], name: str, expected: str | None) -> None:
    found = Reader([ONE, TWO], BY_PLATFORM).match(PLATFORM, Identity(ids=ids, name=name))
    assert (found.account_id if found else None) == expected


def test_a_post_that_an_earlier_sweep_saw_is_still_published(ws: Workspace) -> None:
    """Weekly looks spare this week's look; the card says which sweep saw the post."""
    before = DAY - timedelta(days=4)
    sweep(ws, before, gone=False, posts=Seen(value=posts([before], as_of=before)))
    verdict = first(ws, sweep(ws, DAY, gone=False, posts=Unseen(outcome=Outcome.LOGIN_WALL)))
    assert (verdict.conclusion, verdict.latest_post) == (Conclusion.PASSED, before)
    assert str(before) in verdict.notes[0]


def test_silence_of_an_earlier_sweep_proves_nothing_now(ws: Workspace) -> None:
    before = DAY - timedelta(days=7)
    old = posts([DAY - timedelta(days=60)], as_of=before, complete_since=DAY - timedelta(days=90))
    sweep(ws, before, gone=False, posts=Seen(value=old))
    verdict = first(ws, sweep(ws, DAY, gone=False, posts=Unseen(outcome=Outcome.LOGIN_WALL)))
    assert (verdict.conclusion, verdict.findings) == (Conclusion.UNCHECKED, ())
    assert any("登录" in one.reason for one in verdict.undetermined)


def test_a_list_without_a_post_that_was_seen_before_is_in_doubt(ws: Workspace) -> None:
    """Deleted or mistaken: either way nobody is accused of a silence that an earlier visit disproves."""
    before = DAY - timedelta(days=20)
    sweep(ws, before, gone=False, posts=Seen(value=posts([before], as_of=before)))
    now_listed = posts([DAY - timedelta(days=40)], as_of=DAY, complete_since=DAY - timedelta(days=60))
    verdict = first(ws, sweep(ws, DAY, gone=False, posts=Seen(value=now_listed)))
    assert (verdict.conclusion, verdict.findings) == (Conclusion.UNCHECKED, ())
    assert any("存疑" in one.reason for one in verdict.undetermined)


def test_a_later_sweep_says_nothing_of_an_earlier_check(ws: Workspace) -> None:
    made = sweep(ws, DAY - timedelta(days=7), gone=False, posts=Unseen(outcome=Outcome.LOGIN_WALL))
    sweep(ws, DAY, gone=False, posts=Seen(value=posts([DAY - timedelta(days=8)], as_of=DAY)))
    assert first(ws, made).conclusion is Conclusion.UNCHECKED
