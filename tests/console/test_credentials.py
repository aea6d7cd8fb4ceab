"""系统 → 凭据: added only where nobody can listen, tried against real answers, destroyed on purpose, never shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.console.conftest import TODAY, Console, Many, Serve
from tests.console.test_overview import net_of, quick
from tests.platforms.serve import Served, serve
from tests.platforms.world import World
from tests.samples import city, roles
from tracker import settings
from tracker.access import vault_of
from tracker.credentials import Credential, Hidden, Kind, fresh
from tracker.model import Account, Outcome
from tracker.store import Step
from tracker.workspace import create, opened

SECRET = "an-appsecret-that-nobody-may-see"
KEY = "weixin:示例统计"
NOW = roles.TODAY


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", fresh())


def form(console: Console, **told: str) -> dict[str, str]:
    account = next(one for one in console.ws.store.accounts() if one.platform == "weixin")
    whole = {"kind": "owner", "platform": "weixin", "owner": account.account_id, "known": "true", "label": "宣传科"}
    return {**whole, "secret-appid": "wx0123456789abcdef", "secret-secret": SECRET, **told}


def test_a_grant_is_sealed_listed_and_never_shown(sample: Console) -> None:
    answer = sample.post("/system/credentials/new", form(sample))
    assert answer.status == 303, answer.text
    (held,) = vault_of(sample.ws).all()
    assert (held.kind, held.label) == (Kind.OWNER, "宣传科")
    assert vault_of(sample.ws).secret(held.name).value["secret"] == SECRET
    for path in ("/system/credentials", "/system/credentials/new?kind=owner", "/system", "/system/audit"):
        shown = sample.get(path).text
        assert SECRET not in shown
        assert "wx0123456789abcdef" not in shown
    assert "还没有试过" in sample.get("/system/credentials").text
    left = [path for path in sample.ws.root.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert left == []


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"known": ""}, "先看过上面的提醒"),
        ({"owner": ""}, "请填是哪个账号"),
        ({"owner": "weibo:没有"}, "没有账号"),
        ({"platform": "weibo"}, "请选一个平台"),
        ({"secret-appid": ""}, "AppID没有填"),
        ({"secret-secret": f"{SECRET} x"}, "AppSecret没有填或填得不对"),
        ({"kind": "session"}, "没有这种凭据"),
    ],
)
def test_what_is_wrong_is_said_without_the_secret_and_nothing_is_kept(sample: Console, told: dict[str, str], why: str) -> None:
    answer = sample.post("/system/credentials/new", form(sample, **told))
    assert answer.status == 400
    assert why in answer.text
    assert SECRET not in answer.text
    assert vault_of(sample.ws).all() == ()


def test_a_name_that_is_taken_is_replaced_only_on_purpose(sample: Console) -> None:
    assert sample.post("/system/credentials/new", form(sample)).status == 303
    assert sample.post("/system/credentials/new", form(sample)).status == 400
    assert sample.post("/system/credentials/new", form(sample, again="true")).status == 303


def test_over_a_line_on_which_somebody_may_listen_no_secret_is_taken(many: Many) -> None:
    console = many.as_("admin")
    behind = {"X-Forwarded-For": "192.0.2.7"}
    shown = console.get("/system/credentials/new?kind=owner", headers=behind).text
    assert "没有加密" in shown
    assert 'type="password"' not in shown
    answer = console.post("/system/credentials/new", form(console), headers=behind)
    assert (answer.status, "没有加密" in answer.text) == (400, True)
    assert vault_of(many.ws).all() == ()
    assert 'type="password"' in console.get("/system/credentials/new?kind=owner").text


def test_a_login_is_a_matter_of_the_command_line(sample: Console) -> None:
    shown = sample.get("/system/credentials").text
    assert "tracker credentials login weibo" in shown
    assert "没有保存任何凭据" in shown


def test_what_is_over_or_was_refused_is_told_and_destroyed_on_purpose(sample: Console) -> None:
    vault = vault_of(sample.ws)
    about = Credential(name="weibo", kind=Kind.SESSION, platform="weibo", added_at=TODAY - timedelta(days=40), who="张三")
    vault.add(replace(about, expires_at=TODAY - timedelta(days=1)), Hidden({"cookies": []}))
    (vault.folder / "broken.json").write_text("{", encoding="utf-8")
    shown = sample.get("/system/credentials").text
    assert ("不能用" in shown, "40 天前" in shown, "broken.json 已损坏" in shown) == (True,) * 3
    assert "1 份,2 份要人处理" in sample.get("/system").text
    assert sample.post("/system/credentials/remove", {"name": "weibo"}).status == 400
    assert [one.name for one in vault.all()] == ["weibo"]
    assert sample.post("/system/credentials/remove", {"name": "weibo", "sure": "true"}).status == 303
    assert vault.all() == ()
    assert "没有名为" in sample.post("/system/credentials/remove", {"name": "weibo", "sure": "true"}).text


@pytest.fixture
def platforms() -> Iterator[Served]:
    chosen = [one for one in city.accounts() if one.key == KEY]
    with serve(World(accounts=(*chosen, *city.controls()), today=NOW)) as running:
        yield running


@pytest.mark.parametrize("right", [True, False])
def test_a_grant_is_tried_and_the_owner_told_apart_from_one_refused(
    platforms: Served, served: Serve, tmp_path: Path, right: bool
) -> None:
    owner = next(one for one in platforms.world.accounts if one.key == KEY)
    assert owner.grant
    root = tmp_path / "试"
    create(root, settings.template(place="示例市"))
    with opened(root) as ws:
        ids = {"user_name": owner.ids["user_name"]}
        told = Account(
            account_id="A1", platform="weixin", kind="微信订阅号", name=owner.name, organisation="示例市统计局", ids=ids
        )
        ws.store.add_accounts([told], who="张三", at=TODAY)
        about = Credential(name="A1", kind=Kind.OWNER, platform="weixin", account_id="A1", added_at=TODAY, who="张三")
        secret = owner.grant.secret if right else "wrong"
        vault_of(ws).add(about, Hidden({"appid": owner.grant.appid, "secret": secret}))
    console = served(root, net=net_of(platforms), pace=quick)
    assert console.post("/system/credentials/test", {"name": "A1"}).status == 303
    console.desk.jobs.kinds["credential"].wait(60)
    shown = console.get("/system/credentials").text
    assert owner.grant.secret not in shown
    held = vault_of(console.ws).get("A1")
    steps = [one.step for one in console.ws.store.authorisations("A1")]
    if right:
        assert "A1 读取正常" in shown
        assert (held.last_outcome, steps) == (Outcome.OK, [Step.WORKS])
    else:
        assert "没有读好" in shown
        assert (held.last_outcome, steps) == (Outcome.AUTH, [])
    assert "没有名为" in console.post("/system/credentials/test", {"name": "别的"}).text
