"""Files that a page was given: looked at, kept for a while in a temporary folder under a name of ours, gone with the server."""

import secrets
import shutil
import threading
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory

from fastapi import UploadFile

from tracker.errors import UsageError
from tracker.reports.wording import file_name
from tracker.text import clip

MOST_BYTES = 20 * 1024 * 1024
"""Of one file."""
TABLES = (".xlsx", ".xls", ".csv", ".docx")
"""Files with tables that may be given to a page."""
_KEPT = 10
"""Files of one owner."""
_CHUNK = 1 << 20


class Uploads:
    """`take` gives a word by which its owner (a login) finds the file again; of each owner the last few are kept.

    Somebody else's word opens nothing, and is told in the same words as one that is gone. Safe for threads.
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="tracker-", ignore_cleanup_errors=True)
        self._kept: dict[tuple[str, str], Path] = {}
        self._lock = threading.Lock()

    def take(self, file: UploadFile | None, owner: str, kinds: Collection[str] = TABLES) -> str:
        """Keep an uploaded file. Raises UsageError when there is none, or it is too large or of another kind."""
        name = _told_name(file)
        if file is None or not name:
            raise UsageError("没有选文件;请先选一个文件再提交")
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in kinds:
            raise UsageError(f"不收“{name}”这种文件;可以用的是 {'、'.join(kinds)},.doc 和 .wps 请另存为 .docx,.et 请另存为 .xlsx")
        word = secrets.token_urlsafe(12)
        path = Path(self._folder.name) / word / (file_name(name.removesuffix(PurePosixPath(name).suffix)) + suffix)
        path.parent.mkdir()
        _copy(file, path, name)
        with self._lock:
            self._kept[owner, word] = path
            old = [self._kept.pop(each).parent for each in [one for one in self._kept if one[0] == owner][:-_KEPT]]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return word

    def path(self, word: str, owner: str) -> Path:
        """The kept file. Raises UsageError when it is gone, or another's."""
        with self._lock:
            found = self._kept.get((owner, word))
        if found is None or not found.is_file():
            raise UsageError("这个文件已经不在了(只暂存最近几个,重新启动后也会清掉);请再上传一次")
        return found

    def drop(self, word: str, owner: str) -> None:
        """Forget a file of the owner's."""
        with self._lock:
            found = self._kept.pop((owner, word), None)
        if found is not None:
            shutil.rmtree(found.parent, ignore_errors=True)

    def close(self) -> None:
        """Forget all files."""
        self._folder.cleanup()


def lay_down(files: Sequence[UploadFile], folder: Path, kinds: Collection[str], most: int) -> list[Path]:
    """Write uploaded files beside each other under the names that they came with; `kinds` empty = any kind.

    Raises UsageError for a file of another kind, two of one name, a name that no file may have, or more than `most` bytes.
    """
    laid = []
    for one in files:
        name = _told_name(one)
        if not name:
            continue
        if name.startswith(".") or not name.isprintable() or file_name(name) != name:
            raise UsageError(f"文件名“{clip(name, 60)}”有不能用的字;请改成普通的名字,反馈表里写的也一并改")
        if kinds and PurePosixPath(name).suffix.lower() not in kinds:
            raise UsageError(f"“{name}”不是反馈表;可以用的是 {'、'.join(kinds)},.et 请另存为 .xlsx")
        path = folder / name
        if path.exists():
            raise UsageError(f"两个文件都叫“{name}”;请改名后再传")
        _copy(one, path, name, most)
        laid.append(path)
    return laid


def _told_name(file: UploadFile | None) -> str:
    """The last part of the name that the browser told, whatever system it came from; it only chooses the kind and is shown."""
    told = (file.filename if file else "") or ""
    return PureWindowsPath(told).name


def _copy(file: UploadFile, path: Path, name: str, most: int = MOST_BYTES) -> None:
    size = 0
    with path.open("xb") as out:
        while chunk := file.file.read(_CHUNK):
            size += len(chunk)
            if size > most:
                break
            out.write(chunk)
    if size > most or not size:
        path.unlink()
        why = f"超过 {most // 2**20} MB;请删去图片或分成几个文件" if size else "是空文件;请重新导出或下载"
        raise UsageError(f"“{name}”{why}后再上传")
