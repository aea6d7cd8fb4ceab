"""init, demo and the options before every command."""

from pathlib import Path
from typing import Annotated

import typer

from tracker import __version__, demo, settings
from tracker.cli import judging
from tracker.cli.common import Context, say
from tracker.rulebook import RULES
from tracker.rulebook.profile import load
from tracker.workspace import create, quoted


def _version(told: bool) -> None:
    if told:
        say(f"tracker {__version__}")
        raise typer.Exit


def root(
    context: typer.Context,
    workspace: Annotated[Path | None, typer.Option("--workspace", help="工作区;默认 $TRACKER_WORKSPACE 或上级最近的一个")] = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="运行日志也写到标准错误,每行一个 JSON")] = False,
    version: Annotated[bool, typer.Option("--version", help="显示版本", is_eager=True, callback=_version)] = False,
) -> None:
    """政务新媒体巡检:检查备案账号,打印不合格名单,每个结论都有据可查。"""
    if isinstance(context.obj, Context):
        context.obj.workspace, context.obj.log_json = workspace, log_json


def init(
    folder: Annotated[Path, typer.Argument(help="新工作区的文件夹")],
    place: Annotated[str, typer.Option(help="地名")] = "示例市",
    profile: Annotated[str, typer.Option(help="地方口径")] = "baoji",
    persons: Annotated[int, typer.Option(min=1, max=2, help="最终名单里的一票否决问题要几人确认;只有一人办理的写 1")] = 2,
) -> None:
    """新建工作区。"""
    load(profile, RULES)
    create(folder, settings.template(place=place, profile=profile, persons=persons))
    say(f"已建立工作区 {folder};接着:tracker --workspace {quoted(folder)} accounts import 台账.xlsx")


def run_demo(folder: Annotated[Path, typer.Argument(help="放在哪里;必须是新的或以前的示例")] = Path("build/demo")) -> None:
    """用虚构的示例市走一遍:台账 → 链接和检查表 → 巡检(重放)→ 判定 → 不合格名单。"""
    judgement, printed = demo.make(folder)
    judging.show(judgement, judgement.verdicts)
    say(f"{printed.title}:{printed.rows}行")
    for path in printed.files:
        say(f"  {path}")
    if not any(path.suffix == ".pdf" for path in printed.files):
        say("没有找到能启动的浏览器,PDF 没有生成;装一个即可:playwright install chromium,或系统里的 Chrome、Edge、Chromium")
    say(f"看一个账号的依据:tracker --workspace {quoted(folder)} explain 示例统计")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("init")(init)
    app.command("demo")(run_demo)
