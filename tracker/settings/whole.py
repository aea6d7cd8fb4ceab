"""tracker.toml and the environment as one record, and what is said of a mistake in them."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from tracker.errors import UsageError, reason
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

FILE = "tracker.toml"


class Settings(BaseSettings):
    """The workspace's settings. Every key may also be given in the environment as TRACKER_<KEY>."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", extra="forbid")

    place: str = "示例市"
    scope: str = "全市政府系统"
    """Stands between the period and 政务新媒体 in titles."""
    profile: str = "baoji"
    database: str = "sqlite:///tracker.db"
    """`sqlite:///FILE` (below the workspace) or `postgresql://USER@HOST/NAME`."""
    persons: int | None = Field(default=None, ge=1, le=2)
    """How many people a veto in a final list takes; None = as the profile says (`confirm`), which is two unless it says one."""
    inspector: str = "检查人"
    """Who decides when a command names nobody."""
    feeds: dict[str, str] = Field(default_factory=dict)
    """Feed address by `platform:name`; only hosts named here are opened as feeds."""
    pace: dict[str, PaceSettings] = Field(default_factory=dict)
    """By platform."""
    hours_per_day: float = Field(default=8.0, gt=0, le=24)
    """How long the lanes may work on a working day; `tracker sweep --plan` says what fits into the week."""
    confirm_public_vetoes: bool = True
    """Whether a live sweep reads twice what would put an account on the list by a public page alone."""
    control: dict[str, str] = Field(default_factory=dict)
    """A busy public account's id or address by platform: what proves a login fit; the adapter's own where none is named."""
    notify: NotifySettings = Field(default_factory=NotifySettings)
    bulletin: BulletinSettings = Field(default_factory=BulletinSettings)
    consult: ConsultSettings = Field(default_factory=ConsultSettings)
    keep: KeepSettings = Field(default_factory=KeepSettings)
    timestamp: TimestampSettings = Field(default_factory=TimestampSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    backup: BackupSettings = Field(default_factory=BackupSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)
    cluster: ClusterSettings = Field(default_factory=ClusterSettings)
    oidc: OidcSettings = Field(default_factory=OidcSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file (whose values are the arguments); nothing else is read."""
        return env_settings, init_settings


def load(root: Path) -> Settings:
    """The settings of a workspace. Raises UsageError naming the file, the key and what was expected."""
    path = root / FILE
    try:
        told = tomllib.loads(_text(path))
        if private := next((key for key in told if key.startswith("_")), None):
            raise UsageError(f"{path}:没有 {private} 这个设置;可用的:{_KEYS}")
        return Settings(**told)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} 不是正确的 TOML({error});请对照 tracker init 新建的样子改正") from error
    except SettingsError as error:
        raise UsageError(f"环境变量里的设置读不懂({error});请改正或取消这个 TRACKER_… 变量") from error
    except ValidationError as error:
        # a value may hold a secret: it is neither repeated nor chained
        raise UsageError(_wrong(path, error)) from None


def _text(path: Path) -> str:
    """The file as text: Notepad writes a mark before UTF-8, or the system's own code page."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"打不开 {path}({reason(error)});请检查文件和权限") from error
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise UsageError(f"{path} 的文字编码既不是 UTF-8 也不是 GB18030;请另存为 UTF-8")


def _wrong(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"]]
    variable = f"TRACKER_{keys[0].upper()}" if keys else ""
    where = f"环境变量 {variable}" if variable in os.environ else f"{path}:{'.'.join(keys)}"
    if first["type"] == "extra_forbidden":
        return f"{where} 没有这个设置;可用的:{_KEYS}" if len(keys) == 1 else f"{where} 没有这个设置;请删去或改正"
    ours = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
    return f"{where} 的值不对:{_EXPECTED.get(first['type'], ours)};请改正后再试"


_KEYS = "、".join(Settings.model_fields)
_EXPECTED = {
    "string_type": "应为带引号的文字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "tuple_type": "应为方括号里的几个值",
    "too_short": "方括号里的值太少",
    "too_long": "方括号里的值太多",
    "missing": "方括号里的值太少",
    "date_type": "应为日期,例如 2026-11-20",
    "date_from_datetime_parsing": "应为日期,例如 2026-11-20",
    "date_from_datetime_inexact": "应为日期,例如 2026-11-20",
    "date_parsing": "应为日期,例如 2026-11-20",
    "dict_type": "应为一个表",
    "model_type": "应为一个表",
    "greater_than": "太小",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "enum": "应为 顺延、提前、跳过 或 照常",
    "literal_error": "应为 debug、info、warning 或 error",
}
"""What pydantic says, by its error type (its manual, “Validation Errors”)."""
