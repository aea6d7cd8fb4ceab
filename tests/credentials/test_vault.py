"""The encrypted store: sealed, whole or not at all, shredded; for several processes, and after one was killed."""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from keyring.errors import NoKeyringError

from tracker.credentials import Credential, Hidden, Keys, Kind, Vault, fresh
from tracker.errors import UsageError
from tracker.evidence import lock
from tracker.model import Outcome

AT = datetime(2026, 11, 6, 12, tzinfo=UTC)
SECRET = {"appid": "wx0123456789abcdef", "secret": "planted-appsecret-5f2c9d"}
TOP = Path(__file__).parents[2]


def about(name: str = "hduzmlx3fq", **told: object) -> Credential:
    one = Credential(
        name=name, kind=Kind.OWNER, platform="weixin", account_id=name, added_at=AT, who="示例员", label="办公室账号"
    )
    return replace(one, **told)


def files(vault: Vault) -> list[Path]:
    return [path for path in sorted(vault.folder.iterdir()) if path.name != ".lock"]


def test_what_is_kept_comes_back_and_is_nowhere_in_clear(vault: Vault) -> None:
    kept = vault.add(about(), Hidden(dict(SECRET)))
    assert vault.secret(kept.name).value == SECRET
    assert vault.all() == (kept,)
    for path in files(vault):
        assert SECRET["secret"].encode() not in path.read_bytes()
        assert SECRET["appid"].encode() not in path.read_bytes()


def test_the_same_secret_is_sealed_differently_each_time(vault: Vault) -> None:
    vault.add(about("a1"), Hidden(dict(SECRET)))
    vault.add(about("a2"), Hidden(dict(SECRET)))
    sealed = {json.loads(path.read_text(encoding="utf-8"))["sealed"] for path in files(vault)}
    assert len(sealed) == 2


def test_a_secret_is_told_by_no_repr() -> None:
    assert SECRET["secret"] not in repr(Hidden(dict(SECRET)))
    assert "raw" not in repr(Keys({"TRACKER_KEY": fresh()}).find())


def test_another_key_is_named_as_such(vault: Vault) -> None:
    vault.add(about(), Hidden(dict(SECRET)))
    other = Vault(vault.folder, alone=lock.alone, keys=Keys({"TRACKER_KEY": fresh()}))
    with pytest.raises(UsageError, match=r"另一把钥匙.*TRACKER_KEY"):
        other.secret("hduzmlx3fq")
    assert other.key_misfits() == other.all()
    assert vault.key_misfits() == ()


@pytest.mark.parametrize("told", ["short", "x" * 44, "钥匙" * 22, fresh()[:-2]], ids=["short", "no code", "Chinese", "cut"])
def test_what_is_no_key_is_refused_without_repeating_it(vault: Vault, told: str) -> None:
    wrong = Vault(vault.folder, alone=lock.alone, keys=Keys({"TRACKER_KEY": told}))
    with pytest.raises(UsageError, match="44个字符") as refused:
        wrong.add(about(), Hidden(dict(SECRET)))
    assert told not in str(refused.value)
    assert files(wrong) == []


def test_without_a_keyring_the_way_out_is_told(vault: Vault) -> None:
    def none(*told: str) -> str | None:
        raise NoKeyringError

    with pytest.raises(UsageError, match=r"tracker credentials key.*TRACKER_KEY"):
        Vault(vault.folder, alone=lock.alone, keys=Keys({}, get=none)).add(about(), Hidden(dict(SECRET)))


def test_a_keyring_that_keeps_nothing_is_noticed_before_anything_is_sealed(vault: Vault) -> None:
    forgetful = Keys({}, get=lambda service, user: None, put=lambda service, user, text: None)
    with pytest.raises(UsageError, match="密钥库"):
        Vault(vault.folder, alone=lock.alone, keys=forgetful).add(about(), Hidden(dict(SECRET)))
    assert files(vault) == []


