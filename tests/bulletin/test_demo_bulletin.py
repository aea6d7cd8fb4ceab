"""The bulletin of the demo, as a newcomer prints it: the check of bulletins finds nothing in it, alone or beside a workspace."""

from pathlib import Path

from tests.e2e.running import ok, script
from tracker.checking import check


def test_the_bulletin_of_the_demo_agrees_with_itself_and_with_the_workspace(tmp_path: Path) -> None:
    folder = tmp_path / "示例"
    assert script("demo", folder, without=("TRACKER_BROWSER", "TRACKER_WORKSPACE")).code == 0
    ok("report", "bulletin", "--to", tmp_path / "通报", "--as", "docx", workspace=folder)
    (path,) = (tmp_path / "通报").glob("*.docx")
    assert check([path]).disagreements == ()
    said = ok("report", "check", path, workspace=folder)
    assert "没有发现不一致" in said.out
    assert "已与批次" in said.out
