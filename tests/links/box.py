"""A work-group chat with 200 links to an invented city's accounts, and the workspace that opens them on the fake platforms."""

import asyncio
import random
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters import BY_PLATFORM
from tests.platforms import ids
from tests.platforms.serve import Served
from tests.platforms.toutiao import group_id
from tests.platforms.world import World, WorldAccount, WorldPost, article_url, message_id
from tests.samples.__main__ import Quiet, fast
from tracker import settings
from tracker.capture import Desk, HostMap
from tracker.clock import SHANGHAI
from tracker.links import Pasted, jobs_of, open_links, paste, sweep_for
from tracker.model import Account
from tracker.registry import account_id
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create

NOON = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)
OLD, NAME_ONLY = 14, 12
"""How many of the accounts have an old newest article; how many are filed without any id."""
FOREIGN = (
    "https://www.shili.example/news/1.html",
    "https://mp.weixin.qq.com/wxamp/home/guide",
    "https://channels.weixin.qq.com/s/abc123",
    "http://docs.shili.example/表.xlsx",
    "https://weixin110.qq.com/security",
    "https://www.toutiao.com/",
    "https://v.shili.example/2",
    "https://meeting.shili.example/dm/3",
    "https://www.shili.example/4?from=groupmessage",
    "https://www.shili.example/5",
)


@dataclass(frozen=True, kw_only=True)
class Box:
    """The world, what is filed, the chat, and what each kind of link is there to show (addresses)."""

    world: World
    filed: tuple[Account, ...]
    text: str
    fresh: tuple[str, ...]
    old: tuple[str, ...]
    by_name: tuple[str, ...]
    strangers: tuple[str, ...]
    namesakes: tuple[str, ...]
    dead: tuple[str, ...]
    unclear: tuple[str, ...]
    same_post: tuple[str, ...]
    again: tuple[str, ...]


def box() -> Box:
    """200 links: 150 weixin accounts (14 old, 12 filed by name only), 6 toutiao, 10 dead, 2 unclear, 6 strangers, 2 namesakes,
    6 second addresses of one article, 8 repeated, 10 foreign."""
    people = [_weixin(n, 20 if n < OLD else n % 7) for n in range(150)]
    papers = [_toutiao(n) for n in range(6)]
    strangers = [_weixin(n, 1, name=f"外地发布{n}") for n in range(900, 906)]
    lookalikes = [_weixin(n, 1, name=people[n - 950 + 40].name) for n in (950, 951)]
    gone = [_weixin(n, 2, status=("deleted_article", "violation", "account_gone")[n % 3]) for n in range(960, 970)]
    hidden = [_weixin(n, 2, status="temporarily_unavailable") for n in range(970, 972)]
    world = World(accounts=(*people, *papers, *strangers, *lookalikes, *gone, *hidden), today=NOON.date(), now=NOON)
    urls = {each.ids["user_name"]: article_url(each, each.posts[0]) for each in world.accounts if each.platform == "weixin"}
    long = [_long(each) for each in people[100:106]]
    news = [f"https://www.toutiao.com/article/{group_id(each, each.posts[0])}/" for each in papers]
    again = [urls[each.ids["user_name"]] for each in people[60:68]]
    lines = [*urls.values(), *news, *long, *again, *FOREIGN]
    return Box(
        world=world,
        filed=tuple(_filed(each, n) for n, each in enumerate((*people, *papers, *gone, *hidden), 1)),
        text=_chat(lines),
        fresh=(*(urls[each.ids["user_name"]] for each in people[OLD:]), *news),
        old=tuple(urls[each.ids["user_name"]] for each in people[:OLD]),
        by_name=tuple(urls[each.ids["user_name"]] for each in people[OLD : OLD + NAME_ONLY]),
        strangers=tuple(urls[each.ids["user_name"]] for each in strangers),
        namesakes=tuple(urls[each.ids["user_name"]] for each in lookalikes),
        dead=tuple(urls[each.ids["user_name"]] for each in gone),
        unclear=tuple(urls[each.ids["user_name"]] for each in hidden),
        same_post=tuple(long),
        again=tuple(again),
    )


def _weixin(number: int, days: int, *, name: str = "", status: str = "") -> WorldAccount:
    post = WorldPost(at=NOON - timedelta(days=days, hours=3), title=f"示例工作动态{number}", status=status)
    own = {"user_name": f"gh_{number + 1:012x}", "biz": ids.biz(9_000_000_000 + number)}
    return WorldAccount(platform="weixin", name=name or f"示例单位{number}", kind="微信订阅号", ids=own, posts=(post,))


def _toutiao(number: int) -> WorldAccount:
    post = WorldPost(at=NOON - timedelta(days=2), title=f"示例头条动态{number}")
    own = {"user_id": str(9_000_040_000 + number), "token": ids.sec_uid("toutiao", number)}
    return WorldAccount(platform="toutiao", name=f"示例头条{number}", kind="今日头条", ids=own, posts=(post,))


def _long(account: WorldAccount) -> str:
    told = f"__biz={account.ids['biz']}&mid={message_id(account, account.posts[0])}&idx=1&sn={'0' * 32}&chksm=1"
    return f"https://mp.weixin.qq.com/s?{told}"


def _filed(each: WorldAccount, position: int) -> Account:
    told = {} if OLD < position <= OLD + NAME_ONLY else each.ids
    region = ("甲山县", "乙水县", "市直")[position % 3]
    return Account(
        account_id=account_id(each.platform, each.name),
        platform=each.platform,
        kind=each.kind,
        name=each.name,
        organisation=f"{each.name}主办",
        region=region,
        ids=told,
        position=position,
    )


def _chat(lines: list[str]) -> str:
    """The links as people paste them: with greetings, brackets, Chinese stops, two in a line, http, a jump mark."""
    random.Random(3).shuffle(lines)
    forms = ("张某某 11:02\n{0}", "已更新:{0},请查收。", "【{0}】", "{0}#rd", "请看 {0} 谢谢", "“{0}”")
    return "\n".join(forms[n % len(forms)].format(url) for n, url in enumerate(lines))


def workspace(root: Path, told: Box) -> Path:
    """A new workspace's folder; its accounts are added by `file_all`."""
    create(root, settings.template())
    return root


def file_all(ws: Workspace, told: Box) -> None:
    """File the accounts."""
    ws.store.add_accounts(told.filed, "test", NOON)


def host_map(served: Served) -> HostMap:
    """Where every host name leads in these tests."""
    trust = ssl.create_default_context()
    served.ca.configure_trust(trust)
    return HostMap(port=served.port, ssl=trust)


async def _open(ws: Workspace, served: Served, sweep: SweepRecord, pasted: Pasted) -> Quiet:
    progress, jobs = Quiet(), jobs_of(ws, sweep, pasted.links, NOON.date())
    async with Desk(clock=lambda: NOON, host_map=host_map(served)) as desk:
        await open_links(
            ws,
            sweep,
            jobs,
            BY_PLATFORM,
            fetchers=desk,
            progress=progress,
            clock=lambda: NOON,
            stop=asyncio.Event(),
            pace=fast,
        )
    return progress


def take(ws: Workspace, served: Served, text: str) -> tuple[SweepRecord, Pasted]:
    """Paste a text and open its links on the fake platforms without pauses."""
    pasted = paste(ws, text, BY_PLATFORM, who="test", at=NOON)
    sweep = sweep_for(ws, None, NOON)
    asyncio.run(_open(ws, served, sweep, pasted))
    return ws.sweep(sweep.name), pasted
