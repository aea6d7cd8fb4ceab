"""Stored credentials in a sweep: used while fit, never in the clear, and remembered how they did."""

import asyncio
import gzip
import logging
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.e2e.living import QUICK, begin, desk, settle, verdicts
from tests.platforms.serve import Served
from tests.platforms.weixin_api import token_of
from tests.platforms.world import LOGIN
from tests.samples.__main__ import _cookies, fast
from tests.samples.roles import TODAY
from tracker.access import Allowed, allowed, control_of, learn, secret_of, self_test, try_out
from tracker.capture import Job, Lane
from tracker.credentials import Credential, Hidden, Kind, Vault
from tracker.errors import UsageError
from tracker.model import Account, Observation, Outcome, Route
from tracker.settings import Settings
from tracker.sweep import plan, record_shut_out, run, shut_out
from tracker.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SWEEP = "s1"
AT = datetime(2026, 11, 6, 12, tzinfo=UTC)
OWN = Settings(control={"weibo": "900019999"})


class Silent:
    def started(self, job: Job) -> None:
        pass

    def visited(self, job: Job, observation: Observation) -> None:
        pass

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *told, **more: None


def session(served: Served, **told: object) -> Credential:
    return Credential(
        name="weibo", kind=Kind.SESSION, platform="weibo", added_at=served.world.clock, who="示例员", label="办公室账号", **told
    )


def grant(account: Account, served: Served) -> Credential:
    return Credential(
        name=account.account_id,
        kind=Kind.OWNER,
        platform=account.platform,
        account_id=account.account_id,
        added_at=served.world.clock,
        who="示例员",
    )


def given(served: Served, name: str) -> dict[str, object]:
    told = next(one.grant for one in served.world.accounts if one.key == f"weixin:{name}")
    assert told is not None
    return {"appid": told.appid, "secret": told.secret}


def fill(vault: Vault, ws: Workspace, served: Served) -> None:
    """A login and two grants."""
    vault.add(session(served), Hidden({"cookies": _cookies("weibo"), "origins": []}))
    for account in ws.store.accounts():
        if account.platform == "weixin":
            vault.add(grant(account, served), Hidden(given(served, account.name)))


def sweep_with(ws: Workspace, vault: Vault, served: Served) -> Allowed:
    """As `tracker sweep` does it, against the fake platforms."""
    may = allowed(vault, served.world.clock)
    sweep = begin(ws, served.world, SWEEP)
    jobs = plan(ws, sweep, BY_PLATFORM, may.access, today=TODAY)
    record_shut_out(
        ws, sweep, shut_out(sweep, jobs, BY_PLATFORM, may.access), BY_PLATFORM, may.access, clock=lambda: served.world.clock
    )

    async def go() -> None:
        async with desk(served, may.secret) as fetchers:
            told = {"progress": Silent(), "clock": lambda: served.world.clock, "stop": asyncio.Event(), "pace": fast}
            await run(ws, sweep, jobs, BY_PLATFORM, fetchers=fetchers, **told)

    asyncio.run(go())
    learn(vault, may, jobs, ws.store.visits(SWEEP), BY_PLATFORM)
    return may


