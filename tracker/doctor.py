"""Is this computer, is this workspace, in order? Each check tries the thing itself and says how to mend it."""

import os
import shutil
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from jinja2 import Environment, TemplateError

from tracker.access import allowed, vault_of
from tracker.capture.trial import try_browser
from tracker.clock import day
from tracker.credentials import Kind, minute
from tracker.errors import UsageError, reason
from tracker.model import HANDLING, Handling
from tracker.reports.templates import shipped_templates
from tracker.workspace import Workspace

BUILT = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
"""No clock that is right stands before the program was written."""
_LEAST_FREE = 1 << 30
_SYNCED = ("onedrive", "dropbox", "nutstore", "坚果云", "百度网盘", "baidunetdisk", "icloud", "wps云盘", "google drive")
_REMOTE = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "davfs", "9p")
_DRIVE_REMOTE = 4
"""What GetDriveTypeW says of a network drive."""


class Level(StrEnum):
    """How a check came out."""

    FINE = "正常"
    NOTE = "注意"
    BROKEN = "有问题"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its Chinese name, how it came out, what was seen, and what to do (empty = nothing)."""

    name: str
    level: Level
    seen: str
    mend: str = ""


def fine(name: str, seen: str) -> Check:
    """All is well."""
    return Check(name=name, level=Level.FINE, seen=seen)


def broken(name: str, seen: str, mend: str = "") -> Check:
    """It does not work."""
    return Check(name=name, level=Level.BROKEN, seen=seen, mend=mend)


def note(name: str, seen: str, mend: str = "") -> Check:
    """It works, and somebody should know."""
    return Check(name=name, level=Level.NOTE, seen=seen, mend=mend)


def computer(now: datetime) -> Iterator[Check]:
    """What needs no workspace: browser, fonts, clock, certificates."""
    yield from _browser()
    yield _clock(now)
    yield _certificates()


def workspace(ws: Workspace, now: datetime) -> Iterator[Check]:
    """What belongs to a workspace, each check by itself: one that fails in an unforeseen way of ours is told as broken."""
    checks: Mapping[str, Callable[[Workspace, datetime], Check]] = {
        "数据库": _database,
        "口径、词表和节假日": _profile,
        "时钟与采集": _latest,
        "磁盘空间": _disk,
        "凭据": _credentials,
        "通道": _lanes,
        "自己的模板": _templates,
    }
    for name, check in checks.items():
        try:
            yield check(ws, now)
        except UsageError as error:
            yield broken(name, str(error))
        except OSError as error:
            yield broken(name, f"{error.filename or ws.root} 读写不了({reason(error)})", "请检查磁盘和权限")


def _browser() -> Iterator[Check]:
    try:
        told = try_browser()
    except UsageError as error:
        yield broken("浏览器", str(error))
        return
    yield fine("浏览器", f"{told.browser},已试打印一页({told.pages}字节)")
    if told.drawn:
        yield fine("中文字体", f"报表正文将用 {told.font}")
    else:
        yield broken(
            "中文字体",
            "打印出来的汉字是空框",
            "请安装中文字体(Windows、macOS 自带;Linux 可装 fonts-noto-cjk 或 fonts-arphic-uming)",
        )


def _clock(now: datetime) -> Check:
    seen = f"{minute(now)},时区 Asia/Shanghai"
    return (
        fine("时钟", seen)
        if now >= BUILT
        else broken("时钟", seen, "电脑的时间不对,请校准:日期决定停更天数,也决定能不能建立加密连接")
    )


def _certificates() -> Check:
    count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    # some systems keep their certificates in a folder that is read only when needed
    paths = ssl.get_default_verify_paths()
    if count or (paths.capath and any(Path(paths.capath).glob("*"))):
        return fine("加密连接", f"{ssl.OPENSSL_VERSION},系统证书可用")
    return broken(
        "加密连接", "系统里没有根证书,所有 https 网页都打不开", "请安装系统的根证书(Linux:ca-certificates),或更新操作系统"
    )


def folder(root: Path) -> Check:
    """Whether the workspace's folder can be written, and lies on a disk of this computer."""
    try:
        with tempfile.NamedTemporaryFile(dir=root, prefix="doctor-", suffix=".partial") as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return broken("工作区文件夹", f"{root} 写不进({reason(error)})", "请检查文件夹的写权限和磁盘空间,或把工作区移到别处")
    if shared := _shared(root.resolve()):
        return note("工作区文件夹", f"{root} 在{shared}里", "同步盘和网络盘会锁住或回退数据库文件,请移到本机硬盘的普通文件夹")
    return fine("工作区文件夹", f"{root} 可以写入")


def _shared(root: Path) -> str:
    """What synchronises or serves the folder, in Chinese; empty = a disk of this computer, as far as can be told."""
    for part in root.parts:
        if any(mark in part.casefold() for mark in _SYNCED):
            return f"同步盘({part})"
    if str(root).startswith("\\\\") or _remote_drive(root) or _mounted(root) in _REMOTE:
        return "网络盘"
    return ""


