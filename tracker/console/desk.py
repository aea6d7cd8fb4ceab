"""What every page works with: the open workspace, the adapters, the clock, who is signed in, the check that is going on."""

import hmac
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from tracker import demo, settings
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk as Net
from tracker.capture import Fetchers, Lane, Secret
from tracker.clock import Clock
from tracker.console.background import Background
from tracker.console.jobs import Jobs
from tracker.console.uploads import Uploads
from tracker.due import Standing
from tracker.errors import UsageError
from tracker.links import Pasted
from tracker.rulebook.profile import Profile
from tracker.signin import Door, Hasher
from tracker.sweep import own_pace
from tracker.workspace import Workspace, create, opened

if TYPE_CHECKING:
    from tracker.signin.oidc import SignOn

COOKIE = "tracker-session"
SAMPLE = "示例"
"""Folder of the invented workspace, below the office's own: the two are never mixed."""

SecretOf = Callable[[Lane], Secret | None]
"""The secret of a lane; None for a guest."""

OpenNet = Callable[..., AbstractAsyncContextManager[Fetchers]]
"""Opens what fetches pages for a workspace; a second argument, where told, is a `SecretOf`. Tests lend their own."""


def real_net(ws: Workspace, secret: SecretOf = lambda lane: None) -> AbstractAsyncContextManager[Fetchers]:
    """Browser and connections of a live pass; as a guest, unless told the secrets of its lanes."""
    feeds = frozenset(ws.settings.feeds.values())
    return Net(secret, feeds=feeds, pace=lambda adapter: own_pace(adapter, ws.settings))


@dataclass(slots=True)
class Session:
    """Who is signed in to a local page. `one_time` opens the door once; later requests carry a cookie."""

    one_time: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    cookies: set[str] = field(default_factory=set, repr=False)
    """One per browser that came in by a link of its own."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sign_in(self, told: str) -> str | None:
        """The cookie for whoever brings the one-time word; None when it is wrong or was used already."""
        with self._lock:
            if not self.one_time or not hmac.compare_digest(told.encode(), self.one_time.encode()):
                return None
            self.one_time = ""
            cookie = secrets.token_urlsafe(32)
            self.cookies.add(cookie)
            return cookie

    def renew(self) -> str:
        """A one-time word that works: the one that nobody used yet, else a new one (printed on the command line again)."""
        with self._lock:
            self.one_time = self.one_time or secrets.token_urlsafe(24)
            return self.one_time

    def holds(self, cookie: str | None) -> bool:
        """Whether this cookie is a signed-in user's."""
        told = (cookie or "").encode()
        return any(hmac.compare_digest(told, known.encode()) for known in tuple(self.cookies))


