"""Writing a form in the formats asked for: one file each, straight into a folder, named after the form's title."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter.exceptions import FileCreateError

from tracker.errors import UsageError, reason
from tracker.reports import (
    account,
    bulletin,
    inspection,
    ledger,
    matrix,
    noncompliant,
    notice,
    sensitive_words,
    unseen,
    zombies,
)
from tracker.reports.binding import write_letter
from tracker.reports.excel import write_xlsx
from tracker.reports.form import AnyTable, Context, Form, TableContext
from tracker.reports.tables import write_csv, write_json
from tracker.reports.templates import find_template, write_docx, write_html
from tracker.reports.wording import file_name

FORMS: tuple[Form, ...] = (
    noncompliant.FORM,
    inspection.FORM,
    zombies.FORM,
    matrix.FORM,
    sensitive_words.FORM,
    ledger.FORM,
    unseen.FORM,
    bulletin.FORM,
    account.FORM,
    notice.FORM,
)
"""Every form, by hand; a test compares it with the template files."""

Printer = Callable[[Path, Path], None]
"""Prints an HTML file into a PDF file: the browser, lent by whoever owns it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    form: Form
    context: Context
    templates: Path | None
    printer: Printer | None

    @property
    def table(self) -> AnyTable:
        if not isinstance(self.context, TableContext):
            raise TypeError(f"the form {self.form.name} is no table")
        return self.context

    def template(self, suffix: str) -> Path:
        return find_template(f"{self.form.name}.{suffix}", self.templates)


def form_of(name: str) -> Form:
    """The form of this name. Raises UsageError naming the forms that there are."""
    for form in FORMS:
        if form.name == name:
            return form
    raise UsageError(f"没有名为 {name} 的报表:可用的是 {'、'.join(form.name for form in FORMS)}。")


def write(
    context: Context, to: Path, formats: Sequence[str], *, printer: Printer | None = None, templates: Path | None = None
) -> tuple[Path, ...]:
    """Write one file per format into `to` (made if need be) and return the files, in the order of `formats`.

    A table without rows is not written and () returned: the caller says 未发现 (annexes.md §8.8). Without a printer `pdf` is left
    out. `templates` is a workspace's templates folder. No file is ever half-written. Raises UsageError for a format that is
    unknown or not the form's, an unusable template, a folder that cannot be written, or a file that Word or WPS holds open.
    """
    job = _Job(form=form_of(context.form), context=context, templates=templates, printer=printer)
    makers = _makers(job.form, formats)
    if isinstance(context, TableContext) and not context.rows:
        return ()
    _make_folder(to)
    targets = {to / f"{file_name(context.title)}.{name}": maker for name, maker in makers.items() if printer or name != "pdf"}
    partials = {path: path.with_name(f"{path.name}.partial") for path in targets}
    try:
        for path, maker in targets.items():
            _make(maker, job, partials[path])
        for path, partial in partials.items():
            _settle(partial, path)
    finally:
        for partial in partials.values():
            partial.unlink(missing_ok=True)
    return tuple(targets)


def _makers(form: Form, formats: Sequence[str]) -> "dict[str, _Maker]":
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise UsageError(f"不认识的报表格式 {'、'.join(unknown)}:可用的格式是 {'、'.join(form.formats)}。")
    unfit = [name for name in formats if name not in form.formats]
    if unfit:
        raise UsageError(f"{form.words}没有 {'、'.join(unfit)} 格式:可用的格式是 {'、'.join(form.formats)}。")
    return {name: FORMATS[name] for name in formats}


def _make_folder(to: Path) -> None:
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"不能建立报表目录 {to}({reason(error)}):请换一个可以写入的目录。") from error


def _make(maker: "_Maker", job: _Job, partial: Path) -> None:
    try:
        maker(job, partial)
    except (OSError, FileCreateError) as error:
        why = reason(error) if isinstance(error, OSError) else error
        raise UsageError(f"不能写入 {partial.parent}({why}):请检查写权限和剩余空间,或换一个目录。") from error


def _settle(partial: Path, path: Path) -> None:
    try:
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"不能覆盖 {path}:该文件可能正在 Word 或 WPS 中打开,请关闭后重试。") from error


_Maker = Callable[[_Job, Path], None]


def _docx(job: _Job, to: Path) -> None:
    if isinstance(job.context, TableContext):
        write_docx(job.context, job.template("docx"), to)
    else:
        write_letter(job.context, job.template("docx"), to, job.templates)


def _xlsx(job: _Job, to: Path) -> None:
    write_xlsx(job.table, to)


def _html(job: _Job, to: Path) -> None:
    write_html(job.context, job.template("html"), to, job.templates)


def _pdf(job: _Job, to: Path) -> None:
    """The HTML is printed from a folder beside the target: a browser from a snap may not read the system's temporary one."""
    if job.printer is None:
        raise ValueError("a PDF needs a printer")
    with TemporaryDirectory(dir=to.parent, prefix="print-") as folder:
        page, sheet = Path(folder) / "page.html", Path(folder) / "page.pdf"
        _html(job, page)
        job.printer(page, sheet)
        if not sheet.is_file() or not sheet.read_bytes().startswith(b"%PDF-"):
            raise UsageError(
                f"浏览器没有打印出 PDF({to.name.removesuffix('.partial')}):请换一个浏览器(用 TRACKER_BROWSER 指明)后重试。"
            )
        sheet.replace(to)


def _csv(job: _Job, to: Path) -> None:
    write_csv(job.table, to)


def _json(job: _Job, to: Path) -> None:
    write_json(job.context, to)


FORMATS: Mapping[str, _Maker] = {"docx": _docx, "xlsx": _xlsx, "html": _html, "pdf": _pdf, "csv": _csv, "json": _json}
"""Every format by its name, which is also the file's suffix."""
