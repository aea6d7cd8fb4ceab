"""A judged sweep sealed, changed behind its back, sealed again, handed out and checked by whoever received it."""

import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.running import Said, ok, tracker
from tracker.credentials import fresh
from tracker.sealing.inputs import TITLES

ACCOUNTS = "新媒体类型,新媒体名称,主办单位\n新浪微博,示例发布,示例市示例局\n微信订阅号,示例统计,示例市统计局\n"
SHEET = (
    "新媒体类型,新媒体名称,检查日期,最后更新日期,发现问题\n"
    "新浪微博,示例发布,2026-11-06,2026-09-01,无\n微信订阅号,示例统计,2026-11-06,2026-11-05,无\n"
)
FIRST = "示例批次/seal.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder, key = tmp_path_factory.mktemp("sealing"), fresh()
    root = folder / "工作区"
    (folder / "台账.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "检查表.csv").write_text(SHEET, encoding="utf-8")
    ok("init", root)
    ok("accounts", "import", folder / "台账.csv", workspace=root)
    ok("observe", "import", folder / "检查表.csv", "--sweep", "示例批次", workspace=root)
    ok("judge", workspace=root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_KEY", key)
        assert "第1份" in ok("evidence", "seal", "--who", "示例检查人", workspace=root).out
    return root, key


@pytest.fixture
def root(made: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACKER_KEY", made[1])
    shutil.copytree(made[0], tmp_path / "w")
    return tmp_path / "w"


def verified(root: Path) -> list[tuple[str, str]]:
    said = tracker("evidence", "verify", "--json", workspace=root)
    found = [(line["file"], line["reason"]) for line in said.lines]
    assert said.code == (1 if found else 0), said
    return found


def behind(root: Path, *statements: str) -> None:
    """Change the database as somebody with a tool for it would: its guards are taken away first."""
    with closing(sqlite3.connect(root / "tracker.db")) as connection, connection:
        guards = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement


def run_verifier(folder: Path, *words: object) -> Said:
    """As a stranger runs it: no package of ours within reach."""
    python = getattr(sys, "_base_executable", sys.executable)
    told = [python, "-I", str(folder / "verify.py"), *map(str, words)]
    done = subprocess.run(told, capture_output=True, check=False, timeout=60, cwd=folder)
    return Said(code=done.returncode, out=done.stdout.decode("utf-8"), err=done.stderr.decode("utf-8"))


def test_a_sealed_sweep_says_so_and_needs_no_key_to_be_checked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_KEY")
    said = ok("evidence", "verify", workspace=root)
    assert "证据完好,2个文件与清单一致;与第1份封存一致(公钥指纹" in said.out
    statement = json.loads((root / "snapshots" / FIRST).read_text(encoding="utf-8"))["statement"]
    assert (statement["sweep"], statement["who"], statement["number"]) == ("示例批次", "示例检查人", 1)
    assert list(statement["documents"]) == sorted(TITLES)
    assert [statement["documents"][name]["lines"] for name in ("registry", "facts", "judgement")] == [2, 2, 3]


def test_sealing_what_did_not_change_makes_no_second_seal(root: Path) -> None:
    ok("judge", workspace=root)
    assert "没有变化" in ok("evidence", "seal", workspace=root).out
    assert [path.name for path in (root / "snapshots" / "示例批次").glob("seal*")] == ["seal.json"]


@pytest.mark.parametrize(
    ("statement", "titles"),
    [
        ("UPDATE verdict SET data = replace(data, '不合格', '合格') WHERE data LIKE '%不合格%'", ["判定结果"]),
        ("UPDATE sweep_account SET data = replace(data, '{old}', '{new}') WHERE data LIKE '%{old}%'", ["台账"]),
        ("UPDATE facts SET data = replace(data, '2026-09-01', '2026-11-01') WHERE data LIKE '%2026-09-01%'", ["事实"]),
        ("UPDATE sweep SET check_date = '2026-11-30'", ["批次设定"]),
        ("DELETE FROM judgement_end WHERE judgement > 0", ["判定结果不见了,第1份封存时还有"]),
    ],
)
def test_what_is_changed_in_the_database_is_named(root: Path, statement: str, titles: list[str]) -> None:
    # Chinese is kept in escapes there
    escaped = {"old": r"\u7edf\u8ba1\u5c40", "new": r"\u53d1\u6539\u59d4"}
    behind(root, statement.format(**escaped) if "{old}" in statement else statement)
    found = verified(root)
    assert {file for file, _ in found} == {FIRST}
    assert set(titles) <= {reason.partition("与")[0] for _, reason in found}, found


def test_another_word_list_or_calendar_is_named(root: Path) -> None:
    (root / "holidays.csv").write_text("date,kind,name,source\n2026-11-05,休,示例日,示例文件\n", encoding="utf-8")
    assert [reason for _, reason in verified(root)] == ["口径与第1份封存时不同", "节假日与第1份封存时不同"]
    refused = tracker("evidence", "seal", workspace=root)
    assert refused.code == 2
    assert "判定之后改过" in refused.err
    ok("judge", workspace=root)
    assert "第2份" in ok("evidence", "seal", workspace=root).out
    assert verified(root) == []


def test_what_comes_in_later_is_told_and_sealed_as_the_second(root: Path, tmp_path: Path) -> None:
    first = (root / "snapshots" / FIRST).read_bytes()
    again = tmp_path / "again.csv"
    again.write_text(SHEET.replace("2026-09-01", "2026-11-04"), encoding="utf-8")
    ok("observe", "import", again, "--sweep", "示例批次", workspace=root)
    found = verified(root)
    assert found[0][0] == FIRST
    assert "第1份封存之后又多了" in found[0][1]
    refused = tracker("evidence", "seal", workspace=root)
    assert (refused.code, "又有新的采集" in refused.err) == (2, True)
    ok("judge", workspace=root)
    assert "第2份" in ok("evidence", "seal", workspace=root).out
    assert verified(root) == []
    assert (root / "snapshots" / FIRST).read_bytes() == first


def test_a_decision_after_the_seal_is_named(root: Path) -> None:
    ok("review", "dismiss", "weibo:示例发布", "UPD-02", "--why", "示例理由", "--who", "示例复核人", workspace=root)
    assert verified(root)[:1] == [(FIRST, "复核意见与第1份封存时不同(0条,现在1条)")]
    ok("evidence", "seal", workspace=root)
    assert verified(root) == []


def test_an_account_taken_out_after_the_judgement_is_noticed(root: Path) -> None:
    behind(root, "DELETE FROM sweep_account WHERE id = (SELECT max(id) FROM sweep_account)")
    assert (FIRST, "台账与第1份封存时不同(2条,现在1条)") in verified(root)
    refused = tracker("evidence", "seal", workspace=root)
    assert (refused.code, "去掉过账号" in refused.err) == (2, True)


def test_a_seal_by_another_key_is_not_ours(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("seal-key.pem", "seal-key.pub"):
        (root / name).unlink()
    (root / "snapshots" / FIRST).unlink()
    behind(root, "DELETE FROM seal_head WHERE id > 0")
    ok("evidence", "seal", workspace=root)
    forged = (root / "snapshots" / FIRST).read_bytes()
    other = root.parent / "w2"
    shutil.copytree(root, other)
    for name in ("seal-key.pem", "seal-key.pub"):
        (other / name).unlink()
    (other / "snapshots" / FIRST).unlink()
    behind(other, "DELETE FROM seal_head WHERE id > 0")
    ok("evidence", "seal", workspace=other)
    (other / "snapshots" / FIRST).write_bytes(forged)
    wrong = [reason for _, reason in verified(other)]
    assert [reason.partition("(")[0] for reason in wrong] == ["不是用本工作区的钥匙封存的", "与记录里的第1份封存不符,被换过"]
    monkeypatch.setenv("TRACKER_KEY", fresh())
    (other / "snapshots" / FIRST).unlink()
    behind(other, "DELETE FROM seal_head WHERE id > 0")
    refused = tracker("evidence", "seal", workspace=other)
    assert refused.code == 2
    assert "请设回第一次封存时的 TRACKER_KEY" in refused.err


def test_the_private_key_is_in_no_file_in_clear(root: Path) -> None:
    assert (root / "seal-key.pem").read_text(encoding="ascii").startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    (root / "seal-key.pem").unlink()
    refused = tracker("evidence", "seal", workspace=root)
    assert (refused.code, "请从备份恢复" in refused.err) == (2, True)


def test_what_is_damaged_is_neither_sealed_nor_handed_out(root: Path, tmp_path: Path) -> None:
    path = next((root / "snapshots" / "示例批次").glob("*.warc.gz"))
    path.write_bytes(path.read_bytes() + b"x")
    for words in (("seal",), ("export", "--to", tmp_path / "out"), ("export", "--as", "wacz", "--to", tmp_path / "out")):
        refused = tracker("evidence", *words, workspace=root)
        assert refused.code != 0
        assert path.name in refused.err
    assert not list(tmp_path.glob("out/*"))


def test_the_handed_out_folder_checks_itself(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "给 审计"
    ok("evidence", "export", "--to", out, workspace=root)
    said = run_verifier(out)
    assert (said.code, said.err) == (0, "")
    assert "批次 示例批次 的证据完好,2个文件与清单一致" in said.out
    assert "第1份封存有效:示例检查人" in said.out
    key = said.out.partition("公钥指纹")[2][:32]
    assert key in ok("evidence", "verify", workspace=root).out
    assert run_verifier(out, "--key", key).code == 0
    assert "不是用告知的钥匙封存的" in run_verifier(out, "--key", "0" * 32).out
    assert run_verifier(out, "--key", "xyz").code == 2
    assert run_verifier(out, root / "profiles").code == 2
    refused = tracker("evidence", "export", "--to", out, workspace=root)
    assert (refused.code, "已经存在" in refused.err) == (2, True)


def test_it_names_what_was_changed_on_the_way(root: Path, tmp_path: Path) -> None:
    ok("evidence", "export", "--to", tmp_path / "out", workspace=root)
    folder = tmp_path / "out" / "示例批次"
    for path in (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.jsonl"):
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        said = run_verifier(tmp_path / "out")
        path.write_bytes(whole)
        assert said.code == 1
        assert said.out.startswith(f"示例批次/{path.relative_to(folder).as_posix()}:"), said
        if path.parent.name == "inputs":
            assert said.out == f"示例批次/inputs/{path.name}:{TITLES[path.stem]}与第1份封存时不同\n"


def test_both_ways_of_checking_say_the_same_of_the_same_damage(root: Path, tmp_path: Path) -> None:
    ok("evidence", "export", "--to", tmp_path / "out", workspace=root)
    paths = sorted((root / "snapshots" / "示例批次").glob("*"))
    for path in paths:
        copy = tmp_path / "out" / "示例批次" / path.name
        whole = path.read_bytes()
        for one in (path, copy):
            one.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        here = [f"{file}:{reason}" for file, reason in verified(root)]
        there = run_verifier(tmp_path / "out").out.splitlines()
        for one in (path, copy):
            one.write_bytes(whole)
        assert here == there
        assert here


def test_one_account_goes_out_as_a_wacz(root: Path, tmp_path: Path) -> None:
    said = ok("evidence", "export", "--as", "wacz", "--account", "weibo:示例发布", "--to", tmp_path / "o", workspace=root)
    (path,) = (tmp_path / "o").iterdir()
    assert f"已导出 {path}:采集1次,封存1份" in said.out
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
    assert len([name for name in names if name.startswith("archive/")]) == 1
    assert {"evidence/seal.json", "evidence/manifest.jsonl"} <= set(names)
    refused = tracker("evidence", "export", "--account", "weibo:示例发布", "--to", tmp_path / "p", workspace=root)
    assert (refused.code, "--as wacz" in refused.err) == (2, True)


def test_an_unknown_form_is_refused_in_words(root: Path, tmp_path: Path) -> None:
    refused = tracker("evidence", "export", "--as", "zip", "--to", tmp_path / "p", workspace=root)
    assert (refused.code, "folder" in refused.err, "wacz" in refused.err) == (2, True, True)


def test_a_sweep_that_was_never_judged_cannot_be_sealed(root: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "s.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    ok("observe", "import", sheet, "--sweep", "b2", workspace=root)
    refused = tracker("evidence", "seal", "--sweep", "b2", workspace=root)
    assert (refused.code, "还没有判定" in refused.err) == (2, True)
    assert "还没有封存" in ok("evidence", "verify", "--sweep", "b2", workspace=root).out


def test_taking_the_newest_seal_away_is_noticed_and_blocks_the_next(root: Path) -> None:
    ok("review", "dismiss", "weibo:示例发布", "UPD-02", "--why", "示例理由", "--who", "示例复核人", workspace=root)
    ok("evidence", "seal", workspace=root)
    newest = root / "snapshots" / "示例批次" / "seal-2.json"
    held = newest.read_bytes()
    newest.unlink()
    told = ("示例批次/seal-2.json", "封存文件不见了(记录里最新的是第2份)")
    assert told in verified(root)
    refused = tracker("evidence", "seal", workspace=root)
    assert (refused.code, "seal-2.json" in refused.err, "从备份恢复" in refused.err) == (1, True, True)
    newest.write_bytes(held)
    assert verified(root) == []


def test_a_seal_that_the_database_does_not_know_yet_is_entered_by_the_next_run(root: Path) -> None:
    # the program died between the file and its row
    behind(root, "DELETE FROM seal_head WHERE id > 0")
    assert verified(root) == []
    assert "没有变化" in ok("evidence", "seal", workspace=root).out
    (root / "snapshots" / FIRST).unlink()
    assert (FIRST, "封存文件不见了(记录里最新的是第1份)") in verified(root)