def body_of(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def test_a_full_sweep_leaves_no_secret_anywhere(
    tmp_path: Path,
    vault: Vault,
    platforms: Served,
    chromium: object,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with settle(tmp_path / "ws", platforms.world) as ws:
        fill(vault, ws, platforms)
        sweep_with(ws, vault, platforms)
        seen = {f"{one.platform}:{one.account_id}": one.observation.outcome for one in ws.store.visits(SWEEP)}
        judged = verdicts(ws, ws.sweep(SWEEP))
    assert set(seen.values()) == {Outcome.OK}
    grants = [one for one in platforms.world.accounts if one.grant]
    tokens = {token_of(one) for one in grants}
    asked = {call["query"] for call in platforms.log if call["host"] == "api.weixin.qq.com"}
    assert any(token in query for token in tokens for query in asked)
    planted = {LOGIN, *tokens, *(one.grant.secret for one in grants if one.grant)}
    every = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(every) > 6
    assert [(word, path) for word in planted for path in every if word.encode() in body_of(path)] == []
    out, err = capfd.readouterr()
    for told in (caplog.text, out, err, str(judged), repr(vault.all()), str(allowed(vault, platforms.world.clock))):
        assert [word for word in planted if word in told] == []


def test_a_sweep_writes_down_that_its_credentials_read_well(
    tmp_path: Path, vault: Vault, platforms: Served, chromium: object
) -> None:
    with settle(tmp_path / "ws", platforms.world) as ws:
        fill(vault, ws, platforms)
        sweep_with(ws, vault, platforms)
    assert {(one.last_fit, one.last_outcome) for one in vault.all()} == {(platforms.world.clock, Outcome.OK)}
    assert allowed(vault, platforms.world.clock).warnings == ()


def test_a_grant_that_was_revoked_is_not_used_again_and_its_account_says_why(
    tmp_path: Path, vault: Vault, platforms: Served
) -> None:
    with settle(tmp_path / "ws", platforms.world) as ws:
        account = next(one for one in ws.store.accounts() if one.name == "示例统计")
        vault.add(grant(account, platforms), Hidden({**given(platforms, "示例统计"), "secret": "an-old-secret-0001"}))
        may = allowed(vault, platforms.world.clock)
        assert may.access.grants == {account.account_id}
        sweep = begin(ws, platforms.world, SWEEP)
        jobs = plan(ws, sweep, BY_PLATFORM, may.access, today=TODAY)
        only = [job for job in jobs if job.visit.account == account]

        async def go() -> None:
            async with desk(platforms, may.secret) as fetchers:
                told = {"progress": Silent(), "clock": lambda: platforms.world.clock, "stop": asyncio.Event(), "pace": fast}
                await run(ws, sweep, only, BY_PLATFORM, fetchers=fetchers, **told, finish=False)

        asyncio.run(go())
        learn(vault, may, only, ws.store.visits(SWEEP), BY_PLATFORM)
        assert vault.get(account.account_id).last_outcome is Outcome.AUTH
        after = allowed(vault, platforms.world.clock)
        assert after.access.grants == frozenset()
        assert any(account.account_id in line and "授权失效" in line for line in after.warnings)
        platforms.log.clear()
        second = begin(ws, platforms.world, "s2")
        left = shut_out(second, plan(ws, second, BY_PLATFORM, after.access, today=TODAY), BY_PLATFORM, after.access)
        assert left == (account,)
        for _ in range(2):
            record_shut_out(ws, second, left, BY_PLATFORM, after.access, clock=lambda: platforms.world.clock)
        (said,) = [one for one in ws.store.visits("s2") if one.account_id == account.account_id]
        assert (said.route, said.observation.outcome) == (Route.API, Outcome.AUTH)
        assert platforms.log == []
        told = next(one for one in verdicts(ws, second) if one["account_id"] == account.account_id)
    assert told["verdict"] == "未能核查"
    assert told["findings"] == []
    assert any("授权失效" in str(one["reason"]) for one in told["undetermined"])


def test_an_expired_login_leaves_the_guest_s_lane(tmp_path: Path, vault: Vault, platforms: Served) -> None:
    at = platforms.world.clock
    vault.add(session(platforms, expires_at=at - timedelta(minutes=1)), Hidden({"cookies": _cookies("weibo"), "origins": []}))
    may = allowed(vault, at)
    with settle(tmp_path / "ws", platforms.world) as ws:
        jobs = plan(ws, begin(ws, platforms.world, SWEEP), BY_PLATFORM, may.access, today=TODAY)
    assert {job.lane.credential for job in jobs} == {""}
    assert ["登录态失效" in line for line in may.warnings] == [True]


def test_a_lost_key_uses_nothing_and_says_so(tmp_path: Path, vault: Vault, platforms: Served) -> None:
    from tracker.credentials import Keys, fresh
    from tracker.evidence import lock

    with settle(tmp_path / "ws", platforms.world) as ws:
        fill(vault, ws, platforms)
        may = allowed(Vault(vault.folder, alone=lock.alone, keys=Keys({"TRACKER_KEY": fresh()})), platforms.world.clock)
        assert (may.access.sessions, may.access.grants) == ({}, frozenset())
        assert set(may.access.unfit) == {one.account_id for one in ws.store.accounts() if one.platform == "weixin"}
        assert len([line for line in may.warnings if "另一把钥匙" in line]) == len(vault.all())


def test_without_credentials_no_key_is_asked_for(tmp_path: Path) -> None:
    from tracker.credentials import Keys
    from tracker.evidence import lock

    def nobody(*told: str) -> str | None:
        pytest.fail("the keyring was opened for nothing")

    may = allowed(Vault(tmp_path / "credentials", alone=lock.alone, keys=Keys({}, get=nobody)), AT)
    assert (may.access.sessions, may.warnings) == ({}, ())
    assert not (tmp_path / "credentials").exists()


def try_one(vault: Vault, served: Served, name: str, visit: object) -> Observation:
    one = vault.get(name)
    secret = secret_of(vault, one, served.world.clock)

    async def look() -> Observation:
        async with desk(served, lambda lane: secret, QUICK) as fetchers:
            return await try_out(vault, one, BY_PLATFORM[one.platform], visit, fetchers)  # type: ignore[arg-type]

    return asyncio.run(look())


def test_trying_a_login_reads_the_control_account(vault: Vault, platforms: Served, chromium: object) -> None:
    vault.add(session(platforms), Hidden({"cookies": _cookies("weibo"), "origins": []}))
    said = try_one(vault, platforms, "weibo", control_of(BY_PLATFORM["weibo"], OWN, TODAY))
    assert said.outcome is Outcome.OK
    assert vault.get("weibo").last_fit is not None
    assert {call["account"] for call in platforms.log if call["endpoint"] == "mymblog"} == {"weibo:示例融媒"}


def test_trying_a_dead_login_tells_why(vault: Vault, platforms: Served, chromium: object) -> None:
    dead = [{**row, "value": "no-longer-good"} for row in _cookies("weibo")]
    vault.add(session(platforms), Hidden({"cookies": dead, "origins": []}))
    said = try_one(vault, platforms, "weibo", control_of(BY_PLATFORM["weibo"], OWN, TODAY))
    assert said.outcome is Outcome.LOGIN_WALL
    told = vault.get("weibo")
    assert (told.last_outcome, told.last_fit) == (Outcome.LOGIN_WALL, None)
    assert told.unfit(platforms.world.clock)


def test_trying_a_grant_asks_for_the_menu_alone(tmp_path: Path, vault: Vault, platforms: Served) -> None:
    with settle(tmp_path / "ws", platforms.world) as ws:
        account = next(one for one in ws.store.accounts() if one.name == "示例统计")
    vault.add(grant(account, platforms), Hidden(given(platforms, "示例统计")))
    try_one(vault, platforms, account.account_id, self_test(BY_PLATFORM["weixin"], account, TODAY))
    assert vault.get(account.account_id).last_outcome is Outcome.OK
    assert [call["endpoint"] for call in platforms.log] == ["stable_token", "selfmenu"]
    platforms.world.faults.put("40164", account="weixin:示例统计")
    said = try_one(vault, platforms, account.account_id, self_test(BY_PLATFORM["weixin"], account, TODAY))
    assert said.outcome is Outcome.AUTH
    assert "203.0.113.7" in said.detail


def test_a_platform_without_a_control_account_is_told(platforms: Served) -> None:
    with pytest.raises(UsageError, match=r"\[control\]"):
        control_of(BY_PLATFORM["weixin"], OWN, TODAY)


def delegated(vault: Vault, account: Account, served: Served, ticket: str = "ticket-1") -> None:
    own = Credential(name="weixin-component", kind=Kind.COMPONENT, platform="weixin", added_at=served.world.clock, who="示例员")
    vault.add(own, Hidden({"appid": "wxcomponent", "secret": "component-secret-1", "ticket": ticket}))
    told = {"appid": given(served, account.name)["appid"], "refresh_token": "refresh-token-1"}
    vault.add(replace(grant(account, served), kind=Kind.DELEGATE), Hidden(told))


def test_an_authorisation_by_a_third_party_platform_reads_and_keeps_the_new_token(
    tmp_path: Path, vault: Vault, platforms: Served
) -> None:
    with settle(tmp_path / "ws", platforms.world) as ws:
        account = next(one for one in ws.store.accounts() if one.name == "示例统计")
        delegated(vault, account, platforms)
        try_one(vault, platforms, account.account_id, self_test(BY_PLATFORM["weixin"], account, TODAY))
    assert vault.get(account.account_id).last_outcome is Outcome.OK
    assert vault.secret(account.account_id).value["refresh_token"] == "refresh-token-2"
    # the second time the first token is dead: only who kept the new one gets in
    try_one(vault, platforms, account.account_id, self_test(BY_PLATFORM["weixin"], account, TODAY))
    assert vault.get(account.account_id).last_outcome is Outcome.OK


def test_a_stale_ticket_is_named(tmp_path: Path, vault: Vault, platforms: Served) -> None:
    with settle(tmp_path / "ws", platforms.world) as ws:
        account = next(one for one in ws.store.accounts() if one.name == "示例统计")
    delegated(vault, account, platforms, ticket="ticket-of-last-week")
    said = try_one(vault, platforms, account.account_id, self_test(BY_PLATFORM["weixin"], account, TODAY))
    assert said.outcome is not Outcome.OK
    assert vault.get(account.account_id).last_fit is None
    may = allowed(vault, platforms.world.clock)
    assert any(account.account_id in line for line in may.warnings)


def test_a_delegate_without_its_platform_is_told(tmp_path: Path, vault: Vault, platforms: Served) -> None:
    with settle(tmp_path / "ws", platforms.world) as ws:
        account = next(one for one in ws.store.accounts() if one.name == "示例统计")
    delegated(vault, account, platforms)
    vault.remove("weixin-component")
    may = allowed(vault, platforms.world.clock)
    assert "component" in may.access.unfit[account.account_id]
