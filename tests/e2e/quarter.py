"""What a quarter in the console needs: a small city on the fake platforms, its registry, and people at browsers of their own."""

import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Browser, Page

from tests.console.conftest import Console
from tests.e2e.living import filed
from tests.files.pictured import png
from tests.people.conftest import Watch
from tests.platforms.serve import Served
from tests.platforms.world import World, WorldAccount, article_url
from tests.samples.files import REGISTRY
from tests.soak import worlds
from tracker import settings
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk as Net
from tracker.capture import Fetchers, HostMap, Patience
from tracker.clock import SHANGHAI, day
from tracker.gates import gates
from tracker.looks import look_of
from tracker.model import Conclusion, Route
from tracker.people import TITLES, Role
from tracker.registry.looks import Look
from tracker.store import Judgement
from tracker.witnesses import Behind, behind
from tracker.workspace import Workspace, create

PASSWORD = "七只白鹭 慢慢 过河"
FIRST = datetime(2026, 11, 6, 15, 0, tzinfo=SHANGHAI)
"""The last day of the period."""
AFTER = datetime(2026, 11, 16, 9, 30, tzinfo=SHANGHAI)
"""The deadline of the consultation is over."""
NEXT = datetime(2027, 1, 15, 15, 0, tzinfo=SHANGHAI)
"""The last day of the next period."""

UNIT = "甲山县公安局"
SILENT, SHOP, OLD, CLEAN = "甲山公安头条", "甲山警务", "甲山文旅资讯", "示例教育资讯"
"""An account that went silent, one with a shop below its article, one that a person finds silent, one that is in order."""
SPARE = "示例气象头条"
"""The account that is not drawn."""
_FILED = (
    ("toutiao", SILENT, UNIT, "县区", "甲山县"),
    ("toutiao", "示例发布头条", "示例市人民政府办公室", "市直", ""),
    ("toutiao", "乙水公安头条", "乙水县公安局", "县区", "乙水县"),
    ("toutiao", SPARE, "示例市气象局", "市直", ""),
    ("douyin", "示例公安抖音", "示例市公安局", "市直", ""),
    ("douyin", "甲山公安抖音", UNIT, "县区", "甲山县"),
    ("weixin", SHOP, UNIT, "县区", "甲山县"),
    ("weixin", OLD, "甲山县文化和旅游局", "县区", "甲山县"),
    ("weixin", CLEAN, "示例市教育局", "市直", ""),
)


def city(now: datetime, *, mended: bool) -> World:
    """The filed accounts and the control accounts on a day; `mended` = the silent one posts again and the shop is gone."""
    made = [_account(n, now, mended, *told) for n, told in enumerate(_FILED, 1)]
    controls = (worlds.control(platform, now) for platform in worlds.CONTROLS)
    return World(accounts=(*made, *controls), today=day(now), now=now)


def _account(n: int, now: datetime, mended: bool, platform: str, name: str, unit: str, sort: str, region: str) -> WorldAccount:
    last = now - timedelta(days=26) if name == SILENT and not mended else now
    made = worlds.account(platform, n, last)
    newest, *older = made.posts
    if name == SHOP and not mended:
        newest = replace(newest, footer="product")
    return replace(made, name=name, organisation=unit, org_type=sort, region=region, posts=(newest, *older))


def registry(world: World, path: Path) -> Path:
    """The registry as the office would hand it in."""
    told = [filed(one, n) for n, one in enumerate((one for one in world.accounts if one.filed), 1)]
    rows = [(n, a.kind, a.name, a.org_type, a.organisation, a.region, a.filed_id, a.url) for n, a in enumerate(told, 1)]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("台账")
        for n, row in enumerate((REGISTRY, *rows)):
            sheet.write_row(n, 0, row)
    return path


def pasted(world: World) -> str:
    """What stands in the group chat: the newest articles of the shop's account and of the one in order."""
    return "\n".join(
        f"{one.organisation}:{article_url(one, one.posts[0])}" for one in world.accounts if one.name in (SHOP, CLEAN)
    )


def empty_office(root: Path, world: World) -> Path:
    """A new workspace for many people, with control accounts and nothing else."""
    create(root, settings.template(place=""))
    told = [f'{one.platform} = "{worlds.CONTROLS[one.platform].format(**one.ids)}"' for one in world.accounts if not one.filed]
    with (root / settings.FILE).open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "[server]", "many = true", "", "[control]", *told, ""]))
    return root


@dataclass(slots=True)
class Platforms:
    """The fake platforms that a sweep meets; another day is another world."""

    shown: Served
    watch: Watch

    def net(self, ws: Workspace, secret: Callable[..., None] = lambda lane: None) -> AbstractAsyncContextManager[Fetchers]:
        """What the console fetches with: real connections and a real Chromium, led to the fake platforms."""
        trust = ssl.create_default_context()
        self.shown.ca.configure_trust(trust)
        host_map, patience = HostMap(port=self.shown.port, ssl=trust), Patience(answers=20, settle=0.1)
        return Net(secret, clock=self.watch, sleep=_at_once, host_map=host_map, patience=patience)


