"""Planted secrets: after a whole sweep they are in no file: workspace, evidence, database, reports, log, temporary files."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.e2e.living import begin, settle, world_of
from tests.e2e.running import ok, tracker
from tests.e2e.test_live_sweep import KEYS, SWEEP, talked_of, text_of
from tests.platforms import douyin_rows, ids, weibo_rows
from tests.platforms.serve import Served, serve
from tests.platforms.weixin_api import token_of
from tests.platforms.world import LOGIN

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium"), pytest.mark.timeout(300)]

TOP = Path(__file__).parents[2]
PHONE, CONTACT_PHONE, CONTACT = "13900001234", "13800138000", "示例联系人甲"
PLEA = f"请回电{PHONE}"
FILED = f"新媒体类型,新媒体名称,主办单位,联系人,联系电话\n新浪微博,示例另报,示例市示例局,{CONTACT},{CONTACT_PHONE}\n"


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a sweep left: every file below its folders, and the world that it read."""

    files: dict[Path, bytes]
    served: Served


def _talking(comments: Any) -> Any:
    """The same comments, whose writers give away who they are."""

    def told(*words: object) -> list[dict[str, object]]:
        return [{**one, "text": f"{one['text']}{PLEA}"} for one in comments(*words)]

    return told


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("secrets")
    root, temporary, world = folder / "ws", folder / "tmp", world_of(KEYS)
    temporary.mkdir()
    talk = [patch.object(rows, "comments", _talking(rows.comments)) for rows in (weibo_rows, douyin_rows)]
    with talk[0], talk[1], serve(world) as served:
        with settle(root, world, f"{text_of(world)}\n{talked_of()}") as ws:
            begin(ws, world, SWEEP)
        filed = folder / "filed.csv"
        filed.write_text(FILED, encoding="utf-8-sig")
        ok("accounts", "import", filed, workspace=root)
        filed.unlink()
        _sweep(root, served, folder, temporary)
        assert tracker("judge", "--sweep", SWEEP, workspace=root).code in (0, 3)
        ok("report", "noncompliant", "--sweep", SWEEP, "--to", root / "reports", "--as", "html,csv,json", workspace=root)
        yield Left(files={path: _body(path) for path in folder.rglob("*") if path.is_file()}, served=served)


def _sweep(root: Path, served: Served, folder: Path, temporary: Path) -> None:
    ca = folder / "ca.pem"
    served.ca.cert_pem.write_to_path(str(ca))
    told = [sys.executable, "-m", "tests.e2e.noted", str(root), str(served.port), str(ca), SWEEP]
    env = {**os.environ, "TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    done = subprocess.run(told, cwd=TOP, env=env, capture_output=True, check=False, timeout=200)
    (folder / "log.txt").write_bytes(done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr.decode("utf-8", errors="replace")[-3000:]


def _body(path: Path) -> bytes:
    """What a file holds: evidence unpacked, a database as text as well."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(raw)
    if raw.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(path)) as connection:
            return raw + "\n".join(connection.iterdump()).encode()
    return raw


def test_no_planted_secret_is_in_any_file(left: Left) -> None:
    grants = [one for one in left.served.world.accounts if one.grant]
    wanted = {LOGIN, PHONE, CONTACT_PHONE, CONTACT, "world-guest", "oSHILI", "示例网友", "示例用户"}
    wanted |= {one.grant.secret for one in grants if one.grant} | {token_of(one) for one in grants}
    wanted |= {ids.sec_uid("writer", n) for n in range(20)}
    assert len(grants) >= 3
    assert [(word, path.name) for word in wanted for path, body in left.files.items() if _holds(body, word)] == []


def _holds(body: bytes, word: str) -> bool:
    """Whether a word stands there, as text or as JSON writes it."""
    return word.encode() in body or json.dumps(word)[1:-1].encode() in body


def test_they_were_there_to_be_found(left: Left) -> None:
    """Without these calls, texts and lines the test before would prove nothing."""
    calls = Counter(call["endpoint"] for call in left.served.log)
    assert calls["buildcomments"] >= 1
    assert calls["comments"] >= 1
    assert calls["stable_token"] >= 3
    assert any("access_token=WORLD-" in call["query"] for call in left.served.log)
    evidence = b"".join(body for path, body in left.files.items() if path.name.endswith(".warc.gz"))
    assert "请问怎么办理请回电".encode() in evidence
    assert "什么时候办请回电".encode() in evidence
    log = next(body for path, body in left.files.items() if path.name == "log.txt")
    assert b"DEBUG" in log
    database = b"".join(body for path, body in left.files.items() if path.suffix == ".db")
    assert _holds(database, "示例另报")
