"""The three errors that leave the program's parts (DESIGN §4). An exception's docstring is its message when none is given."""

import errno


class TrackerError(Exception):
    """tracker 内部错误"""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class UsageError(TrackerError):
    """The operator's mistake: the message says what, where, what was expected and what to do. Exit code 2."""


class Transport(TrackerError):
    """网络没有应答: worth another try after a pause."""

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds that the server asked us to wait, if it did."""


class EvidenceDamaged(TrackerError):
    """证据文件与清单不符: stop, change nothing, name the first damaged file."""


class EvidenceCleared(EvidenceDamaged):
    """证据文件已按规定清理: its bytes are gone by rule, what was read of them stays."""


_REASONS = {
    errno.ENOENT: "路径不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹,不是文件",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "超过允许的文件大小",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
}


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese; the system's own words for what is rare."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
