"""Opening, migrating, failing in words, and many writers."""

import dataclasses
import multiprocessing
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import peewee
import pytest
from playhouse.schema_diff import diff_models

from tests.store.invented import AT, account, sweep, visit
from tracker.errors import UsageError
from tracker.store import Store
from tracker.store import database as module
from tracker.store.tables import Tables


def drift(store: Store, models: list[type[peewee.Model]]) -> tuple[list[Any], list[Any]]:
    """Indexes that the models declare and the database lacks, and the other way about; everything else must agree."""
    found = diff_models(store._database, models)
    assert [found.create_tables, found.add_columns, found.drop_columns] == [[], [], []]
    missing = [one for one in found.add_indexes if not (one.unique and of_a_constraint(store, one.table, one.columns))]
    return missing, found.drop_indexes


def of_a_constraint(store: Store, table: str, columns: tuple[str, ...]) -> bool:
    """SQLite names the index of a UNIQUE constraint by itself, and `diff_models` passes such names by."""
    held = [one for one in store._database.get_indexes(table) if one.name.startswith("sqlite_autoindex_")]
    return any((tuple(one.columns), one.unique) == (columns, True) for one in held)


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    models = [getattr(store._rows, field.name) for field in dataclasses.fields(Tables)]
    assert drift(store, models) == ([], [])
    store._database.execute_sql("DROP INDEX visit_as_of")
    store._database.execute_sql("CREATE INDEX nobody_declared ON visit (url)")
    missing, left = drift(store, models)
    assert [one.columns for one in missing] == [("as_of",)], "this test can fail"
    assert [one.name for one in left] == ["nobody_declared"], "this test can fail"


def test_opening_again_keeps_everything(url: str) -> None:
    with Store.open(url) as first:
        first.add_accounts([account(1)], "王某", AT)
    with Store.open(url) as second:
        assert second.accounts() == (account(1),)


def test_two_stores_at_once_do_not_mix(url: str, tmp_path: Path) -> None:
    with Store.open(url) as one, Store.open(f"sqlite:///{tmp_path / 'other.db'}") as two:
        one.add_accounts([account(1)], "王某", AT)
        two.add_accounts([account(2)], "王某", AT)
        assert (one.accounts(), two.accounts()) == ((account(1),), (account(2),))


def begin_and_fail(store: Store) -> None:
    with store.transaction():
        store.add_accounts([account(1)], "王某", AT)
        store.start_sweep(sweep())
        raise RuntimeError


def test_a_transaction_keeps_all_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError):
        begin_and_fail(store)
    assert (store.accounts(), store.sweeps()) == ((), ())
    with store.transaction():
        store.add_accounts([account(1)], "王某", AT)
        with pytest.raises(UsageError):
            store.add_accounts([account(2), account(1)], "王某", AT)
        store.add_accounts([account(3)], "王某", AT)
    assert store.accounts() == (account(1), account(3))


def test_worker_threads_share_one_store(store: Store) -> None:
    store.start_sweep(sweep())
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda n: store.add_visit(visit(n)), range(80)))
        assert set(pool.map(lambda _: len(store.visits("2026-11-02")), range(16))) == {80}


def test_ids_learned_by_many_threads_are_all_kept(store: Store) -> None:
    store.add_accounts([account(1)], "王某", AT)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.learn_ids("account001", {f"kind{n}": str(n)}, AT), range(24)))
    found = store.account("account001")
    assert found
    assert found.ids == {f"kind{n}": str(n) for n in range(24)}
    assert len(store.history("account001")) == 25


def write(url: str, first: int, count: int) -> None:
    with Store.open(url) as store:
        for n in range(first, first + count):
            store.add_visit(visit(n))
            store.add_visit(visit(0))  # and the same one from both sides


def run(target: object, *calls: tuple[object, ...]) -> list[int | None]:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=target, args=call) for call in calls]  # type: ignore[arg-type]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(90)
    return [worker.exitcode for worker in workers]


def test_two_processes_that_write_at_once_lose_nothing(url: str) -> None:
    with Store.open(url) as store:
        store.start_sweep(sweep())
        assert run(write, (url, 1, 200), (url, 1001, 200)) == [0, 0]
        assert store.known_files("2026-11-02") == {visit(n).file for n in [0, *range(1, 201), *range(1001, 1201)]}


def open_and_close(url: str) -> None:
    Store.open(url).close()


def test_processes_that_make_the_same_database_at_once_all_succeed(url: str) -> None:
    assert run(open_and_close, *[(url,)] * 4) == [0, 0, 0, 0]
    with Store.open(url) as store:
        assert store.sweeps() == ()


