"""users and audit on the command line, and that what is changed there is noted."""

from pathlib import Path

from tests.cli.conftest import Run
from tracker.store.database import connect


def actions(run: Run) -> list[tuple[str, str, str]]:
    return [(row["person"], row["action"], row["outcome"]) for row in reversed(run("audit", "list", "--json").lines)]


def changed(home: Path, *statements: str) -> None:
    """As somebody with the database's own tools would."""
    database, _ = connect(f"sqlite:///{home / 'tracker.db'}", wait=5)
    for statement in statements:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]  # peewee's
    database.close()


def test_decisions_and_final_prints_are_rows_and_what_only_reads_is_none(judged: Run) -> None:
    one = judged("review", "list", "--json").lines[0]
    before = actions(judged)
    assert judged("review", "confirm", one["account_id"], one["code"], "--who", "张三").code == 0
    judged("review", "confirm", one["account_id"], "NO-01", "--who", "张三").refused()
    assert judged("accounts", "list").code == 0
    assert judged("report", "noncompliant", "--as", "csv").code == 0
    judged("report", "noncompliant", "--final", "--as", "csv").refused()
    told = actions(judged)[len(before) :]
    assert told == [
        ("张三", "cli review confirm", "done"),
        ("张三", "cli review confirm", "failed"),
        ("检查人", "cli report --final", "failed"),
    ]
    assert f"code={one['code']}" in judged("audit", "list", "--json").lines[2]["targets"]
    assert judged("audit", "verify").code == 0


def test_a_changed_row_is_named_with_exit_code_1(run: Run, home: Path) -> None:
    for login in ("wang", "li", "zhao"):
        assert run("users", "invite", login, "--name", "某", "--role", "admin").code == 0
    said = run("audit", "verify", "--json").lines[0]
    assert (said["rows"], said["problem"]) == (3, None)
    assert run("audit", "verify", "--head", said["head"].upper()).code == 0
    assert run("audit", "verify", "--head", "ab" * 32).code == 1
    run("audit", "verify", "--head", "no hash").refused("64 位")
    changed(home, "DROP TRIGGER audit_log_no_update", "UPDATE audit_log SET outcome = '200' WHERE number = 2")
    told = run("audit", "verify")
    assert (told.code, "第 2 条" in told.out) == (1, True)


def test_users_are_invited_disabled_enabled_and_reset(run: Run) -> None:
    told = run("users", "invite", "wang", "--name", "王主任", "--role", "admin")
    assert "/invite?t=" in told.out
    run("users", "invite", "WANG", "--name", "另一个", "--role", "city").refused("已经有人用")
    run("users", "invite", "li", "--name", "李", "--role", "king").refused("没有角色")
    run("users", "invite", "li", "--name", "李", "--role", "county", "--region", "某县").refused("台账里没有县区")
    run("users", "disable", "wang").refused("最后一个")
    run("users", "reset", "nobody").refused("现有:wang")
    assert run("users", "invite", "li", "--name", "李", "--role", "city").code == 0
    assert run("users", "disable", "li").code == 0
    run("users", "reset", "li").refused("已停用")
    assert run("users", "enable", "li").code == 0
    assert "/invite?t=" in run("users", "reset", "li").out
    assert [(one["login"], one["disabled"]) for one in run("users", "list", "--json").lines] == [("li", False), ("wang", False)]


def test_a_page_for_many_asks_for_its_names_before_it_listens(run: Run, home: Path) -> None:
    run("serve", "--no-open", "--host", "0.0.0.0").refused("many = true")  # noqa: S104 - that it is refused is the point
    path = home / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[server]\nmany = true\n", encoding="utf-8")
    run("serve", "--no-open", "--host", "0.0.0.0").refused("hosts")  # noqa: S104 - the same
    path.write_text(path.read_text(encoding="utf-8") + '\n[oidc]\nissuer = "https://sso.example"\n', encoding="utf-8")
    run("serve", "--no-open", "--port", "0").refused("TRACKER_OIDC_SECRET")
