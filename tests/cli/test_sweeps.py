"""sweep, evidence verify and judge: wrong names, replays, resuming, damage, no browser."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, SAMPLES, Run

VISITS = SAMPLES / "visits"


def bodies(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.warc.gz")}


def test_what_a_sweep_refuses(judged: Run, tmp_path: Path) -> None:
    judged("sweep", "--replay", tmp_path / "没有").refused("没有采集文件")
    judged("sweep", "--replay", SAMPLES / "registry.xlsx").refused("没有采集文件")
    judged("sweep", "--replay", "").refused("--replay")
    judged("sweep", "--replay", VISITS, "--plan").refused("--plan")
    judged("sweep", "--replay", VISITS, "--name", "../x").refused("../x", "文件夹名")
    judged("sweep", "--plan", "--name", "../x").refused("../x")
    judged("sweep", "--plan", "--name", "").refused("文件夹名")
    judged("sweep", "--plan", "--platform", "火星").refused("火星")
    judged("sweep", "--resume").refused("已经做完")
    judged("sweep", "--resume", "--name", "没有").refused("没有", "s1")
    judged("sweep", "--name", "s1").refused("已经存在")
    judged("sweep", "--replay", VISITS, "--name", "s1", "--check-date", "2026-11-09").refused("检查日")
    for rubbish in ("rubbish", "2026-13-45", "", "0001-01-01", "2026-11", "20261106"):
        judged("sweep", "--plan", "--check-date", rubbish).refused("日期")
    judged("judge", "--sweep", "没有").refused("没有名为", "s1")
    judged("judge", "--profile", "../../etc/passwd").refused("没有名为", "baoji")
    assert "s1 的证据完好" in judged("evidence", "verify").out


def test_a_plan_does_nothing(judged: Run, home: Path) -> None:
    before = sorted(path.name for path in home.rglob("*"))
    said = judged("sweep", "--plan")
    assert said.code == 0
    assert "本次计划" in said.out
    assert sorted(path.name for path in home.rglob("*")) == before


def test_a_replay_twice_and_from_a_sweep_gives_the_same_bytes(judged: Run, home: Path) -> None:
    first = judged("judge", "--json").out
    assert judged("sweep", "--replay", VISITS, "--name", "s1").code == 3
    assert judged("sweep", "--replay", "s1", "--name", "s2").code == 3
    assert bodies(home / "snapshots" / "s1") == bodies(home / "snapshots" / "s2") == bodies(VISITS)
    assert judged("judge", "--sweep", "s2", "--json").out == first
    assert [json.loads(line)["account_id"] for line in first.splitlines()]


def test_clerks_rows_replay_as_well(judged: Run, home: Path) -> None:
    assert judged("observe", "import", SAMPLES / "sheet.xlsx", "--sweep", "s1").code == 0
    first = judged("judge", "--sweep", "s1", "--json").out
    assert judged("sweep", "--replay", "s1", "--name", "s2").code == 3
    assert judged("judge", "--sweep", "s2", "--json").out == first
    # the clerk's files took some names first: a second replay knows its visits by their bytes
    many = len(bodies(home / "snapshots" / "s1"))
    judged("sweep", "--replay", VISITS, "--name", "s1")
    assert len(bodies(home / "snapshots" / "s1")) == many


def test_verify_names_a_flipped_byte(judged: Run, home: Path) -> None:
    path = sorted((home / "snapshots" / "s1").glob("*.warc.gz"))[3]
    raw = bytearray(path.read_bytes())
    raw[50] ^= 1
    path.write_bytes(raw)
    said = judged("evidence", "verify", "--json")
    assert (said.code, [one["file"] for one in said.lines]) == (1, [f"s1/{path.name}"])
    judged("sweep", "--replay", "s1", "--name", "s2").refused(path.name, code=1)
    judged("judge", "--sweep", "s2").refused("没有名为 s2")


def test_verify_sees_a_manifest_that_was_cut(judged: Run, home: Path) -> None:
    manifest = home / "snapshots" / "s1" / "manifest.jsonl"
    lines = manifest.read_bytes().splitlines(keepends=True)
    last = home / "snapshots" / "s1" / json.loads(lines[-1])["file"]
    manifest.write_bytes(b"".join(lines[:-1]))
    last.unlink()
    said = judged("evidence", "verify", "--json")
    assert (said.code, [one["file"] for one in said.lines]) == (1, [f"s1/{last.name}"])


def test_without_a_browser_the_sweep_goes_on_and_says_why(run: Run, table) -> None:
    url = "https://weibo.com/u/{}"
    rows = [("新浪微博", f"示例{n}", "局", url.format(1234567890 + n)) for n in range(3)]
    run("accounts", "import", table("来.csv", (*HEADER, "链接"), *rows))
    said = run("sweep", "--name", "s")
    assert said.code == 3
    assert "本机没有能启动的浏览器" in said.out
    run("sweep", "--resume", "--name", "s").refused("已经做完")
    told = run("judge", "--json")
    assert (told.code, {one["verdict"] for one in told.lines}) == (3, {"未能核查"})
    assert all("浏览器" in json.dumps(one["undetermined"], ensure_ascii=False) for one in told.lines)


def test_json_is_all_that_is_on_standard_output(judged: Run) -> None:
    for argv in (
        ["accounts", "list"],
        ["judge"],
        ["review", "list"],
        ["rules", "list"],
        ["period", "list"],
        ["explain", "示例统计"],
        ["due", "--days", "400"],
        ["evidence", "verify"],
    ):
        said = judged(*argv, "--json")
        assert said.code in (0, 3)
        assert all(isinstance(one, dict) for one in said.lines), argv


@pytest.mark.parametrize("name", ["示例", "没有这个"])
def test_explain_of_nobody(judged: Run, name: str) -> None:
    judged("explain", name).refused(f"“{name}”")
