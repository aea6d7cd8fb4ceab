"""Stored answers cleared away by rule: what stays, what is said, and what is never cleared away."""

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.e2e.running import ok, tracker
from tests.evidence.test_sealing import ACCOUNTS, behind, run_verifier, verified
from tracker.clock import SHANGHAI
from tracker.credentials import fresh
from tracker.errors import UsageError
from tracker.evidence import cleared
from tracker.judge import as_json, judge
from tracker.prune import _months_before, clear, plan
from tracker.sealing import findings
from tracker.workspace import opened

SHEET = (
    "新媒体类型,新媒体名称,检查日期,最后更新日期,发现问题\n"
    "新浪微博,示例发布,2023-11-06,2023-09-01,无\n微信订阅号,示例统计,2023-11-06,2023-11-05,无\n"
)
SWEEP = "旧批次"
LATER = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
LONG_AGO = "UPDATE {} = '2023-11-06T09:00:00.000000+00:00'"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A weekly sweep of three years ago, judged and sealed."""
    folder, key = tmp_path_factory.mktemp("prune"), fresh()
    root = folder / "工作区"
    (folder / "台账.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "检查表.csv").write_text(SHEET, encoding="utf-8")
    ok("init", root)
    ok("accounts", "import", folder / "台账.csv", workspace=root)
    ok("observe", "import", folder / "检查表.csv", "--sweep", SWEEP, workspace=root)
    behind(root, LONG_AGO.format("sweep SET kind = 'weekly', started_at"), LONG_AGO.format("visit SET at"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_KEY", key)
        ok("judge", workspace=root)
        ok("evidence", "seal", "--who", "示例检查人", workspace=root)
    return root, key


@pytest.fixture
def root(made: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACKER_KEY", made[1])
    shutil.copytree(made[0], tmp_path / "w")
    return tmp_path / "w"


def files(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "snapshots" / SWEEP).glob("*.warc.gz"))


def test_what_is_cleared_away_is_told_as_such_and_the_chain_still_holds(root: Path, tmp_path: Path) -> None:
    before = ok("judge", "--json", workspace=root).out
    assert "共可清理2个文件" in ok("prune", "--before", "2024-01-01", "--dry-run", workspace=root).out
    assert len(files(root)) == 2
    said = ok("prune", "--before", "2024-01-01", "--why", "保管期限已满", "--who", "示例档案员", workspace=root)
    assert "已清理2个文件" in said.out
    assert files(root) == []
    assert verified(root) == []
    told = ok("evidence", "verify", workspace=root).out
    assert "另有2个文件已按规定清理" in told
    assert "示例档案员:保管期限已满" in told
    assert ok("judge", "--json", workspace=root).out == before
    shown = tracker("explain", "weibo:示例发布", workspace=root)
    assert shown.code == 0, shown
    assert "按规定清理(保管期限已满)" in shown.out
    ok("evidence", "export", "--to", tmp_path / "out", workspace=root)
    checked = run_verifier(tmp_path / "out")
    assert (checked.code, checked.err) == (0, "")
    assert "示例档案员按规定清理2个文件(保管期限已满),不是损坏" in checked.out
    assert "已清理0个文件" in ok("prune", "--before", "2024-01-01", "--why", "再来一次", workspace=root).out


def test_facts_that_have_to_be_built_anew_come_from_what_was_read(root: Path) -> None:
    ok("prune", "--before", "2024-01-01", "--why", "保管期限已满", workspace=root)
    with opened(root) as ws:
        held = [as_json(one) for one in ws.store.judgement(ws.store.last_head(SWEEP)).verdicts]  # type: ignore[arg-type]
    behind(root, "DELETE FROM facts WHERE id > 0")
    with opened(root) as ws:
        again = judge(ws, ws.head(SWEEP), ws.profile(), BY_PLATFORM, at=LATER)
        assert [as_json(one) for one in again.verdicts] == held
        assert findings(ws, ws.head(SWEEP), BY_PLATFORM) == ()


def test_a_sweep_whose_bytes_are_gone_cannot_be_replayed_and_says_so(root: Path) -> None:
    ok("prune", "--before", "2024-01-01", "--why", "保管期限已满", workspace=root)
    refused = tracker("sweep", "--replay", SWEEP, workspace=root)
    assert (refused.code, "已按规定清理,不能再重放" in refused.err) == (2, True), refused


def test_a_tombstone_is_worth_nothing_without_the_key(root: Path) -> None:
    ok("prune", "--before", "2024-01-01", "--why", "保管期限已满", workspace=root)
    path = root / "snapshots" / SWEEP / "cleared.json"
    whole = path.read_bytes()
    for at in range(0, len(whole), 131):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verified(root)[0][0].startswith(SWEEP)
    path.unlink()
    assert {reason for _, reason in verified(root)} >= {"清单里有,文件不见了", "清理记录与数据库里的不符,清理记录被改动或删去"}
    path.write_bytes(whole)
    assert verified(root) == []


def test_a_run_that_was_killed_is_finished_by_the_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "no", str(path))

    with opened(root) as ws:
        planned = plan(ws, date(2024, 1, 1), today=LATER.date(), keep_failing=False)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", killed)
            with pytest.raises(UsageError, match=r"删不掉.*再运行一次 tracker prune"):
                clear(ws, planned, who="甲", why="期满", at=LATER)
        assert len(files(root)) == 2
        assert findings(ws, ws.head(SWEEP), BY_PLATFORM) == ()
        assert clear(ws, (), who="甲", why="期满", at=LATER) == 2
        assert files(root) == []
        assert findings(ws, ws.head(SWEEP), BY_PLATFORM) == ()


@pytest.mark.parametrize(
    ("statements", "options", "why"),
    [
        ([], ["--keep-failing"], "检查结果不合格(--keep-failing)留下1个"),
        (["UPDATE sweep SET kind = 'check'"], [], "名单还没有印发留下2个"),
        (["UPDATE visit SET at = '2025-06-01T00:00:00.000000+00:00'"], [], "未满24个月留下2个"),
        (
            [
                "INSERT INTO period (name, title, start_on, end_on) VALUES ('期', '期', '2023-10-01', '2023-11-30')",
                "UPDATE sweep SET period = '期'",
            ],
            [],
            "检查期 期 还没有结束留下2个",
        ),
        (
            [
                "INSERT INTO consultation (sweep, judgement, deadline, at, who, asked, files) "
                "SELECT name, 1, '2023-11-10', started_at, '', '[]', '[]' FROM sweep",
                "INSERT INTO objection (consultation, sweep, account_id, code, objects, words, why, who, received_on, late, file,"
                " sha256, line, attachments, at, taken_by) SELECT 1, sweep, account_id, 'UPD-02', 1, '', '', '', '2023-11-09', 0,"
                " '', '', 1, '[]', at, '' FROM visit LIMIT 1",
            ],
            [],
            "有异议还没有答复留下1个",
        ),
    ],
)
def test_what_must_stay_stays(root: Path, statements: list[str], options: list[str], why: str) -> None:
    behind(root, *statements)
    said = ok("prune", "--before", "2026-01-01", "--why", "期满", *options, workspace=root)
    assert why in said.out, said
    assert len(files(root)) == int(why.rpartition("留下")[2][0])
    told = json.loads(ok("prune", "--before", "2026-01-01", "--dry-run", "--json", *options, workspace=root).out)
    assert sum(told["kept"].values()) == len(files(root))


def test_no_reason_no_clearing_and_no_day_to_come(root: Path) -> None:
    refused = tracker("prune", "--before", "2024-01-01", workspace=root)
    assert (refused.code, "--why" in refused.err, len(files(root))) == (2, True, 2)
    refused = tracker("prune", "--before", "2099-01-01", "--why", "期满", workspace=root)
    assert (refused.code, "在今天之后" in refused.err) == (2, True)
    path = next((root / "snapshots" / SWEEP).glob("*.warc.gz"))
    path.write_bytes(path.read_bytes() + b"x")
    refused = tracker("prune", "--before", "2024-01-01", "--why", "期满", workspace=root)
    assert (refused.code, "有损坏的批次不能清理" in refused.err, len(files(root))) == (1, True, 2)


def test_months_are_counted_as_people_count_them() -> None:
    assert _months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert _months_before(date(2026, 1, 15), 24) == date(2024, 1, 15)
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(800)]
    assert all(_months_before(one, 0) == one for one in days)
    assert sorted(_months_before(one, 7) for one in days) == [_months_before(one, 7) for one in days]


def test_a_record_for_another_sweep_or_of_another_shape_is_refused(root: Path) -> None:
    ok("prune", "--before", "2024-01-01", "--why", "期满", workspace=root)
    folder = root / "snapshots" / SWEEP
    (folder.parent / "别的").mkdir()
    shutil.copyfile(folder / "cleared.json", folder.parent / "别的" / "cleared.json")
    assert [one.reason for one in cleared.damages(folder.parent / "别的")] == ["清理记录不是这个批次的"]
