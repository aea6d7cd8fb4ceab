"""sweep --plan, thaw and frozen on the command line; what stopped which lane, and what a person has to do."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.judge.test_drift import ACCOUNTS, DAY, both, verdicts
from tests.lanes.world import Journal, job
from tests.made import noon
from tracker import settings
from tracker.capture import Lane
from tracker.cli import app
from tracker.cli.common import Context
from tracker.cli.lanes import Breakers, advice
from tracker.drift import freeze, frozen
from tracker.model import Account, Conclusion, Observation, Outcome
from tracker.workspace import create, opened

WEIXIN = Account(account_id="w1", platform="weixin", kind="微信订阅号", name="示例发布", position=1)
WEIBO = Account(account_id="b1", platform="weibo", kind="新浪微博", name="示例交通", ids={"uid": "1234567"}, position=2)
OTHER = Account(account_id="x1", platform="kuaishou", kind="快手", name="示例水利", position=3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create(tmp_path / "ws", settings.template(profile="national"))
    return tmp_path / "ws"


def run(root: Path, *words: str):
    return CliRunner().invoke(app, ["--workspace", str(root), *words], obj=Context())


def test_the_plan_as_json_names_lanes_and_those_who_are_not_reached(root: Path) -> None:
    with opened(root) as ws:
        ws.store.add_accounts([WEIXIN, WEIBO, OTHER], "测试", noon(DAY))
    said = run(root, "sweep", "--plan", "--json")
    assert said.exit_code == 0, said.output
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    (lane,) = (one for one in lines if "lane" in one)
    assert (lane["platform"], lane["lane"], lane["routes"], lane["accounts"]) == ("weibo", "guest", ["browser"], 1)
    assert lane["controls"] == 2
    assert lane["second_readings"] == 1
    assert lane["requests"] >= 4
    assert sum(lane["days"].values()) == pytest.approx(lane["hours"], abs=0.02)
    reasons = {one["name"]: one["unreached"] for one in lines if "unreached" in one}
    assert set(reasons) == {"示例发布", "示例水利"}
    assert "授权" in reasons["示例发布"]
    assert "程序没有这个平台" in reasons["示例水利"]


def test_the_plan_as_tables(root: Path) -> None:
    with opened(root) as ws:
        ws.store.add_accounts([WEIXIN, WEIBO], "测试", noon(DAY))
    said = run(root, "sweep", "--plan")
    assert said.exit_code == 0
    assert "不会超过" in said.stdout
    assert "本周没有通道能看的账号 1 个" in said.stdout
    with opened(root) as ws:
        assert ws.store.sweeps() == ()


def test_json_is_for_the_plan_only(root: Path) -> None:
    with pytest.raises(Exception, match="--plan"):
        raise run(root, "sweep", "--json").exception  # type: ignore[misc]


def test_a_pace_of_ones_own_makes_the_plan_longer(root: Path) -> None:
    with opened(root) as ws:
        ws.store.add_accounts([WEIBO], "测试", noon(DAY))
    short = json.loads(run(root, "sweep", "--plan", "--json").stdout)["hours"]
    path = root / "tracker.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[pace.weibo]\nbetween_accounts = [600, 900]\n", encoding="utf-8")
    assert json.loads(run(root, "sweep", "--plan", "--json").stdout)["hours"] > short + 0.5


def test_frozen_is_listed_exported_lifted_and_told_by_judge(root: Path, tmp_path: Path) -> None:
    with opened(root) as ws:
        ws.store.add_accounts(list(ACCOUNTS), "测试", noon(DAY))
        made = both(ws, 6)
        freeze(ws, made, at=noon(DAY))
        (held,) = frozen(ws)
        for file in held.samples:
            (ws.evidence.root / file).parent.mkdir(parents=True, exist_ok=True)
            (ws.evidence.root / file).write_bytes(b"x")
    listed = json.loads(run(root, "sweep", "frozen", "--json").stdout)
    assert (listed["platform"], listed["sweep"], len(listed["samples"])) == ("one", str(DAY), 6)
    assert "复制了6个" in run(root, "sweep", "frozen", "--to", str(tmp_path / "样本")).stdout
    assert "已暂停判定" in run(root, "judge").output
    assert "sweep thaw one" in run(root, "judge", "--json").stderr
    said = run(root, "sweep", "thaw", "one", "--why", "逐个核对")
    assert f"tracker judge --sweep {DAY}" in said.stdout
    assert "已暂停判定" not in run(root, "judge").output
    with opened(root) as ws:
        assert frozen(ws) == ()
        assert verdicts(ws, made)["one1"].conclusion is Conclusion.FAILED
        assert ws.store.freezes(str(DAY))[-1].who == ws.settings.inspector


def test_what_stopped_which_lane_when_and_who_was_left(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Journal()
    breakers = Breakers(shown, lambda: noon(DAY))
    breakers.lane_stopped(Lane(platform="weibo", credential="办公室"), Outcome.LOGIN_WALL, "需要登录")
    breakers.visited(job("甲", "weibo"), Observation(outcome=Outcome.LOGIN_WALL, detail="需要登录"))
    breakers.visited(job("乙", "weibo"), Observation(outcome=Outcome.LOGIN_WALL, detail="通道已停:需要登录"))
    breakers.report()
    said = capsys.readouterr().out
    assert "停下的通道 1 条" in said
    assert "12:00" in said
    assert "重新登录" in said
    assert "新浪微博有1个没有去看:乙" in said
    assert [lane.platform for lane, _, _ in shown.stopped] == ["weibo"]
    assert len(shown.done) == 2


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.LOGIN_WALL,
        Outcome.CHALLENGE,
        Outcome.AUTH,
        Outcome.RATE_LIMITED,
        Outcome.REFUSED,
        Outcome.QUOTA,
        Outcome.NOT_OBSERVABLE,
    ],
)
def test_every_stop_says_what_to_do(outcome: Outcome) -> None:
    said = advice(outcome, Lane(platform="weibo", credential="办公室"))
    assert said
    assert "{" not in said