async def _at_once(seconds: float) -> None:
    """A second reading waits for nothing."""


def quick(adapter: Adapter) -> Pace:
    """The fake platforms are ours."""
    return Pace(between_accounts=(0, 0), between_requests=0)


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A person as the administrator invites them."""

    login: str
    name: str
    role: Role
    region: str = ""
    organisations: str = ""


ADMIN = Someone(login="zhou", name="周管理", role=Role.ADMIN)
CITY = Someone(login="wang", name="王敏", role=Role.CITY)
SECOND = Someone(login="li", name="李强", role=Role.CITY)
COUNTY = Someone(login="zhao", name="赵芳", role=Role.COUNTY, region="甲山县")
OWNER = Someone(login="sun", name="孙立", role=Role.UNIT, organisations=UNIT)


@dataclass(slots=True)
class Office:
    """Everybody's browser, each a context of its own; `at(CITY)` is the page of one."""

    browser: Browser
    base: str
    _pages: dict[str, Page] = field(default_factory=dict)

    def at(self, who: Someone) -> Page:
        """The page at which this person sits."""
        if who.login not in self._pages:
            context = self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=self.base)
            context.set_default_timeout(25_000)
            self._pages[who.login] = context.new_page()
        return self._pages[who.login]

    def set_password(self, who: Someone, link: str, *, first: bool = False) -> Page:
        """Open a one-time link and choose a password; the person is signed in then. The first of all tells who they are, too."""
        page = self.at(who)
        page.goto(link)
        if first:
            page.get_by_label("登录名").fill(who.login)
            page.get_by_label("姓名").fill(who.name)
        page.get_by_label("密码(至少").fill(PASSWORD)
        page.get_by_label("再输一次").fill(PASSWORD)
        page.get_by_role("button", name="保存并登录").click()
        page.get_by_role("link", name=who.name, exact=True).wait_for()
        return page

    def invite(self, admin: Someone, who: Someone) -> None:
        """The administrator adds the person; the person opens the link that this gave."""
        page = self.at(admin)
        page.goto("/system/users/new")
        page.get_by_label("登录名").fill(who.login)
        page.get_by_label("姓名").fill(who.name)
        page.get_by_label("角色", exact=True).select_option(TITLES[who.role])
        if who.region:
            page.get_by_label("县区(").select_option(who.region)
        page.get_by_label("单位(").fill(who.organisations)
        page.get_by_role("button", name="添加并给出链接").click()
        self.set_password(who, page.get_by_label("设置密码的链接").input_value())

    def sign_in(self, who: Someone) -> Page:
        """Name and password: the session of days ago has ended."""
        page = self.at(who)
        page.goto("/me")
        page.get_by_label("登录名").fill(who.login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name=who.name, exact=True).wait_for()
        return page

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


@dataclass(slots=True)
class Quarter:
    """One office, its people, the platforms that it looks at, and the clock of all of them."""

    console: Console
    office: Office
    platforms: Platforms
    watch: Watch
    folder: Path

    def at(self, who: Someone) -> Page:
        """The page at which this person sits."""
        return self.office.at(who)

    def judged(self) -> Judgement:
        """The last judgement of the last check."""
        store = self.console.ws.store
        found = store.last_judgement(self.sweep)
        assert found
        return found

    def conclusions(self) -> dict[str, Conclusion]:
        return {one.account.name: one.conclusion for one in self.judged().verdicts}

    def own(self, name: str) -> str:
        """The id of an account."""
        return next(one.account_id for one in self.console.ws.store.accounts() if one.name == name)

    @property
    def sweep(self) -> str:
        """The name of the last check."""
        return self.console.ws.store.sweeps()[-1].name

    def gates(self) -> set[str]:
        """What stands in the way of the final print."""
        ws = self.console.ws
        return {one.slug for one in gates(ws, ws.sweep(self.sweep), self.judged(), today=day(self.watch()), fresh=True)}

    def behind(self) -> tuple[Behind, ...]:
        """Who stands behind each finding."""
        return tuple(behind(self.console.ws, self.sweep, self.judged().verdicts))

    def look(self, name: str) -> Look:
        """The last look that was saved on an account, as its evidence holds it."""
        visit = next(one for one in self.console.ws.store.visits_of(self.own(name)) if one.route is Route.MANUAL)
        return look_of(self.console.ws.evidence.read(visit.file, sha256=visit.sha256)[1][0])

    def picture(self, name: str) -> Path:
        """A screenshot on somebody's computer; every name is another picture."""
        path = self.folder / name
        path.write_bytes(png(120, 80, shade=sum(name.encode()) % 200))
        return path

    def wait(self) -> None:
        """Until what runs behind the pages has ended well."""
        background = self.console.desk.background
        background.wait(90)
        assert background.state
        assert not background.state.running
        assert not background.state.error, background.state.error
