"""The command line (DESIGN §8). Exit 0 done, 1 a check found something, 2 the operator's mistake, 3 some accounts unchecked."""

import io
import os
import sys

import typer
from typer.main import get_command

from tracker.cli import (
    accounts,
    audit,
    authorising,
    backing,
    bundling,
    credentials,
    doctor,
    due,
    evidence,
    explaining,
    judging,
    looking,
    past,
    people,
    periods,
    printing,
    pruning,
    reading,
    rectifying,
    rules,
    scheduling,
    serving,
    start,
    sweeping,
    whatif,
    working,
)
from tracker.cli.app import App, sentence
from tracker.cli.common import Context, errors
from tracker.errors import EvidenceDamaged, TrackerError, UsageError, reason

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = App(name="tracker", help="政务新媒体巡检:检查备案账号,打印不合格名单,每个结论都有据可查。")
app.callback()(start.root)
for part in (
    start,
    accounts,
    periods,
    past,
    credentials,
    authorising,
    sweeping,
    working,
    looking,
    due,
    judging,
    explaining,
    rules,
    rectifying,
    whatif,
    printing,
    reading,
    evidence,
    pruning,
    bundling,
    backing,
    scheduling,
    people,
    audit,
    serving,
    doctor,
):
    part.add_to(app)


def main() -> None:
    """Run the command line; an error of ours is one sentence on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a Windows console speaks another code page; a name must not end the program
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_run())


def _run() -> int:
    try:
        code = _command()
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read our output has seen enough (| head); what is left must not fail once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename} " if error.filename else ""
        errors(f"{where}读写不了({reason(error)});请检查路径、权限和磁盘空间后再试")
        return 2
    return code


def _command() -> int:
    """Run what the arguments say; its exit code."""
    try:
        with get_command(app).make_context("tracker", _arguments(), obj=Context()) as context:
            context.command.invoke(context)
    except TrackerError as error:
        errors(str(error))
        return 1 if isinstance(error, EvidenceDamaged) else 2
    except typer.Exit as done:
        return done.exit_code
    except typer.TyperException as error:
        errors(sentence(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        errors("已停止;没有做完的可以再次运行,巡检用 tracker sweep --resume 接着做")
        return STOPPED
    return 0


def _arguments() -> list[str]:
    for told in sys.argv[1:]:
        try:
            told.encode()
        except UnicodeEncodeError as error:
            # only the name of a file that is there may hold bytes that are no text
            if not os.path.lexists(told):
                raise UsageError(f"参数 {told!r} 里有不能识别的字符;请改用 UTF-8 的终端重新输入,或给文件改名") from error
    return sys.argv[1:]