def test_the_keyring_gets_one_key_and_gives_it_back(vault: Vault) -> None:
    held: dict[str, str] = {}
    keys = Keys({}, get=lambda service, user: held.get(user), put=lambda service, user, text: held.update({user: text}))
    for name in ("a1", "a2"):
        Vault(vault.folder, alone=lock.alone, keys=keys).add(about(name), Hidden(dict(SECRET)))
    assert len(held) == 1
    assert Vault(vault.folder, alone=lock.alone, keys=keys).secret("a1").value == SECRET


@pytest.mark.parametrize("cut", [0, 1, 40, -1, -30])
def test_a_truncated_file_is_told_and_the_others_go_on(vault: Vault, cut: int) -> None:
    vault.add(about("a1"), Hidden(dict(SECRET)))
    (whole,) = files(vault)
    raw = whole.read_bytes()
    vault.add(about("a2"), Hidden(dict(SECRET)))
    whole.write_bytes(raw[:cut])
    assert [one.name for one in vault.all()] == ["a2"]
    assert vault.broken() == (whole,)
    with pytest.raises(UsageError, match="已损坏"):
        vault.secret("a1")
    assert vault.remove("a1") is None
    assert vault.broken() == ()


def test_a_changed_byte_of_the_sealed_part_is_noticed(vault: Vault) -> None:
    vault.add(about(), Hidden(dict(SECRET)))
    (path,) = files(vault)
    told = json.loads(path.read_text(encoding="utf-8"))
    told["sealed"] = told["sealed"][:20] + ("A" if told["sealed"][20] != "A" else "B") + told["sealed"][21:]
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(UsageError, match="损坏或被改动"):
        vault.secret("hduzmlx3fq")


def test_a_secret_cannot_be_passed_off_as_another_account_s(vault: Vault) -> None:
    vault.add(about("a1"), Hidden(dict(SECRET)))
    vault.add(about("a2"), Hidden({"appid": "wxother", "secret": "other"}))
    by_name = {json.loads(path.read_text(encoding="utf-8"))["about"]["name"]: path for path in files(vault)}
    one, two = (json.loads(by_name[name].read_text(encoding="utf-8")) for name in ("a1", "a2"))
    by_name["a2"].write_text(json.dumps({**two, "sealed": one["sealed"]}), encoding="utf-8")
    with pytest.raises(UsageError, match="损坏或被改动"):
        vault.secret("a2")


def test_a_name_is_taken_once_unless_asked_again(vault: Vault) -> None:
    vault.add(about(), Hidden(dict(SECRET)))
    with pytest.raises(UsageError, match="--again"):
        vault.add(about(), Hidden({"appid": "x", "secret": "y"}))
    vault.add(about(), Hidden({"appid": "x", "secret": "y"}), again=True)
    assert vault.secret("hduzmlx3fq").value == {"appid": "x", "secret": "y"}


