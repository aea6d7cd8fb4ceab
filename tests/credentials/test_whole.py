"""`tracker sweep` itself with a stored login, and then without its key: the command line, real Chromium, fake platforms."""

import functools
import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e.living import QUICK
from tests.e2e.running import tracker
from tests.platforms.serve import Served
from tests.platforms.world import LOGIN
from tests.samples.__main__ import _cookies
from tracker.capture import Desk, HostMap
from tracker.cli import sweeping
from tracker.clock import SHANGHAI
from tracker.credentials import fresh

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180), pytest.mark.usefixtures("chromium")]
EVE = datetime(2026, 11, 1, 12, tzinfo=SHANGHAI)
QUICK_PACE = """
[control]
weibo = "900019999"

[pace.weibo]
between_accounts = [0.0, 0.0]
between_requests = 0.0
"""


@pytest.fixture
def city(home: Path, tmp_path: Path, platforms: Served, host_map: HostMap, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one weibo account and a login, whose sweeps meet the fake platforms."""
    uid = next(one.ids["uid"] for one in platforms.world.accounts if one.key == "weibo:示例水利")
    table, state = tmp_path / "台账.csv", tmp_path / "state.json"
    table.write_text(f"新媒体类型,新媒体名称,主办单位,微信号/UID\n新浪微博,示例水利,示例市水利局,{uid}\n", encoding="utf-8")
    state.write_text(json.dumps({"cookies": _cookies("weibo")}), encoding="utf-8")
    path = home / "tracker.toml"
    path.write_text("confirm_public_vetoes = false\n" + path.read_text(encoding="utf-8") + QUICK_PACE, encoding="utf-8")
    assert tracker("accounts", "import", table, workspace=home).code == 0
    assert tracker("credentials", "add", "weibo", "--file", state, workspace=home).code == 0
    # a control account whose last post is days old proves nothing: the invented one posted on the eve
    monkeypatch.setattr(sweeping, "now", lambda: EVE)
    told = {"host_map": host_map, "patience": QUICK, "clock": lambda: EVE}
    monkeypatch.setattr(sweeping, "Desk", functools.partial(Desk, **told))
    return home


def credential(home: Path) -> dict[str, object]:
    (line,) = tracker("credentials", "list", "--json", workspace=home).lines
    return line


def test_a_sweep_uses_the_stored_login_and_remembers_it(city: Path, platforms: Served) -> None:
    said = tracker("sweep", "--platform", "weibo", workspace=city)
    assert said.code == 0, said
    assert (credential(city)["last_outcome"], credential(city)["usable"]) == ("ok", True)
    assert {call["account"] for call in platforms.log if call["endpoint"] == "mymblog"} >= {"weibo:示例水利"}
    found = [path for path in city.rglob("*") if path.is_file() and LOGIN.encode() in path.read_bytes()]
    assert found == []
    assert LOGIN not in said.out + said.err


def test_without_its_key_the_sweep_goes_on_as_a_guest_and_says_so(
    city: Path, platforms: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_KEY", fresh())
    said = tracker("sweep", "--platform", "weibo", workspace=city)
    assert said.code == 3, said
    assert "另一把钥匙" in said.out
    assert credential(city)["last_outcome"] is None