def _remote_drive(root: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.kernel32.GetDriveTypeW(root.anchor) == _DRIVE_REMOTE)


def _mounted(root: Path, table: Path = Path("/proc/mounts")) -> str:
    """The file system's type; empty where the system does not tell."""
    try:
        lines = table.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split() for line in lines if len(line.split()) > 2]
    held = [(len(parts[1]), parts[2]) for parts in mounts if root.is_relative_to(parts[1].replace("\\040", " "))]
    return max(held, default=(0, ""))[1]


def _database(ws: Workspace, now: datetime) -> Check:
    if damage := ws.store.damage():
        return broken("数据库", f"数据库已损坏:{damage}", "请停止使用,从最近的备份恢复")
    ws.store.try_writing()
    return fine("数据库", "打得开、结构是最新的、可以写入、没有损坏")


def _profile(ws: Workspace, now: datetime) -> Check:
    profile = ws.profile()
    return fine("口径、词表和节假日", f"口径 {profile.name}({profile.title}),{len(profile.rules)}条规则")


def _latest(ws: Workspace, now: datetime) -> Check:
    ahead = ws.store.visits_since(now)
    if ahead:
        return broken("时钟与采集", f"已有的采集是{minute(ahead[-1].at)}做的,比现在还晚", "电脑的时间可能被调慢了,请校准后再巡检")
    return fine("时钟与采集", "没有比现在还晚的采集")


def _disk(ws: Workspace, now: datetime) -> Check:
    free = shutil.disk_usage(ws.root).free
    last = ws.store.sweep_head(None)
    used = _size(ws.evidence.root / last.name) if last else 0
    seen = f"还有{_amount(free)}" + (f",上一批次用了{_amount(used)}" if used else "")
    if free < max(2 * used, _LEAST_FREE // 4):
        return broken("磁盘空间", seen, "请先腾出空间:一次巡检写不下时会中断(可以接着做)")
    if free < max(4 * used, _LEAST_FREE):
        return note("磁盘空间", seen, "空间不多了,请留意")
    return fine("磁盘空间", seen)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0


def _amount(size: int) -> str:
    return f"{size / (1 << 30):.1f}GB" if size >= 1 << 30 else f"{size / (1 << 20):.1f}MB"


def _credentials(ws: Workspace, now: datetime) -> Check:
    vault = vault_of(ws)
    held = vault.all()
    told = allowed(vault, now)
    dead = [one for one in held if one.unfit(now)]
    if vault.broken() or dead or len(told.held) < sum(one.kind is not Kind.COMPONENT for one in held):
        return broken("凭据", ";".join(told.warnings), "tracker credentials list 列出全部")
    if told.warnings:
        return note("凭据", ";".join(told.warnings), "tracker credentials list 列出全部")
    return fine("凭据", f"{len(held)}份,都打得开、没有快到期的" if held else "没有保存任何凭据")


def _lanes(ws: Workspace, now: datetime) -> Check:
    last = ws.store.sweep_head(None)
    stopped: dict[str, str] = {}
    for visit in ws.store.visits(last.name) if last else ():
        if HANDLING[visit.observation.outcome] in (Handling.STOP, Handling.REST):
            told = visit.observation.detail or str(visit.observation.outcome)
            stopped.setdefault(visit.platform, f"{visit.platform}:{minute(visit.at)} {told}")
    if last is None or not stopped:
        return fine("通道", "上一批次没有停下的通道" if last else "还没有巡检过")
    age = (day(now) - day(last.started_at)).days
    return note(
        "通道",
        f"上一批次 {last.name}({age}天前){';'.join(stopped.values())}",
        "请按所说的处理(登录、验证由本人做),再 tracker sweep",
    )


def _templates(ws: Workspace, now: datetime) -> Check:
    own = [path for path in sorted(ws.templates.rglob("*")) if path.is_file() and not path.name.startswith(("~$", "."))]
    wrong = [told for path in own if (told := _unfit(path, path.relative_to(ws.templates)))]
    if wrong:
        return broken("自己的模板", ";".join(wrong), "请改正,或删除它以使用自带的模板")
    return fine("自己的模板", f"{len(own)}个,都能用" if own else "没有,用的是自带的")


def _unfit(path: Path, name: Path) -> str:
    """What is wrong with a template of the office; empty = nothing that can be told without printing."""
    if not (shipped_templates() / name).is_file():
        return f"{name.as_posix()} 不是程序用到的模板"
    try:
        if path.suffix == ".docx":
            Document(os.fspath(path))
        else:
            Environment(autoescape=True).parse(path.read_text(encoding="utf-8-sig"))
    except TemplateError as error:
        return f"{name.as_posix()} 第{getattr(error, 'lineno', None) or '?'}行写错了({error.message})"
    except (PackageNotFoundError, BadZipFile, KeyError):
        return f"{name.as_posix()} 不是 Word 文件(.docx)"
    except UnicodeDecodeError:
        return f"{name.as_posix()} 的文字编码不是 UTF-8"
    return ""
