"""An answer that a unit gives on its own page: the same record as a line of a reply sheet, so that gates and bulletin see it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from tracker import attached
from tracker.clock import day
from tracker.consult.known import Known
from tracker.errors import UsageError
from tracker.reports.wording import CELL_MOST, plain
from tracker.store import Objection
from tracker.workspace import Workspace

FILE = "网上反馈"
"""What stands in the place of the reply sheet's file name."""


def reply(
    ws: Workspace,
    about: Known,
    *,
    objects: bool,
    why: str,
    pieces: Sequence[attached.Piece],
    token: str,
    who: str,
    at: datetime,
) -> bool:
    """Keep what a unit says of one finding; False when this very form (`token`) was sent before. A late one is kept as late.

    What was printed without a consultation may be objected to as well. Raises UsageError where an objection has neither reason
    nor proof, a file cannot be written, or somebody agrees while another's objection waits: only who made it takes it back.
    """
    if objects and not (why.strip() or pieces):
        raise UsageError("选了“有异议”,没有写理由;请写明理由,有证明材料的一并附上")
    digest = sha256(f"{token}\n{about.account_id}\n{about.code}".encode("utf-8", "surrogatepass")).hexdigest()
    with ws.store.transaction():
        held = ws.store.objections(about.sweep)
        if any(one.sha256 == digest for one in held):
            return False
        if not objects:
            _must_not_overrule([one for one in held if (one.account_id, one.code) == (about.account_id, about.code)], plain(who))
        ws.store.add_objections([_objection(ws, about, digest, objects, why, pieces, who, at)])
    return True


def _must_not_overrule(said: Sequence[Objection], who: str) -> None:
    """An office that looks at a unit's page, or a county, must not end what the unit has asked for."""
    if said and said[-1].objects and said[-1].ruling is None and said[-1].taken_by != who:
        raise UsageError(f"这条问题有异议等着答复(登记人:{said[-1].taken_by}),别人不能改成“认可”;请由提出的人自己改,或等答复")


def _objection(
    ws: Workspace,
    about: Known,
    digest: str,
    objects: bool,
    why: str,
    pieces: Sequence[attached.Piece],
    who: str,
    at: datetime,
) -> Objection:
    return Objection(
        consultation=about.sent.id if about.sent else None,
        sweep=about.sweep,
        account_id=about.account_id,
        code=about.code,
        objects=objects,
        why=plain(why, CELL_MOST),
        who=plain(about.organisation),
        received_on=day(at),
        late=about.late(day(at)),
        file=FILE,
        sha256=digest,
        line=1,
        # files before the row: broken off in between, a file without a row does no harm
        attachments=attached.keep(ws, pieces),
        at=at,
        taken_by=plain(who),
    )
