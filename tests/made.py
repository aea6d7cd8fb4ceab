"""Small made worlds for the pure layers: one account and stored visits from a few plain values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from tracker.adapter import Proof
from tracker.clock import SHANGHAI, start_of
from tracker.facts import Context, Facts, build
from tracker.model import (
    Account,
    Aspect,
    CommentPolicy,
    CommentState,
    Found,
    Hit,
    Identity,
    Like,
    Likes,
    Menu,
    Observation,
    Outcome,
    Post,
    Posts,
    Reported,
    Route,
    Seen,
    StoredVisit,
    Unseen,
)

PROOF = Proof(empty_visits=2, gone_visits=2, days_apart=1, control=False)


def account(**told: Any) -> Account:
    return Account(**{"account_id": "示例0001", "platform": "made", "kind": "新浪微博", "name": "示例发布", **told})


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), SHANGHAI)


def posts(on: Sequence[date], *, as_of: date, complete_since: date | None = None) -> Posts:
    return Posts(
        items=tuple(
            Post(id=f"{one:%Y%m%d}-{n}", at=start_of(one) + timedelta(hours=9), title=f"第{n}条") for n, one in enumerate(on)
        ),
        as_of=noon(as_of),
        complete_since=start_of(complete_since) if complete_since else None,
    )


def visit(
    aspects: Mapping[Aspect, Seen | Unseen] | None = None,
    *,
    outcome: Outcome = Outcome.OK,
    route: Route = Route.BROWSER,
    at: date = date(2026, 11, 6),
    sweep: str = "2026-11-06",
    reported: Sequence[Reported] = (),
    check_date: date | None = None,
    printed_date: str = "",
) -> StoredVisit:
    return StoredVisit(
        sweep=sweep,
        account_id="示例0001",
        platform="made",
        route=route,
        url="https://example.invalid/",
        file=f"{sweep}/示例0001-1.warc.gz",
        sha256="0" * 64,
        at=noon(at),
        observation=Observation(outcome=outcome, aspects=aspects or {}, reported=tuple(reported)),
        check_date=check_date,
        printed_date=printed_date,
    )


def visits_of(told: Mapping[str, Any]) -> list[StoredVisit]:
    """The visits that a rule case (tests/rule_cases/README) describes."""
    at = told.get("captured", told.get("check_date", date(2026, 11, 6)))
    aspects: dict[Aspect, Seen | Unseen] = {}
    if "posts" in told:
        value = posts(told["posts"], as_of=told.get("as_of", at), complete_since=told.get("complete_since"))
        aspects[Aspect.POSTS] = Seen(value=value, outcome=Outcome(told.get("posts_outcome", "ok")))
    if "unseen" in told:
        aspects[Aspect.POSTS] = Unseen(outcome=Outcome(told["unseen"]))
    if "channels" in told or "channels_whole" in told:
        hits = tuple(Hit(kind="菜单", quote=quote) for quote in told.get("channels", ()))
        aspects[Aspect.MENU] = Seen(
            value=Menu(is_open=True, channels=Found(hits=hits, whole=told.get("channels_whole", False))),
        )
    if "comments" in told:
        value = CommentPolicy(state=CommentState(told["comments"]), why=told.get("comments_why", ""))
        aspects[Aspect.COMMENT_POLICY] = Seen(value=value)
    if "likes" in told or "likes_whole" in told:
        items = tuple(Like(post_id=str(n), owner=o, owner_kind=k, text=t) for n, (o, k, t) in enumerate(told.get("likes", ())))
        aspects[Aspect.LIKES] = Seen(value=Likes(items=items, whole=told.get("likes_whole", False)))
    if "footers" in told or "footers_whole" in told:
        hits = tuple(Hit(kind=k, quote=q) for k, q in told.get("footers", ()))
        aspects[Aspect.FOOTERS] = Seen(value=Found(hits=hits, whole=told.get("footers_whole", False)))
    if "existence" in told:
        aspects[Aspect.EXISTENCE] = Seen(value=Identity(ids={}, name="示例发布"), outcome=Outcome(told["existence"]))
    if "existence_unseen" in told:
        aspects[Aspect.EXISTENCE] = Unseen(outcome=Outcome(told["existence_unseen"]))
    days = told.get("on_days", [at])
    return [visit(aspects, at=on, sweep=str(on), outcome=Outcome(told.get("outcome", "ok"))) for on in days]


def facts_of(told: Mapping[str, Any], *, proof: Proof | None = PROOF) -> Facts:
    made = visits_of(told)
    context = Context(on=told.get("check_date"), default_date=date(2026, 11, 6), proof=proof, fit={one.sweep for one in made})
    return build(account(**told.get("account", {})), made, context)