class Desk:
    """Lives as long as the server. `ws` is the workspace on screen: the office's own, or the invented one."""

    def __init__(
        self,
        ws: Workspace,
        adapters: Mapping[str, Adapter],
        session: Session,
        *,
        clock: Clock,
        net: OpenNet = real_net,
        pace: Callable[[Adapter], Pace] | None = None,
        wrong_link: Callable[[], None] = lambda: None,
        hasher: Hasher | None = None,
        sign_on: "SignOn | None" = None,
    ) -> None:
        self.adapters, self.session, self.clock, self.net, self.wrong_link = adapters, session, clock, net, wrong_link
        self.known_as = secrets.token_urlsafe(12)
        """The word by which another start on the same workspace knows that this server runs."""
        server = ws.settings.server
        self.door = Door(ws.store, server, clock=clock, hasher=hasher) if server.many else None
        """Where many people come in; None = one person works alone, by the link on the command line."""
        self.sign_on = sign_on
        """The office's own sign-on, where there is one."""
        self.background = Background()
        self.judging = Background()
        """The judging of a big check, behind the pages that show its last judgement."""
        self.uploads = Uploads()
        self.pasted: dict[str, Pasted] = {}
        """Login → what this person's last paste held, for the page that follows it."""
        self.judged: dict[str, object] = {}
        """Sweep → what it held when it was judged last (`tracker.console.checks`)."""
        self.working = Background()
        """The making of a big work list, behind the pages that show the last one."""
        self.wanted: object = None
        """The work list as it was made last (`tracker.console.tasks`)."""
        self._profiles: dict[object, Profile] = {}
        self.draft: tuple[object, object] = (None, None)
        """Of what the list on screen was made last, and the list (`tracker.console.pages.listing`)."""
        self.standing: tuple[object, tuple[Standing, ...]] = (None, ())
        """What was known when the accounts were last held against their last safe days, and what came of it."""
        self.jobs = Jobs()
        """Long work of the pages 系统 and 换口径试算, and what came of it."""
        self._pace = pace
        self._home, self._sample = ws, ExitStack()
        self._shown: Workspace | None = None
        self._lock = threading.Lock()

    @property
    def ws(self) -> Workspace:
        """The workspace on screen."""
        return self._shown or self._home

    @property
    def in_sample(self) -> bool:
        """Whether the invented workspace is on screen."""
        return self._shown is not None

    def pace(self, adapter: Adapter) -> Pace:
        """How slowly a platform is asked."""
        return self._pace(adapter) if self._pace else own_pace(adapter, self.ws.settings)

    def profile(self, name: str | None = None) -> Profile:
        """As `Workspace.profile`, read again where one of its files changed: it takes longer than a page. Raises UsageError."""
        ws = self.ws
        places = [ws.root / "holidays.csv", *(path for name in ("profiles", "words") for path in (ws.root / name).rglob("*"))]
        files = tuple((str(one), (told := one.stat()).st_mtime_ns, told.st_size) for one in sorted(places) if one.is_file())
        known = ws.root, name or ws.settings.profile, files
        found = self._profiles.get(known)
        if found is None:
            found = ws.profile(name)
            self._profiles = {**dict(list(self._profiles.items())[-_PROFILES:]), known: found}
        return found

    def reload(self) -> None:
        """Read tracker.toml again after it was written. Raises UsageError."""
        with self._lock:
            self._home = replace(self._home, settings=settings.load(self._home.root))

    def make_sample(self) -> None:
        """Make the invented workspace below the office's own, unless it is there; takes some seconds. Raises UsageError."""
        folder = self._home.root / SAMPLE
        if (folder / settings.FILE).is_file() and not (folder / _HALF).exists():
            return
        if folder.exists():
            if not (folder / _HALF).exists():
                raise UsageError(f"{folder} 里已有别的文件,示例没有地方放;请把这个文件夹改名后再试")
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        (folder / _HALF).touch()
        create(folder, settings.template(place="示例市", profile="baoji", persons=1))
        with opened(folder) as ws:
            demo.fill(ws)
        (folder / _HALF).unlink()

    def enter_sample(self) -> None:
        """Put the invented workspace on screen. Raises UsageError when it was not made."""
        with self._lock:
            if self._shown is None:
                self._shown = self._sample.enter_context(opened(self._home.root / SAMPLE))

    def leave_sample(self) -> None:
        """Back to the office's own workspace; what was tried in the invented one stays there."""
        with self._lock:
            self._shown = None
            self._sample.close()

    def has_sample(self) -> bool:
        """Whether the invented workspace is made."""
        folder: Path = self._home.root / SAMPLE
        return (folder / settings.FILE).is_file() and not (folder / _HALF).exists()

    def close(self) -> None:
        """End what runs in the background and close the invented workspace."""
        self.background.stop()
        self.judging.stop()
        self.background.wait(10)
        self.judging.wait(10)
        self.jobs.stop()
        self.uploads.close()
        self.leave_sample()


_PROFILES = 4
"""Profiles that are kept."""

_HALF = ".making"
"""Marks an invented workspace that is being made; a crash leaves it, and the next try begins anew."""


def desk_of(request: Request) -> Desk:
    """The desk, for a page function: `desk: OnDesk`."""
    found = request.app.state.desk
    assert isinstance(found, Desk)  # noqa: S101 - create_app puts it there
    return found


OnDesk = Annotated[Desk, Depends(desk_of)]
