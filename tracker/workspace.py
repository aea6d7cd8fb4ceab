"""A workspace: one folder with tracker.toml, the database, the evidence and the reports (DESIGN §8)."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker import settings, text
from tracker.errors import UsageError, reason
from tracker.evidence import Evidence, folder_name
from tracker.files.write import put
from tracker.model import Account
from tracker.rulebook import RULES, lexicon
from tracker.rulebook.profile import Profile, load, with_words
from tracker.settings import Settings
from tracker.store import Store, SweepHead, SweepRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Everything that the verbs of the program work on."""

    root: Path
    settings: Settings
    store: Store
    evidence: Evidence

    @property
    def templates(self) -> Path:
        """The office's own templates; they come before the shipped ones."""
        return self.root / "templates"

    @property
    def reports(self) -> Path:
        """Where reports go when no folder is named."""
        return self.root / "reports"

    def profile(self, name: str | None = None) -> Profile:
        """A profile by name, the workspace's default where none is given, with the office's own words. Raises UsageError."""
        holidays = self.root / "holidays.csv"
        found = holidays if holidays.is_file() else None
        profile = load(name or self.settings.profile, RULES, [self.root / "profiles"], found)
        return with_words(profile, lexicon.load(self.root / "words"))

    def sweep(self, name: str | None = None) -> SweepRecord:
        """A sweep by name, the latest where none is given, with all its accounts. Raises UsageError."""
        return self.store.whole(self.head(name))

    def head(self, name: str | None = None) -> SweepHead:
        """The same without its accounts. Raises UsageError."""
        found = self.store.sweep_head(name or None)
        if found is None:
            known = "、".join(one.name for one in self.store.sweeps()) or "还没有任何批次"
            raise UsageError(
                f"没有名为 {name} 的巡检批次;现有:{known}"
                if name
                else "还没有巡检批次;先运行 tracker sweep 或 tracker observe import(网页版:粘贴链接,或人工看一眼)"
            )
        return found

    def start_sweep(self, sweep: SweepRecord) -> None:
        """Enter a new sweep. Raises UsageError when its name is taken or cannot be that of a folder."""
        folder_name(sweep.name)
        self.store.start_sweep(sweep)

    def period_on(self, on: date) -> str | None:
        """Name of the open period in which a day lies, the one that began last where several do; None where none does."""
        held = [period for period in self.store.periods() if period.start <= on <= period.end and not period.closed_at]
        return max(held, key=lambda period: period.start).name if held else None

    def account(self, told: str) -> Account:
        """An account by our id, `platform:name` or name. Raises UsageError with the candidates when ambiguous."""
        found = find_accounts(self.store.accounts(), told)
        if len(found) == 1:
            return found[0]
        if not found:
            raise UsageError(f"台账里没有账号“{told}”{self._near(told)};可用编号或“平台:名称”,tracker accounts list 列出全部")
        listed = "、".join(f"{one.account_id}({one.platform}:{one.name})" for one in found[:8])
        raise UsageError(f"“{told}”对应{len(found)}个账号:{listed};请用编号或“平台:名称”")

    def _near(self, told: str) -> str:
        wanted = text.key(told)
        near = [f"{one.platform}:{one.name}" for one in self.store.accounts() if wanted and wanted in text.key(one.name)][:5]
        return f",相近的有 {'、'.join(near)}" if near else ""


def find_accounts(accounts: Sequence[Account], told: str) -> list[Account]:
    """The accounts that our id, `platform:name` or a bare name can mean."""
    by_id = [one for one in accounts if one.account_id == told]
    platform, _, name = told.partition(":")
    exact = [one for one in accounts if one.platform == platform and text.key(one.name) == text.key(name)]
    return by_id or exact or [one for one in accounts if text.key(one.name) == text.key(told)]


VARIABLE = "TRACKER_WORKSPACE"
"""Environment variable that names the workspace."""


def quoted(path: Path) -> str:
    """A path as it is typed into a command line."""
    return f'"{path}"' if " " in str(path) else str(path)


def locate(told: Path | None, here: Path) -> Path:
    """The workspace's folder: told, $TRACKER_WORKSPACE, or the nearest parent with tracker.toml. Raises UsageError."""
    env = os.environ.get(VARIABLE, "")
    chosen = told or (Path(env) if env else None)
    if chosen is not None:
        if not (chosen / settings.FILE).is_file():
            by = "" if told else f"(由环境变量 {VARIABLE} 指定)"
            raise UsageError(
                f"{chosen}{by} 不是工作区,里面没有 {settings.FILE};请改正路径,或先运行 tracker init {quoted(chosen)}"
            )
        return chosen
    for folder in (here, *here.parents):
        if (folder / settings.FILE).is_file():
            return folder
    raise UsageError("这里不是工作区;先运行 tracker init 文件夹,或用 --workspace 指明")


def create(root: Path, told: str) -> None:
    """Make a new workspace. Raises UsageError when there is one already or the folder cannot be written."""
    path = root / settings.FILE
    if path.exists():
        raise UsageError(f"{root} 已经是工作区({settings.FILE} 已存在),没有改动")
    try:
        for name in ("snapshots", "reports", "profiles"):
            (root / name).mkdir(parents=True, exist_ok=True)
        put(path, told.encode())
    except OSError as error:
        raise UsageError(f"无法在 {root} 建立工作区({reason(error)});请换一个可以写入的文件夹") from error


@contextmanager
def opened(root: Path) -> Iterator[Workspace]:
    """The workspace, its database open; closed at the end."""
    told = settings.load(root)
    with (
        Store.open(_database(told.database, root)) as store,
        closing(Evidence(root / "snapshots", guard=store.alone)) as evidence,
    ):
        yield Workspace(root=root, settings=told, store=store, evidence=evidence)


def _database(url: str, root: Path) -> str:
    kind, _, rest = url.partition(":///")
    if kind == "sqlite" and rest and not Path(rest).is_absolute():
        return f"sqlite:///{(root / rest).as_posix()}"
    return url