def test_threads_that_make_the_same_database_at_once_all_succeed(url: str) -> None:
    barrier = threading.Barrier(4)

    def begin(_: int) -> None:
        barrier.wait(10)
        open_and_close(url)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, range(4)))


def test_a_newer_database_is_refused_and_left_alone(url: str) -> None:
    with Store.open(url) as store:
        store._database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_from_the_future', '2030-01-01')")
    with pytest.raises(UsageError, match=r"由更新的程序写成.*9999_from_the_future.*请升级程序"):
        Store.open(url)


def test_a_migration_that_fails_leaves_nothing(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "0001_bad.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE half (a TEXT)')\n    db.execute_sql('NO SQL')\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(module, "MIGRATIONS", tmp_path)
    with pytest.raises(UsageError, match="拒绝了这一步"):
        Store.open(url)
    monkeypatch.undo()
    with Store.open(url) as store:
        assert "half" not in store._database.get_tables()
        assert "visit" in store._database.get_tables()


def test_a_foreign_key_holds_in_the_database_itself(store: Store) -> None:
    with pytest.raises(peewee.IntegrityError):
        store._rows.decision.insert(sweep="x", account_id="", code="", confirmed=True, who="", why="", at="").execute()


@pytest.mark.parametrize("wrong", ["mysql://host/db", "data.db", ""])
def test_another_kind_of_address_is_explained(wrong: str) -> None:
    with pytest.raises(UsageError, match="应为 sqlite:///路径 或 postgresql://"):
        Store.open(wrong)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(UsageError) as caught:
        Store.open("postgresql://someone:geheim@127.0.0.1:1/offices", wait=2)
    assert "连接不上" in str(caught.value)
    assert "127.0.0.1/offices" in str(caught.value)
    assert "geheim" not in str(caught.value)


def fill(store: Store) -> None:
    with store.transaction():
        for n in range(2, 2000):
            store.add_visit(visit(n))


class TestSqliteFaults:
    """What only a file can suffer."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "data.db"
        with Store.open(f"sqlite:///{path}") as store:
            store.start_sweep(sweep())
        return path

    def test_it_writes_ahead_and_checks_foreign_keys(self, path: Path) -> None:
        with Store.open(f"sqlite:///{path}") as store:
            told = [store._database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")]
        assert told == ["wal", 1]

    def test_a_locked_file_says_who_to_close(self, path: Path) -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with Store.open(f"sqlite:///{path}", wait=0.2) as store, pytest.raises(UsageError, match=r"正被另一个程序占用.*请关闭"):
            store.add_visit(visit())
        other.close()

    def test_a_reader_is_not_kept_out_by_a_writer(self, path: Path) -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with Store.open(f"sqlite:///{path}", wait=0.2) as store:
            assert len(store.sweeps()) == 1
        other.close()

    def test_a_full_disk_loses_nothing_that_was_there(self, path: Path) -> None:
        with Store.open(f"sqlite:///{path}") as store:
            store.add_visit(visit(1))
            with store._database.connection_context():
                pages = store._database.execute_sql("PRAGMA page_count").fetchone()[0]
                store._database.execute_sql(f"PRAGMA max_page_count = {pages}")
                with pytest.raises(UsageError, match=r"磁盘已满.*没有写入"):
                    fill(store)
            assert store.visits("2026-11-02") == (visit(1),)

    def test_a_read_only_file_is_explained(self, path: Path) -> None:
        with Store.open(f"sqlite:///{path}") as store, store._database.connection_context():
            store._database.execute_sql("PRAGMA query_only = 1")
            with pytest.raises(UsageError, match="只能读不能写"):
                store.add_visit(visit())

    def test_a_file_that_is_no_database_is_explained(self, tmp_path: Path) -> None:
        (tmp_path / "data.db").write_bytes(b"PK\x03\x04" + b"no database at all" * 100)
        with pytest.raises(UsageError, match=r"data\.db 不是数据库文件"):
            Store.open(f"sqlite:///{tmp_path / 'data.db'}")

    def test_a_damaged_file_is_explained(self, path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        path.write_bytes(bytes(content))
        with pytest.raises(UsageError, match=r"已损坏.*备份"), Store.open(f"sqlite:///{path}") as store:
            store.sweeps()

    def test_a_folder_that_is_missing_is_explained(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="打不开"):
            Store.open(f"sqlite:///{tmp_path / 'nowhere' / 'data.db'}", wait=0.2)

    def test_closing_lets_go_of_the_file(self, path: Path) -> None:
        store = Store.open(f"sqlite:///{path}")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: store.add_visit(visit(n)), range(8)))
        store.close()
        store.close()
        assert not path.with_name("data.db-wal").exists()
