"""A county, a city and a province, each a workspace of its own, with the same sample or parts of it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.e2e.running import Said, ok, tracker

REGISTRY = "新媒体类型,新媒体名称,主办单位,县区\n{}"
ROWS = {
    "发布": "新浪微博,示例发布,示例县示例局,示例县\n",
    "统计": "微信订阅号,示例统计,示例县统计局,示例县\n",
    "教育": "微信订阅号,示例教育,示例县教育局,示例县\n",
    "市府": "微信订阅号,市府发布,示例市政府办,市直\n",
}
HEAD = "新媒体类型,新媒体名称,检查日期,最后更新日期,发现问题\n"


def office(root: Path, place: str, *rows: str) -> Path:
    """A workspace with a registry of these rows."""
    ok("init", root)
    path = root / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('place = "示例市"', f'place = "{place}"'), encoding="utf-8")
    registry = root.parent / f"{root.name}-台账.csv"
    registry.write_text(REGISTRY.format("".join(ROWS[row] for row in rows)), encoding="utf-8")
    ok("accounts", "import", registry, workspace=root)
    return root


def look(root: Path, sweep: str, *rows: str) -> None:
    """Take a sheet of rows in and judge."""
    sheet = root.parent / f"{root.name}-{sweep}.csv"
    sheet.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    ok("observe", "import", sheet, "--sweep", sweep, workspace=root)
    judged(root, sweep)


def judged(root: Path, sweep: str) -> Said:
    """Judge; 3 = some could not be checked, which is no mistake."""
    said = tracker("judge", "--sweep", sweep, "--json", workspace=root)
    assert said.code in (0, 3), said
    return said


def sent(root: Path, to: Path, *options: object) -> str:
    """Export a bundle; the fingerprint of its signer."""
    told = ok("bundle", "export", to, *options, "--json", workspace=root).lines[0]
    return str(told["fingerprint"])


def taken(root: Path, bundle: Path, *options: object) -> dict[str, Any]:
    """Import a bundle, which must succeed; what was told of it."""
    found: dict[str, Any] = ok("bundle", "import", bundle, *options, "--json", workspace=root).lines[0]
    return found


def refused(root: Path, bundle: Path, *options: object) -> str:
    """Import a bundle, which must be refused with nothing written; the one sentence."""
    before = state(root)
    said = tracker("bundle", "import", bundle, *options, workspace=root)
    assert said.code == 2, said
    assert len(said.err.strip().splitlines()) == 1, said
    assert state(root) == before
    return said.err


def verdicts(root: Path, sweep: str) -> dict[str, Any]:
    """The last judgement by name of the account."""
    return {line["name"]: line for line in judged(root, sweep).lines}


def state(root: Path) -> tuple[list[Any], list[tuple[str, bytes]]]:
    """Every row of the database but those that tell who tried what (审计), and every file of the evidence but the locks."""
    with closing(sqlite3.connect(root / "tracker.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        held = [name for name in names if name not in ("audit_log", "sqlite_sequence")]
        rows = [(name, connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in held]  # noqa: S608 - our tables
    files = (path for path in sorted((root / "snapshots").rglob("*")) if path.is_file() and path.parent.name != ".locks")
    return rows, [(path.relative_to(root).as_posix(), path.read_bytes()) for path in files]
