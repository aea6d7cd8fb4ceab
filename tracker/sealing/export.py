"""Handing evidence out: a folder that checks itself with its own verify.py, or one WACZ file that replay programs open."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from tracker import __version__
from tracker.adapter import Adapter
from tracker.errors import EvidenceDamaged, UsageError, reason
from tracker.evidence import cleared, folder_name, manifest, names, seals, wacz
from tracker.files.write import put
from tracker.model import Account
from tracker.recording import damaged
from tracker.sealing.inputs import documents
from tracker.store import SweepHead
from tracker.workspace import Workspace

INPUTS = "inputs"
"""Folder of an export with what the judgement was made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: `visits` files of the evidence, under how many seals."""

    path: Path
    visits: int
    seals: int


def export_folder(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], to: Path) -> Exported:
    """Copy a sweep's evidence, its seals and what it was judged by to `to`/<sweep>, and beside it a verify.py that needs nothing.

    Raises EvidenceDamaged when something is damaged already, UsageError when it is there or cannot be written.
    """
    source = _sound(ws, sweep)
    target = to / source.name
    if target.exists():
        raise UsageError(f"{target} 已经存在;请另选一个文件夹,或先把它移走")
    aside = to / f"{source.name}{names.PARTIAL}"
    gone = cleared.files(source)
    files = [line.file for line in manifest.lines(source) if line.file not in gone]
    told = [*(one.name for one in cleared.records(source)), *(path.name for path in sorted(source.glob("seal*.tsr")))]
    sealed = [one.file for one in seals.read_all(source)]
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name in (*files, manifest.NAME, *sealed, *told):
            shutil.copyfile(source / name, aside / name)
        if ws.store.last_head(sweep.name):
            _write_inputs(ws, sweep, adapters, aside / INPUTS)
        aside.replace(target)
    except OSError as error:
        raise UsageError(f"写不进 {to}({reason(error)});请检查磁盘空间和权限,或另选一个文件夹") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    put(to / "verify.py", verifier().read_bytes())
    return Exported(path=target, visits=len(files), seals=len(sealed))


def export_wacz(ws: Workspace, sweep: SweepHead, to: Path, *, account: Account | None = None, at: datetime) -> Exported:
    """Write `to`/<sweep>.wacz, or `to`/<sweep>-<account>.wacz with the visits of one account only.

    Raises EvidenceDamaged when something is damaged, UsageError when there is no visit or the file cannot be written.
    """
    source = _sound(ws, sweep)
    wanted = {one.file for one in ws.store.visits(sweep.name, account.account_id)} if account else None
    gone = {f"{source.name}/{name}" for name in cleared.files(source)}
    held = [one for one in ws.evidence.files(sweep.name) if one.file not in gone and (wanted is None or one.file in wanted)]
    if not held:
        raise UsageError(f"批次 {sweep.name} 里没有{f'账号 {account.name} 的' if account else ''}采集,没有可以导出的")
    target = to / f"{source.name}{f'-{names.stem(account.account_id)}' if account else ''}.wacz"
    partial = target.with_name(f"{target.name}{names.PARTIAL}")
    sealed = [source / one.file for one in seals.read_all(source)]
    try:
        to.mkdir(parents=True, exist_ok=True)
        wacz.write(
            partial,
            [ws.evidence.root / one.file for one in held],
            [source / manifest.NAME, *sealed],
            _pages(ws, [one.file for one in held]),
            title=f"{ws.settings.place} 政务新媒体检查 批次 {sweep.name}{f' {account.name}' if account else ''}",
            software=f"tracker/{__version__}",
            created=at,
        )
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"写不进 {target}({reason(error)});请检查磁盘空间和权限,或另选一个文件夹") from error
    return Exported(path=target, visits=len(held), seals=len(sealed))


def verifier() -> Path:
    """The single-file verifier: inside a wheel, or in the checkout. Raises UsageError when it is missing."""
    inside = Path(str(resources.files("tracker"))) / "data" / "verify.py"
    beside = Path(__file__).parents[2] / "tools" / "verify_evidence.py"
    for path in (inside, beside):
        if path.is_file():
            return path
    raise UsageError(f"找不到核验程序(应在 {inside} 或 {beside});请重新安装")


def _sound(ws: Workspace, sweep: SweepHead) -> Path:
    if broken := damaged(ws, sweep.name):
        raise EvidenceDamaged(f"{broken[0].file}:{broken[0].reason};有损坏的证据不能导出,请先从备份恢复")
    folder = ws.evidence.root / folder_name(sweep.name)
    if not folder.is_dir():
        raise UsageError(f"批次 {sweep.name} 没有任何证据文件,没有可以导出的")
    return folder


def _write_inputs(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], folder: Path) -> None:
    folder.mkdir()
    with ExitStack() as stack:
        outs = dict[str, BinaryIO]()
        for name, line in documents(ws, sweep, adapters, strict=False):
            if name not in outs:
                outs[name] = stack.enter_context((folder / f"{name}.jsonl").open("wb"))
            outs[name].write(line + b"\n")


def _pages(ws: Workspace, files: list[str]) -> Iterator[wacz.Page]:
    """The first web address of each visit, once per visit; what a clerk saw has none."""
    for file in files:
        meta, exchanges = ws.evidence.read(file)
        shown = next((one for one in exchanges if one.url.startswith(("http://", "https://")) and one.status), None)
        if shown:
            yield wacz.Page(url=shown.url, at=shown.at, title=meta.account_key.partition(":")[2] or shown.title or shown.url)
