"""Seals with timestamps of a real authority on loopback, and without one while it is down."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.e2e.running import ok, tracker
from tests.evidence.authority import Served, make_certificates, served
from tests.evidence.test_sealing import ACCOUNTS, SHEET, run_verifier, verified
from tracker.clock import now
from tracker.credentials import fresh
from tracker.errors import UsageError
from tracker.sealing import seal
from tracker.workspace import opened

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="the authority of the tests is openssl's")
STAMP = "示例批次/seal.tsr"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACKER_KEY", fresh())
    root = tmp_path / "w"
    (tmp_path / "台账.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "检查表.csv").write_text(SHEET, encoding="utf-8")
    ok("init", root)
    ok("accounts", "import", tmp_path / "台账.csv", workspace=root)
    ok("observe", "import", tmp_path / "检查表.csv", "--sweep", "示例批次", workspace=root)
    ok("judge", workspace=root)
    return root


@pytest.fixture
def authority(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    folder = tmp_path / "tsa"
    folder.mkdir()
    with served(folder) as told:
        shutil.copyfile(folder / "root.pem", root / "tsa-root.pem")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "ca.pem"))
        with (root / "tracker.toml").open("a", encoding="utf-8") as out:
            out.write(f'\n[timestamp]\nurl = "{told.url}"\ncertificate = "tsa-root.pem"\n')
        yield told


def test_a_seal_is_dated_and_both_ways_of_checking_say_so(root: Path, authority: Served, tmp_path: Path) -> None:
    said = ok("evidence", "seal", workspace=root).out
    assert "时间戳已加上" in said
    assert len(authority.asked) == 1
    assert len(authority.asked[0]) < 120, "only a hash leaves the house"
    assert verified(root) == []
    told = ok("evidence", "verify", workspace=root).out
    assert "第1份封存的时间戳" in told
    assert "签名与时间戳机构的证书相符" in told
    ok("evidence", "export", "--to", tmp_path / "out", workspace=root)
    checked = run_verifier(tmp_path / "out")
    assert (checked.code, checked.err) == (0, "")
    assert re.search(r"时间戳与封存相符\(20\d{12}Z,世界时\);时间戳机构的签名这里不核对", checked.out)
    path = tmp_path / "out" / STAMP
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    assert "时间戳读不出来" in run_verifier(tmp_path / "out").out
    (tmp_path / "out" / "示例批次" / "seal.json").unlink()
    path.write_bytes(whole)
    assert run_verifier(tmp_path / "out").code == 0, "what is no longer sealed has no date either"


def test_any_flipped_byte_of_a_timestamp_is_named_and_so_is_its_loss(root: Path, authority: Served) -> None:
    ok("evidence", "seal", workspace=root)
    path = root / "snapshots" / STAMP
    whole = path.read_bytes()
    for at in range(0, len(whole), 401):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verified(root) == [(STAMP, "第1份封存的时间戳被改动")], at
    path.unlink()
    assert verified(root) == [(STAMP, "第1份封存的时间戳不见了")]
    path.write_bytes(whole)
    assert verified(root) == []


def test_while_the_authority_is_down_a_seal_is_made_and_dated_later(root: Path, authority: Served) -> None:
    def wrong(raw: bytes, status: int = 200) -> None:
        authority.answer, authority.status = lambda query: raw, status

    said = []
    for raw, status in ((b"", 503), (b"", 302), (b"no answer", 200), (b"x" * 70_000, 200)):
        wrong(raw, status)
        said.append(ok("evidence", "seal", "--stamp-again", workspace=root).out)
    for told, words in zip(said, ("应答 503", "应答 302", "不能用", "太大"), strict=True):
        assert words in told
        assert "封存本身有效" in told
    assert verified(root) == []
    authority.answer, authority.status = Served(authority.folder).answer, 200
    assert "时间戳已加上" in ok("evidence", "seal", "--stamp-again", workspace=root).out
    assert "的时间戳" in ok("evidence", "verify", workspace=root).out
    asked = len(authority.asked)
    ok("evidence", "seal", "--stamp-again", workspace=root)
    assert len(authority.asked) == asked, "what is dated is not dated again"


def test_nobody_answers_and_the_seal_stands(root: Path, authority: Served) -> None:
    path = root / "tracker.toml"
    path.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:1", path.read_text(encoding="utf-8")), encoding="utf-8")
    said = ok("evidence", "seal", workspace=root).out
    assert "时间戳机构没有应答(ConnectionError);封存本身有效" in said
    assert verified(root) == []


def test_a_timestamp_by_somebody_else_or_of_something_else_is_not_kept(root: Path, authority: Served, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    make_certificates(tmp_path / "else")
    shutil.copyfile(tmp_path / "else" / "root.pem", root / "tsa-root.pem")
    assert "时间戳机构的应答不能用" in ok("evidence", "seal", workspace=root).out
    shutil.copyfile(authority.folder / "root.pem", root / "tsa-root.pem")
    own, first = authority.answer, list[bytes]()

    def replayed(query: bytes) -> bytes:
        first.append(own(query))
        return first[0]

    ok("review", "dismiss", "weibo:示例发布", "UPD-02", "--why", "示例理由", "--who", "示例复核人", workspace=root)
    authority.answer = replayed
    assert "时间戳已加上" in ok("evidence", "seal", workspace=root).out
    assert "不能用" in ok("evidence", "seal", "--stamp-again", workspace=root).out


def test_settings_that_cannot_work_are_told(root: Path, tmp_path: Path) -> None:
    plain = (root / "tracker.toml").read_text(encoding="utf-8")
    for told, words in (
        ('url = "http://127.0.0.1/"\ncertificate = "x.pem"', "timestamp.url"),
        ('url = "https://127.0.0.1/"', "没有写 certificate"),
        ('url = "https://127.0.0.1/"\ncertificate = "x.pem"', "打不开时间戳机构的证书"),
        ('url = "https://127.0.0.1/"\ncertificate = "tracker.toml"', "不是 PEM 证书"),
    ):
        (root / "tracker.toml").write_text(f"{plain}\n[timestamp]\n{told}\n", encoding="utf-8")
        refused = tracker("evidence", "seal", workspace=root)
        assert (refused.code, words in refused.err) == (2, True), refused
    (root / "tracker.toml").write_text(plain, encoding="utf-8")
    refused = tracker("evidence", "seal", "--stamp-again", workspace=root)
    assert (refused.code, "没有 [timestamp]" in refused.err) == (2, True)


def test_a_clock_put_back_a_day_is_told_and_nothing_is_sealed(root: Path) -> None:
    at = now()
    with opened(root) as ws:
        head = ws.head()
        seal(ws, head, BY_PLATFORM, who="甲", at=at)
    ok("review", "dismiss", "weibo:示例发布", "UPD-02", "--why", "示例理由", "--who", "示例复核人", workspace=root)
    with opened(root) as ws:
        with pytest.raises(UsageError, match=r"第1份封存的时间 .* 还早,没有封存;请校准本机时钟"):
            seal(ws, head, BY_PLATFORM, who="甲", at=at - timedelta(days=1))
        assert not (root / "snapshots" / "示例批次" / "seal-2.json").exists()
        assert seal(ws, head, BY_PLATFORM, who="甲", at=at + timedelta(seconds=1)).seal.number == 2
