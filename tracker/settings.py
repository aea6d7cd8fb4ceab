"""tracker.toml and the environment, read once and strictly (DESIGN §4: configuration is one of the three doors)."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from tracker.errors import UsageError

FILE = "tracker.toml"


class PaceSettings(BaseModel):
    """One platform's own pace, in seconds; what is left out stays as the adapter says. Slower is always allowed."""

    model_config = ConfigDict(extra="forbid")

    between_accounts: tuple[float, float] | None = None
    between_requests: float | None = Field(default=None, ge=0)


class Settings(BaseSettings):
    """The workspace's settings. Every key may also be given in the environment as TRACKER_<KEY>."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", extra="forbid")

    place: str = "示例市"
    scope: str = "全市政府系统"
    """Stands between the period and 政务新媒体 in titles."""
    profile: str = "baoji"
    database: str = "sqlite:///tracker.db"
    """`sqlite:///FILE` (below the workspace) or `postgresql://USER@HOST/NAME`."""
    inspector: str = "检查人"
    """Who decides when a command names nobody."""
    feeds: dict[str, str] = Field(default_factory=dict)
    """Feed address by `platform:name`; only hosts named here are opened as feeds."""
    pace: dict[str, PaceSettings] = Field(default_factory=dict)
    """By platform."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file; nothing else is read."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(root: Path) -> Settings:
    """The settings of a workspace. Raises UsageError naming the file, the key and what was expected."""
    path = root / FILE

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return FromFile()
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} 读不懂:{error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}:{where} 不对:{first['msg']}(现在是 {first.get('input')!r})") from error


TEMPLATE = """# 本工作区的设置。改过之后不需要重启。
place = "{place}"
# 标题里“检查期”与“政务新媒体”之间的字,例如:2026年第四季度全市政府系统政务新媒体检查不合格名单
scope = "{scope}"
# 地方口径:tracker rules list 列出可用的口径;自己的口径放在 profiles/ 下
profile = "{profile}"
# 数据库:默认是本文件旁边的一个文件;多人使用时可写 "postgresql://用户@主机/库名"
database = "sqlite:///tracker.db"
"""


def template(place: str = "示例市", scope: str = "全市政府系统", profile: str = "baoji") -> str:
    """The text of a new workspace's tracker.toml."""
    return TEMPLATE.format(place=place, scope=scope, profile=profile)
