"""The sample city: `world()` for the fake platforms, and its four files (`python -m tests.samples.city OUTDIR`)."""

import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from tests.platforms import ids
from tests.platforms.faults import Fault
from tests.platforms.world import Grant, World, WorldAccount, WorldPost
from tests.samples import posting, roles
from tests.samples.units import SERVICE_ACCOUNTS, Unit, units

KINDS = {"weibo": "新浪微博", "toutiao": "今日头条", "douyin": "抖音"}
CONTROLS = {"weibo": "900019999", "toutiao": "9000049999", "douyin": "900059999"}
"""Ids of the invented busy media account 示例融媒 that serves as control account; it is in no registry."""


def world() -> World:
    """All 102 filed accounts in registry order and three control accounts; a new one each time, its faults can be changed."""
    return World(accounts=(*accounts(), *controls()), today=roles.TODAY)


@cache
def accounts() -> tuple[WorldAccount, ...]:
    """The filed accounts in registry order: unit by unit, weixin first."""
    found: list[WorldAccount] = []
    for unit in units():
        for platform in ("weixin", *unit.platforms):
            found.append(_account(platform, unit, len(found) + 1))
    return tuple(found)


@cache
def controls() -> tuple[WorldAccount, ...]:
    """The control accounts, one per platform whose lists a browser reads."""
    unit = Unit(short="融媒", organisation="示例市融媒体中心", org_type="", region="", place="示例")
    return tuple(_control(platform, unit, number) for platform, number in CONTROLS.items())


def _control(platform: str, unit: Unit, number: str) -> WorldAccount:
    told = {"weibo": {"uid": number}, "toutiao": _toutiao_ids(unit, number), "douyin": _douyin_ids(unit, number)}[platform]
    made = posting.posts(platform, unit)
    kind = KINDS[platform]
    return WorldAccount(
        platform=platform,
        name=unit.name,
        kind=kind,
        ids=told,
        organisation=unit.organisation,
        verified_type=3,
        posts=made,
        filed=False,
    )


def _account(platform: str, unit: Unit, number: int) -> WorldAccount:
    key = f"{platform}:{unit.name}"
    faults = [Fault(name=roles.WALLS[key], account=key)] if key in roles.WALLS else []
    if key == roles.LOWER_BOUND:
        faults.append(Fault(name="login_tip", account=key))
    kind = KINDS.get(platform) or ("微信服务号" if unit.name in SERVICE_ACCOUNTS else "微信订阅号")
    return WorldAccount(
        platform=platform,
        name=unit.name,
        kind=kind,
        ids=_ids(platform, unit, number),
        organisation=unit.organisation,
        org_type=unit.org_type,
        region=unit.region,
        bio=f"{unit.organisation}官方账号（虚构示例）",
        posts=posting.posts(platform, unit),
        likes=posting.likes(key),
        grant=_grant(key, number) if platform == "weixin" and unit.name in roles.GRANTED else None,
        guest_hides=1,
        faults=tuple(faults),
    )


def _ids(platform: str, unit: Unit, number: int) -> dict[str, str]:
    if platform == "weibo":
        domain = roles.BY_DOMAIN.get(unit.name)
        return {"uid": str(900_010_000 + number)} | ({"domain": domain} if domain else {})
    if platform == "toutiao":
        return _toutiao_ids(unit, str(9_000_040_000 + number))
    if platform == "douyin":
        return _douyin_ids(unit, str(900_050_000 + number))
    found = {"user_name": f"gh_{number:012x}", "biz": ids.biz(9_000_000_000 + number)}
    return found | ({"alias": f"shili_sample_{number}"} if unit.name in roles.BY_ALIAS else {})


def _toutiao_ids(unit: Unit, number: str) -> dict[str, str]:
    return {"user_id": number, "token": ids.sec_uid("toutiao", unit.name), "media_id": str(int(number) + 500_000)}


def _douyin_ids(unit: Unit, number: str) -> dict[str, str]:
    return {"sec_uid": ids.sec_uid("douyin", unit.name), "uid": number, "unique_id": f"shili{number}"}


def _grant(key: str, number: int) -> Grant:
    secret = f"{ids.draw('secret', key) % 16**32:032x}"
    open_to_all = key not in roles.SILENT_BY_OWNER
    return Grant(appid=f"wx{number:016x}", secret=secret, menu=posting.menu(key), autoreply=open_to_all and number % 2 == 0)


def grants() -> dict[str, Grant]:
    """What the owners gave, by platform:name."""
    return {account.key: account.grant for account in accounts() if account.grant}


def linked(account: WorldAccount) -> tuple[WorldPost, ...]:
    """The posts of a weixin account whose links were pasted: the newest, or the newest two."""
    if account.platform != "weixin" or account.grant or account.name in roles.SHEET_DATES:
        return ()
    newest = sorted(account.posts, key=lambda post: post.at, reverse=True)
    return tuple(newest[: 2 if account.name in roles.TWO_LINKS else 1])


def expected() -> dict[str, dict[str, str]]:
    """What judging the sample must come to, by platform:name, in registry order."""
    return {account.key: asdict(roles.expected_of(account.key)) for account in accounts()}


def main(folder: Path) -> None:
    """Write registry.xlsx, links.txt, sheet.xlsx and decisions.csv."""
    from tests.samples import files

    folder.mkdir(parents=True, exist_ok=True)
    files.registry(folder / "registry.xlsx")
    files.links(folder / "links.txt")
    files.sheet(folder / "sheet.xlsx")
    files.decisions(folder / "decisions.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
