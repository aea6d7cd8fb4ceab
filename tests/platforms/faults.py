"""Faults on demand: what a platform can do to a reader (the fault lists of formats/*.md), by name, place and number of times."""

import threading
from dataclasses import dataclass

from tests.platforms import mangling

SERVER = frozenset({"slow", "http_500", "html_200", "empty_body", "truncated"}) | mangling.NAMES
"""Faults of any server. Unless `where` names an endpoint they hit the main ones (post list, article page, statistics)."""

ANYWHERE = SERVER | {"refused", "rate_limited", "login_wall", "captcha"}
"""Known on every platform; which endpoints a wall stands before is the platform's own way."""

KNOWN: dict[str, frozenset[str]] = {
    "weibo": ANYWHERE
    | {"ambiguous_empty", "foreign_rows", "pinned_old_first", "two_pinned", "liked_newer", "half_year", "half_year_empty"}
    | {"needs_visitor", "forbidden_html", "user_missing", "banned", "closed", "list_empty", "post_missing", "post_hidden"}
    | {"renamed", "retweet_deleted", "null_data"},
    "weixin": ANYWHERE
    | {"deleted_article", "deleted_english", "violation", "temporarily_unavailable", "verify_page", "migrated", "wrong_account"}
    | {"cut_before_data", "reprint", "old_template", "account_gone", "is_delay", "missing_day", "feed_empty"}
    | {"-1", "40001", "40013", "40125", "40164", "45009", "45011", "46003", "47009", "48001", "48004", "88000"},
    "toutiao": ANYWHERE
    | {
        "pinned_old_first",
        "behot_newer",
        "foreign_rows",
        "mixed_rows",
        "ugc_only",
        "null_data",
        "ambiguous_empty",
        "missing_next",
    }
    | {"decision", "plain_title", "auth_object", "auth_empty", "number_ids", "ban_comment", "renamed"},
    "douyin": ANYWHERE
    | {"pinned_old_first", "pinned_twice", "login_tip", "bare_envelope", "null_data", "ambiguous_empty", "captcha_html"}
    | {"code_8", "code_8_login", "private", "deactivated", "banned", "bad_sec_uid", "foreign_rows", "number_ids"}
    | {"broken_enterprise", "closed_comments", "renamed", "deleted_work"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. Empty `account` (platform:name), `host` or `where` (endpoint) means any; `times` None = always."""

    name: str
    platform: str = ""
    account: str = ""
    host: str = ""
    where: str = ""
    times: int | None = None
    arg: str = ""

    def __post_init__(self) -> None:
        platform = self.platform or self.account.partition(":")[0]
        known = KNOWN[platform] if platform else frozenset().union(*KNOWN.values())
        if self.name not in known:
            raise ValueError(f"no fault {self.name!r} on {platform or 'any platform'}")

    def hits(self, platform: str, account: str, host: str) -> bool:
        """Whether this fault is meant for such a call."""
        wanted = ((self.platform, platform), (self.account, account), (self.host, host))
        return all(not mine or mine == theirs for mine, theirs in wanted)


class Faults:
    """The faults of a world; test code changes them while the server answers in another thread."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._lock = threading.Lock()
        self.met: set[tuple[str, str]] = set()
        """Name and account of every fault that was played."""
        self._left: list[list[object]] = []
        for fault in faults:
            self._left.append([fault, fault.times])

    def put(self, name: str, **place: object) -> Fault:
        """Add a fault: `put("captcha", account="douyin:…")`, `put("http_500", platform="weibo", where="profile", times=1)`."""
        fault = Fault(name=name, **place)  # type: ignore[arg-type]  # keywords are checked by the dataclass
        with self._lock:
            self._left.append([fault, fault.times])
        return fault

    def clear(self, name: str = "") -> None:
        """Take away all faults, or all of one name."""
        with self._lock:
            self._left = [pair for pair in self._left if name and pair[0].name != name]  # type: ignore[attr-defined]

    def take(self, name: str, platform: str, account: str, host: str, where: str, main: bool) -> Fault | None:
        """The fault of that name that hits this call, counted down; None when there is none."""
        with self._lock:
            for pair in self._left:
                fault, left = pair
                assert isinstance(fault, Fault)
                here = fault.where == where or (not fault.where and (main or name not in SERVER))
                if fault.name == name and here and left != 0 and fault.hits(platform, account, host):
                    if isinstance(left, int):
                        pair[1] = left - 1
                    self.met.add((name, account))
                    return fault
        return None
