"""Another profile, the same facts: who changes sides and by which rule; nothing is written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters import BY_PLATFORM
from tests.made import noon, posts, visit
from tracker import settings
from tracker.cli import app
from tracker.cli.common import Context
from tracker.errors import UsageError
from tracker.judge import judge
from tracker.model import Account, Aspect, CommentPolicy, CommentState, Decision, Found, Hit, Outcome, Seen, Unseen, Window
from tracker.store import SweepRecord
from tracker.whatif import LIFECYCLE, Cause, Weight, against_of, compare
from tracker.whatif import Outcome as Compared
from tracker.workspace import Workspace, create, opened

PLATFORM = next(iter(BY_PLATFORM))
DAY = date(2026, 11, 6)
NAMES = ("新的", "旧的", "广告的", "看不到的", "关停的")
PROFILES = {
    "looser": '[rules.UPD-01]\nlimit = 60\neffect = "veto"\n',
    "stricter": '[rules.CNT-03]\neffect = "veto"\n',
    "careless": "must_know = []\n",
    "living": "[lifecycle]\nwords = []\n",
}


def account(number: int, name: str) -> Account:
    region = "甲山县" if number % 2 else ""
    status = "已发布关停公告" if name == "关停的" else "正常"
    kind = "新浪微博"
    return Account(
        account_id=f"a{number}", platform=PLATFORM, kind=kind, name=name, region=region, status=status, position=number
    )


def aspects(name: str) -> dict[Aspect, Seen | Unseen]:
    last = DAY - timedelta(days=30 if name in ("旧的", "关停的") else 2)
    listed = Seen(value=posts([last], as_of=DAY, complete_since=DAY - timedelta(days=90)))
    if name == "看不到的":
        return {Aspect.POSTS: Unseen(outcome=Outcome.LOGIN_WALL)}
    hits = (Hit(kind="商品卡片", quote="示例牌电热水壶"),) if name == "广告的" else ()
    return {
        Aspect.POSTS: listed,
        Aspect.FOOTERS: Seen(value=Found(hits=hits, whole=True)),
        Aspect.COMMENT_POLICY: Seen(value=CommentPolicy(state=CommentState.OPEN)),
    }


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    root = tmp_path / "巡检 工具"
    create(root, settings.template(profile="national"))
    for name, told in PROFILES.items():
        (root / "profiles" / f"{name}.toml").write_text(f'extends = "national"\n{told}', encoding="utf-8")
    with opened(root) as found:
        found.store.add_accounts([account(n, name) for n, name in enumerate(NAMES)], "测试", noon(DAY))
        begin(found, DAY)
        yield found


def begin(ws: Workspace, on: date) -> SweepRecord:
    made = SweepRecord(
        name=str(on),
        kind="check",
        period=None,
        check_date=DAY,
        window=Window(since=on - timedelta(days=30), until=on),
        started_at=noon(on),
        accounts=ws.store.accounts(),
    )
    ws.store.start_sweep(made)
    for one in made.accounts:
        base = visit(aspects(one.name), at=on, sweep=made.name)
        file = f"{made.name}/{one.account_id}-1.warc.gz"
        ws.store.add_visit(replace(base, account_id=one.account_id, platform=one.platform, file=file))
    return made


def told(ws: Workspace, profile: str) -> Compared:
    return compare(ws, ws.head(), ws.profile(profile), ws.profile("national"), BY_PLATFORM)


def rows(ws: Workspace) -> dict[str, int]:
    """How many rows every table has."""
    return {name: getattr(ws.store._rows, name).select().count() for name in ws.store._rows.__dataclass_fields__}


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("looser", {"旧的": ("不合格", "合格", (Cause(code="UPD-01", before=Weight.FAILS, after=Weight.NONE),))}),
        ("stricter", {"广告的": ("合格", "待复核", (Cause(code="CNT-03", before=Weight.NOTED, after=Weight.WAITS),))}),
        ("careless", {"看不到的": ("未能核查", "合格", (Cause(code="UPD-01", before=Weight.UNKNOWN, after=Weight.NONE),))}),
        ("national", {}),
    ],
)
def test_the_rule_that_moves_an_account_is_named(ws: Workspace, profile: str, expected: dict) -> None:
    found = told(ws, profile)
    assert {move.name: (move.before, move.after, move.causes) for move in found.moves} == expected
    assert found.accounts == len(NAMES)


def test_a_status_that_no_longer_decides_is_told(ws: Workspace) -> None:
    (move,) = told(ws, "living").moves
    assert (move.name, move.before, move.after) == ("关停的", "已发布关停公告", "不合格")
    assert Cause(code=LIFECYCLE, before=Weight.STATUS, after=Weight.NONE) in move.causes
    assert Cause(code="UPD-01", before=Weight.NONE, after=Weight.FAILS) in move.causes


def test_what_people_decided_holds_under_both_profiles(ws: Workspace) -> None:
    dismissed = Decision(account_id="a2", code="CNT-03", confirmed=False, who="甲", why="不是广告", at=noon(DAY))
    ws.store.add_decision(str(DAY), dismissed)
    assert told(ws, "stricter").moves == ()


def test_moves_are_counted_by_change_rule_type_and_region(ws: Workspace) -> None:
    found = told(ws, "looser")
    assert found.changes == {("不合格", "合格"): 1}
    assert found.rules == {"UPD-01": 1}
    assert found.regions == {"甲山县": 1}
    assert sum(found.types.values()) == 1
    assert told(ws, "stricter").regions == {"未填": 1}


@pytest.mark.parametrize("judged", [False, True], ids=["never judged", "judged"])
def test_nothing_is_written(ws: Workspace, judged: bool) -> None:
    if judged:
        judge(ws, ws.head(), ws.profile(), BY_PLATFORM, at=noon(DAY))
    before, told_before = rows(ws), told(ws, "looser")
    assert told(ws, "looser") == told_before
    assert rows(ws) == before


def test_the_profile_of_the_last_judgement_is_compared_with(ws: Workspace) -> None:
    assert against_of(ws, ws.head()).name == "national"
    judge(ws, ws.head(), ws.profile("looser"), BY_PLATFORM, at=noon(DAY))
    assert against_of(ws, ws.head()).name == "looser"
    (ws.root / "profiles" / "looser.toml").unlink()
    with pytest.raises(UsageError, match=r"looser.*请用 --against"):
        against_of(ws, ws.head())


def run(ws: Workspace, *words: str) -> str:
    done = CliRunner().invoke(app, ["--workspace", str(ws.root), "what-if", *words], obj=Context(), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_the_command_tells_every_sweep_as_json_lines(ws: Workspace) -> None:
    begin(ws, DAY - timedelta(days=1))
    lines = [json.loads(line) for line in run(ws, "--profile", "looser", "--json").splitlines()]
    assert [(line["sweep"], line.get("accounts")) for line in lines] == [
        ("2026-11-05", None),
        ("2026-11-05", 5),
        ("2026-11-06", None),
        ("2026-11-06", 5),
    ]
    assert lines[0]["rules"] == [{"code": "UPD-01", "before": "fails", "after": "none"}]
    assert (lines[0]["before"], lines[0]["after"]) == ("不合格", "合格")
    assert (lines[1]["against"], lines[1]["profile"], lines[1]["moved"]) == ("national", "looser", 1)
    assert lines[1]["changes"] == [{"before": "不合格", "after": "合格", "count": 1}]


def test_the_command_tells_people_in_words(ws: Workspace) -> None:
    shown = run(ws, "--profile", "looser", "--sweep", str(DAY))
    assert "口径 national 改为 looser,共5个账号,1个的结果会变" in shown
    assert "UPD-01 判为不合格 → 没有" in shown
    assert "没有一个的结果会变" in run(ws, "--profile", "looser", "--against", "looser")


def test_a_profile_that_is_not_there_is_named(ws: Workspace) -> None:
    with pytest.raises(UsageError, match="没有名为 x 的口径"):
        run(ws, "--profile", "x")
