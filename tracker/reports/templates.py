"""Filling the Word and HTML templates: the workspace's own first, then the shipped ones; all escaped, nothing undefined."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from tracker.errors import UsageError
from tracker.reports.form import Context, TableContext
from tracker.reports.rows import Template, unroll

_CORE_TITLE_MOST = 200


def shipped_templates() -> Path:
    """The folder of the program's own templates: inside a wheel `tracker/templates`, else the checkout's `templates`."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise UsageError(f"找不到程序自带的模板目录 {package / 'templates'}:安装不完整,请重新安装。")


def folders(templates: Path | None) -> list[Path]:
    """Where templates are looked for: below a workspace's own folder first, then the shipped ones."""
    return [folder / "reports" for folder in [*([templates] if templates else []), shipped_templates()]]


def find_template(name: str, templates: Path | None) -> Path:
    """The file `reports/<name>` below `templates` (a workspace's) if it is there, else the shipped one. Raises UsageError."""
    for folder in folders(templates):
        path = folder / name
        if path.is_file():
            return path
    raise UsageError(f"找不到报表模板 reports/{name}:工作区的 templates 目录和程序自带的模板里都没有,请补上该文件或重新安装。")


def values(context: Context) -> Mapping[str, Any]:
    """The context's fields by name, as the templates see them."""
    if not is_dataclass(context):
        raise TypeError("a report context is a dataclass")
    return {one.name: getattr(context, one.name) for one in fields(context)}


def environment(*, word: bool = False, look_in: Sequence[Path] = ()) -> ImmutableSandboxedEnvironment:
    """Jinja for the forms, `extends` from the folders `look_in`, first found.

    With `word` a brace in a value becomes a reference: docxtpl would read `{_{` as its own escape.
    """
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_without_braces if word else None,
        trim_blocks=not word,
        loader=FileSystemLoader(look_in),
    )


def _without_braces(value: object) -> object:
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 - escaped just before


def write_html(context: Context, template: Path, to: Path, templates: Path | None = None) -> None:
    """Fill an HTML template. Raises UsageError naming the template when it uses a name that the form has not."""
    jinja = environment(look_in=folders(templates))
    try:
        page = jinja.from_string(template.read_text(encoding="utf-8")).stream(values(context))
        with to.open("w", encoding="utf-8", newline="\n") as file:
            page.enable_buffering(200)
            file.writelines(page)
    except (TemplateError, UnicodeDecodeError) as error:
        raise _unfit(template, error, context) from error


def write_docx(context: Context, template: Path, to: Path) -> None:
    """Fill a Word template through docxtpl. Raises UsageError naming the template when it is no .docx or uses an unknown name."""
    columns, rows = (context.columns, context.rows) if isinstance(context, TableContext) else ((), ())
    known = frozenset(one.name for one in fields(rows[0])) if rows else frozenset()
    try:
        document = Template(template, known)
        document.render(values(context), environment(word=True), autoescape=True)
    except (TemplateError, PackageNotFoundError, BadZipFile, KeyError) as error:
        raise _unfit(template, error, context) from error
    document.docx.core_properties.title = context.title[:_CORE_TITLE_MOST]
    with BytesIO() as rendered:
        document.save(rendered)
        unroll(rendered, to, columns, rows)


def _unfit(template: Path, error: Exception, context: Context) -> UsageError:
    known = "、".join(values(context))
    return UsageError(f"报表模板 {template} 不能使用({error}):可用的名称是 {known};请改正模板,或删除它以使用自带的模板。")
