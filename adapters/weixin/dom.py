"""A page as a tree (lxml), and the few questions asked of it."""

from collections.abc import Iterator

from lxml import etree

from tracker.adapter import Unread
from tracker.model import Outcome
from tracker.text import squeeze

Tree = etree._Element


def parse(body: bytes) -> Tree:
    """The tree of an HTML page. An empty body is `transport`, one that is no markup at all `drift`."""
    if not body.strip():
        raise Unread(Outcome.TRANSPORT, "服务器返回空白内容")
    if b"<" not in body:
        raise Unread(Outcome.DRIFT, "返回内容不是网页")
    try:
        tree = etree.fromstring(body, etree.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError):
        tree = None
    if tree is None:
        raise Unread(Outcome.DRIFT, "返回内容不是网页")
    return tree


def elements(tree: Tree) -> Iterator[Tree]:
    """All elements in document order, without comments and instructions."""
    return (node for node in tree.iter() if isinstance(node.tag, str))


def by_id(tree: Tree, *names: str) -> Tree | None:
    """The first element that has one of these ids."""
    return next((node for node in elements(tree) if node.get("id") in names), None)


def by_class(tree: Tree, name: str) -> Iterator[Tree]:
    """Elements that carry this class."""
    return (node for node in elements(tree) if name in (node.get("class") or "").split())


def text_of(node: Tree) -> str:
    """Visible text of an element on one line; scripts and styles are left out."""
    return squeeze("".join(piece for piece in pieces(node) if isinstance(piece, str)))


def pieces(node: Tree) -> Iterator[Tree | str]:
    """Elements and texts below `node` in the order of reading; scripts, styles and comments are left out."""
    hidden = 0
    for event, part in etree.iterwalk(node, events=("start", "end", "comment", "pi")):
        if event == "start":
            hidden += _silent(part)
            if not hidden:
                yield part
                yield part.text or ""
        else:
            hidden -= event == "end" and _silent(part)
            if not hidden and part is not node:
                yield part.tail or ""


def _silent(node: Tree) -> bool:
    return node.tag in ("script", "style", "template", "noscript")
