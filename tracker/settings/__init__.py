"""tracker.toml and the environment, read once and strictly (DESIGN §4: configuration is one of the three doors)."""

from tracker.settings.sections import (
    BackupSettings,
    BulletinSettings,
    ClusterSettings,
    ConsultSettings,
    KeepSettings,
    LogSettings,
    NotifySettings,
    OidcSettings,
    PaceSettings,
    ScheduleSettings,
    ServerSettings,
    TimestampSettings,
)
from tracker.settings.template import TEMPLATE, rewritten, template
from tracker.settings.whole import FILE, Settings, load

__all__ = [
    "FILE",
    "TEMPLATE",
    "BackupSettings",
    "BulletinSettings",
    "ClusterSettings",
    "ConsultSettings",
    "KeepSettings",
    "LogSettings",
    "NotifySettings",
    "OidcSettings",
    "PaceSettings",
    "ScheduleSettings",
    "ServerSettings",
    "TimestampSettings",
    "Settings",
    "load",
    "rewritten",
    "template",
]
