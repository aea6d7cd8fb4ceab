"""The three errors that leave the program's parts (DESIGN §4). An exception's docstring is its message when none is given."""


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
