"""tracker.toml and the environment, read once and strictly (DESIGN §4: configuration is one of the three doors)."""

import json
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from tracker.errors import UsageError, reason

FILE = "tracker.toml"


class PaceSettings(BaseModel):
    """One platform's own pace, in seconds; what is left out stays as the adapter says. Slower is always allowed."""

    model_config = ConfigDict(extra="forbid")

    between_accounts: tuple[float, float] | None = None
    between_requests: float | None = Field(default=None, ge=0)


class NotifySettings(BaseModel):
    """Where reminders are sent: addresses as apprise reads them. They hold secrets and are never printed."""

    model_config = ConfigDict(extra="forbid")

    urls: tuple[str, ...] = Field(default=(), repr=False)


class BulletinSettings(BaseModel):
    """What the office says in its letters; empty = not told: ×× in a draft, refused in a final one."""

    model_config = ConfigDict(extra="forbid")

    issuer: str = ""
    """发文机关."""
    number: str = ""
    """发文字号: 示政务函〔2026〕12号."""
    recipients: str = ""
    """主送机关, without the colon."""
    basis: str = ""
    """What the check rests on, without the comma: 按照《…》要求."""
    organiser: str = ""
    """Who carried the check out; empty = the issuer."""
    issued: date | None = None
    """成文日期."""
    deadline: date | None = None
    """整改期限; comes before `deadline_days`."""
    deadline_days: int | None = Field(default=None, ge=1, le=365)
    """整改期限 in days after 成文日期."""
    report_to: str = ""
    """To whom the rectification is reported; empty = the issuer."""
    contact: str = ""
    """联系人及电话."""
    signature: str = ""
    """署名; empty = the issuer."""
    public_note: str = "此件公开发布"
    """附注; empty = none."""
    decimals: int = Field(default=2, ge=0, le=2)
    """Decimals of every rate."""
    annexes: tuple[str, ...] = ("noncompliant",)
    """Forms that are tables, in the order of the annexes."""
    measures: tuple[str, ...] = ()
    """下一步工作要求, one each; empty = the template's own."""
    objection_days: int = Field(default=5, ge=1, le=365)
    """Within how many working days a unit may object."""


class ConsultSettings(BaseModel):
    """征求意见 before a list is printed for good."""

    model_config = ConfigDict(extra="forbid")

    required: bool = False
    """Whether a final print waits for one."""
    days: int = Field(default=3, ge=1, le=60)
    """Working days that units have."""


class Settings(BaseSettings):
    """The workspace's settings. Every key may also be given in the environment as TRACKER_<KEY>."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", extra="forbid")

    place: str = "示例市"
    scope: str = "全市政府系统"
    """Stands between the period and 政务新媒体 in titles."""
    profile: str = "baoji"
    database: str = "sqlite:///tracker.db"
    """`sqlite:///FILE` (below the workspace) or `postgresql://USER@HOST/NAME`."""
    persons: int = Field(default=1, ge=1, le=2)
    """How many people work on it: one, or one who looks and another who reviews."""
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
    return f"{where} 的值不对:{_EXPECTED.get(first['type'], first['msg'])};请改正后再试"


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
}
"""What pydantic says, by its error type (its manual, “Validation Errors”)."""


TEMPLATE = """# 本工作区的设置。改过之后不需要重启。
place = {place}
# 标题里“检查期”与“政务新媒体”之间的字,例如:2026年第四季度全市政府系统政务新媒体检查不合格名单
scope = {scope}
# 地方口径:tracker rules list 列出可用的口径;自己的口径放在 profiles/ 下
profile = {profile}
# 数据库:默认是本文件旁边的一个文件;多人使用时可写 "postgresql://用户@主机/库名"
database = "sqlite:///tracker.db"

# 通报、整改通知单和账号检查报告里由本单位填写的内容,放在本文件最后。去掉行首的“# ”再填,[bulletin] 这一行也要去掉;
# 没填的在草稿里显示 ××,印发稿会拒绝并指出是哪一项。
# [bulletin]
# issuer = "示例市政务公开办公室"
# number = "示政公开办函〔2026〕12号"
# recipients = "各县、区人民政府，市政府各工作部门"
# basis = "按照《政府网站与政务新媒体检查指标》要求"
# issued = 2026-11-11
# deadline_days = 10
# contact = "示例科 0900-0000000"
# report_to = "示例市政务公开办公室"
# signature = "示例市政务公开办公室"
# public_note = "此件公开发布"
# decimals = 2
# annexes = ["noncompliant", "unseen"]
# measures = ["立即核查整改。……", "落实日常管理。……"]
# objection_days = 5

# 印发前征求意见:required = true 时没有征求过意见不能印发;days 是给各单位的工作日。
# [consult]
# required = false
# days = 3
"""


def template(place: str = "示例市", scope: str = "全市政府系统", profile: str = "baoji") -> str:
    """The text of a new workspace's tracker.toml."""
    told = {"place": place, "scope": scope, "profile": profile}
    # a JSON string is a TOML basic string as well
    return TEMPLATE.format_map({key: json.dumps(value, ensure_ascii=False) for key, value in told.items()})


def rewritten(text: str, values: Mapping[str, str | int]) -> str:
    """A tracker.toml with some top-level keys set, everything else, comments too, as it was. Raises UsageError.

    A key that is written over several lines cannot be replaced: then nothing is.
    """
    lines = text.splitlines()
    for key, value in values.items():
        # a JSON string without control characters is a TOML basic string
        line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
        tables = next((at for at, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
        at = next((at for at, one in enumerate(lines[:tables]) if one.partition("=")[0].strip() == key), None)
        if at is None:
            lines.insert(tables, line)
        else:
            lines[at] = line
    told = "\n".join(lines) + "\n"
    try:
        fits = values.items() <= tomllib.loads(told).items()
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise UsageError(f"{FILE} 里有程序不敢改的写法(例如一个设置写成了几行);请用记事本改好 {'、'.join(values)} 再试")
    return told
