"""What a machine works with."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from socket import gethostname

from tracker.access import Allowed, allowed, vault_of
from tracker.adapter import Adapter, Pace
from tracker.capture import Fetchers, Lane, Progress, Secret
from tracker.clock import Clock
from tracker.errors import UsageError
from tracker.settings import ClusterSettings
from tracker.store import Machine
from tracker.workspace import Workspace

Desks = Callable[[Callable[[Lane], Secret | None]], AbstractAsyncContextManager[Fetchers]]
"""Opens the fetchers of a lane's visits, given the secrets; closed when the lane is given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """One machine. `name` tells it from the others; `pace` None = as tracker.toml and the adapters say."""

    ws: Workspace
    name: str
    adapters: Mapping[str, Adapter]
    clock: Clock
    desks: Desks
    progress: Progress
    pace: Callable[[Adapter], Pace] | None = None

    @property
    def url(self) -> str:
        """The database's address."""
        return self.ws.settings.database

    @property
    def terms(self) -> ClusterSettings:
        """What tracker.toml says."""
        return self.ws.settings.cluster

    def allowed(self) -> Allowed:
        """What this machine's own credentials allow now."""
        return allowed(vault_of(self.ws), self.clock())

    def offer(self) -> Machine:
        """What this machine has, by name."""
        access = self.allowed().access
        sessions = tuple((platform, auth, name) for (platform, auth), name in access.sessions.items())
        return Machine(name=self.name, sessions=sessions, grants=tuple(sorted(access.grants)), unfit=access.unfit)


def postgres(url: str) -> str:
    """The address of a database that machines can share. Raises UsageError for any other."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise UsageError(
            '多机要用 PostgreSQL:请在 tracker.toml 写 database = "postgresql://用户@主机/库名";只有一台机器时直接用 tracker sweep'
        )
    return url.replace("postgres://", "postgresql://", 1)


def own_name() -> str:
    """This machine's name among the others, where none is told."""
    return gethostname()
