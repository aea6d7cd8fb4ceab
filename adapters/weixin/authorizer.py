"""What a 第三方平台 is told of an account that authorised it: `api_get_authorizer_info` (formats/weixin.md §3.1, §6).

No credential of ours asks for it; an answer that a platform operator hands over is read all the same.
"""

from collections.abc import Mapping

from adapters.weixin.errcode import DATA, answer
from adapters.weixin.ids import disagreement, remarks
from tracker.adapter import Unread, blind, unseen
from tracker.model import Account, Aspect, Bio, Exchange, Identity, Observation, Outcome, Seen, Unseen, Verification
from tracker.payload import Json, Surprise

ASPECTS = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.BIO)
_CLOSED: Mapping[int, tuple[str, Outcome]] = {
    14: ("已注销", Outcome.GONE),
    16: ("已封禁", Outcome.GONE),
    19: ("已冻结", Outcome.OK),
}
"""`account_status` → the state in the platform's words, and what it says of existence; 1 is 正常, 18 a warning only."""


def read(account: Account | None, exchange: Exchange) -> Observation:
    """Existence with `closed`, verification with 认证主体, and bio; never raises."""
    try:
        return _read(account, answer(exchange).must("authorizer_info"))
    except Surprise as error:
        return blind(ASPECTS, unseen(error, DATA))


def _read(account: Account | None, told: Json) -> Observation:
    status = told.at("account_status").count()
    words, existence = _CLOSED.get(status or 0, ("", Outcome.OK))
    closed = f"账号状态:{words}(account_status {status})" if words else ""
    ids = {kind: told.at(kind).text() for kind in ("user_name", "alias")}
    identity = Identity(ids={k: v for k, v in ids.items() if v}, name=told.at("nick_name").text(), closed=closed)
    wrong = disagreement(account, identity)
    if wrong:
        raise Unread(Outcome.INCONSISTENT, wrong)
    return Observation(
        outcome=existence,
        detail=closed if existence is Outcome.GONE else "",
        aspects={
            Aspect.EXISTENCE: Seen(value=identity, outcome=existence),
            Aspect.VERIFICATION: _verification(told),
            Aspect.BIO: Seen(value=Bio(text=told.at("signature").text())),
        },
        notes=remarks(account, identity),
    )


def _verification(told: Json) -> Seen | Unseen:
    """`verify_type_info.id`: −1 not verified, 0 微信认证; `principal_name` is the 主体, verified or not."""
    kind = told.must("verify_type_info", "id").number()
    if kind not in (-1, 0):
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail=f"认证类型代码 {kind} 含义不明")
    return Seen(value=Verification(verified=kind == 0, kind=str(kind), subject=told.at("principal_name").text()))