def test_removing_overwrites_before_it_deletes(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.add(about(), Hidden(dict(SECRET)))
    (path,) = files(vault)
    before, seen = path.read_bytes(), []
    unlink = Path.unlink

    def looked(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".gone":
            seen.append(self.read_bytes())
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", looked)
    assert vault.remove("hduzmlx3fq") is not None
    assert files(vault) == []
    (overwritten,) = seen
    assert len(overwritten) == len(before)
    assert before[:40] not in overwritten


def test_how_a_use_ended_is_written_beside_the_secret(vault: Vault) -> None:
    vault.add(about(), Hidden(dict(SECRET)))
    vault.note("hduzmlx3fq", at=AT, outcome=Outcome.OK, fit=AT)
    vault.note("hduzmlx3fq", at=AT + timedelta(days=7), outcome=Outcome.AUTH, detail="AppSecret 已重置")
    told = vault.get("hduzmlx3fq")
    assert (told.last_fit, told.last_outcome, told.last_detail) == (AT, Outcome.AUTH, "AppSecret 已重置")
    assert told.unfit(AT) == "授权失效:AppSecret 已重置"
    assert vault.secret("hduzmlx3fq").value == SECRET
    vault.remove("hduzmlx3fq")
    vault.note("hduzmlx3fq", at=AT, outcome=Outcome.OK)
    assert vault.all() == ()


@pytest.mark.parametrize(
    ("outcome", "usable"),
    [(Outcome.OK, True), (Outcome.CHALLENGE, True), (Outcome.RATE_LIMITED, True), (Outcome.LOGIN_WALL, False)],
)
def test_only_a_wall_that_stays_makes_unfit(outcome: Outcome, usable: bool) -> None:
    assert (about(last_outcome=outcome).unfit(AT) == "") is usable
    assert (about(last_outcome=outcome).warning(AT) == "") is (outcome is Outcome.OK)


@pytest.mark.parametrize(
    ("left", "warned", "usable"), [(timedelta(days=3), True, True), (timedelta(days=3, seconds=1), False, True)]
)
def test_an_end_within_three_days_is_warned_of(left: timedelta, warned: bool, usable: bool) -> None:
    one = about(expires_at=AT + left)
    assert bool(one.warning(AT)) is warned
    assert (one.unfit(AT) == "") is usable
    assert one.unfit(AT + left) != ""


def _add_many(folder: Path, key: str, letter: str, count: int) -> None:
    own = Vault(folder, alone=lock.alone, keys=Keys({"TRACKER_KEY": key}))
    for number in range(count):
        own.add(about(f"{letter}{number}"), Hidden(dict(SECRET)))


def test_two_processes_add_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    folder, key, spawn = tmp_path / "credentials", fresh(), multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_add_many, args=(folder, key, letter, 15)) for letter in "xy"]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    vault = Vault(folder, alone=lock.alone, keys=Keys({"TRACKER_KEY": key}))
    assert [process.exitcode for process in both] == [0, 0]
    assert len(vault.all()) == 30
    assert {json.dumps(vault.secret(one.name).value) for one in vault.all()} == {json.dumps(SECRET)}


DOOMED = """
import os, sys
from pathlib import Path
from tests.credentials.test_vault import SECRET, about
from tracker.credentials import Hidden, Keys, Vault
from tracker.evidence import lock
folder, moment = Path(sys.argv[1]), sys.argv[2]
replace = Path.replace
def die(self, target):
    if moment == "replace" or str(target).endswith(".gone"):
        os._exit(137)
    return replace(self, target)
def shredding(fd):
    os._exit(137)
if moment == "fsync": os.fsync = shredding
else: Path.replace = die
vault = Vault(folder, alone=lock.alone)
if moment == "gone": vault.remove("a1")
else: vault.add(about("a1"), Hidden({"appid": "new", "secret": "new"}), again=True)
"""


@pytest.mark.parametrize("moment", ["fsync", "replace", "gone"])
def test_killed_in_the_middle_leaves_the_old_one_whole(tmp_path: Path, moment: str) -> None:
    folder, key = tmp_path / "credentials", fresh()
    vault = Vault(folder, alone=lock.alone, keys=Keys({"TRACKER_KEY": key}))
    vault.add(about("a1"), Hidden(dict(SECRET)))
    told = [sys.executable, "-c", DOOMED, str(folder), moment]
    done = subprocess.run(told, cwd=TOP, env={**os.environ, "TRACKER_KEY": key}, timeout=60, check=False)
    assert done.returncode == 137
    assert vault.secret("a1").value == SECRET
    vault.add(about("a2"), Hidden(dict(SECRET)))
    # what the dead one left behind is gone with the next writing
    assert {path.suffix for path in files(vault)} == {".json"}
    assert len(files(vault)) == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, keys: Keys) -> None:
    (tmp_path / "credentials").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="credentials"):
        Vault(tmp_path / "credentials", alone=lock.alone, keys=keys).add(about(), Hidden(dict(SECRET)))
