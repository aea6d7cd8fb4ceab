"""The command line (DESIGN §8). Exit 0 done, 1 a check found something, 2 the operator's mistake, 3 some accounts unchecked."""

import contextlib
import io
import sys

import click
import typer

from tracker.cli import accounts, evidence, judging, looking, printing, reading, start
from tracker.cli.common import Context, errors
from tracker.errors import EvidenceDamaged, TrackerError

app = typer.Typer(
    name="tracker",
    help="政务新媒体巡检:检查备案账号,打印不合格名单,每个结论都有据可查。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(start.root)
for part in (start, accounts, looking, judging, printing, reading, evidence):
    part.add_to(app)


def main() -> None:
    """Run the command line; an error of ours is one sentence on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a Windows console speaks another code page; a name must not end the program
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False, obj=Context())
    except TrackerError as error:
        errors(str(error))
        return 1 if isinstance(error, EvidenceDamaged) else 2
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        errors("已停止;没有做完的可以再次运行,巡检用 tracker sweep --resume 接着做")
        return 130
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            sys.stdout.close()
        return 0
    return code if isinstance(code, int) else 0
