"""Small made worlds for the pure layers: one account and stored visits from a few plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from tracker.adapter import Proof
from tracker.clock import SHANGHAI, start_of
from tracker.facts import Context, Facts, build
from tracker.model import (
    Account,
    Aspect,
    Bio,
    CommentPolicy,
    CommentState,
    Found,
    Hit,
    Identity,
    Like,
    Likes,
    Menu,
    MenuEntry,
    Observation,
    Outcome,
    Post,
    Posts,
    Replies,
    Reported,
    Route,
    Seen,
    StoredVisit,
    Target,
    Unseen,
    Verification,
    Window,
)

PROOF = Proof(empty_visits=2, gone_visits=2, days_apart=1, control=False)


def account(**told: Any) -> Account:
    return Account(**{"account_id": "示例0001", "platform": "made", "kind": "新浪微博", "name": "示例发布", **told})


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), SHANGHAI)


def posts(on: Sequence[Any], *, as_of: date, complete_since: date | None = None) -> Posts:
    """A list of posts: days, or tables with `on`, `title`, `text`, `repost`."""
    return Posts(
        items=tuple(map(_post, on, range(len(on)))),
        as_of=noon(as_of),
        complete_since=start_of(complete_since) if complete_since else None,
    )


def _post(told: Any, n: int) -> Post:
    told = {"on": told} if isinstance(told, date) else told
    at = start_of(told["on"]) + timedelta(hours=9)
    more = {key: value for key, value in told.items() if key != "on"}
    return Post(id=f"{told['on']:%Y%m%d}-{n}", at=at, **{"title": f"第{n}条", **more})


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
    if {"channels", "channels_whole", "entries", "auto_reply"} & told.keys():
        hits = tuple(Hit(kind="菜单", quote=quote) for quote in told.get("channels", ()))
        menu = Menu(
            is_open=True,
            entries=tuple(map(entry, told.get("entries", ()))),
            channels=Found(hits=hits, whole=told.get("channels_whole", False)),
            auto_reply=told.get("auto_reply"),
            listed=told.get("listed", True),
        )
        aspects[Aspect.MENU] = Seen(value=menu)
    aspects.update(_of_the_account(told))
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
        who = Identity(ids={}, name="示例发布", closed=told.get("closed_down", ""))
        aspects[Aspect.EXISTENCE] = Seen(value=who, outcome=Outcome(told["existence"]))
    if "existence_unseen" in told:
        aspects[Aspect.EXISTENCE] = Unseen(outcome=Outcome(told["existence_unseen"]))
    days = told.get("on_days", [at])
    said = [Reported(**one) for one in told.get("reported", ())]
    return [visit(aspects, at=on, sweep=str(on), outcome=Outcome(told.get("outcome", "ok")), reported=said) for on in days]


def _of_the_account(told: Mapping[str, Any]) -> dict[Aspect, Seen | Unseen]:
    aspects: dict[Aspect, Seen | Unseen] = {}
    if "verified" in told:
        aspects[Aspect.VERIFICATION] = Seen(value=Verification(verified=told["verified"], subject=told.get("subject", "")))
    if "bio" in told:
        aspects[Aspect.BIO] = Seen(value=Bio(text=told["bio"]))
    if "replies" in told:
        seen, of, answered = told["replies"]
        value = Replies(seen=seen, of=None if of < 0 else of, answered=answered)
        aspects[Aspect.REPLIES] = Seen(value=value, outcome=Outcome.OK if of == seen else Outcome.PARTIAL)
    return aspects


def entry(told: Mapping[str, Any]) -> MenuEntry:
    """A menu entry: path, kind, url, and what its target showed (`outcome` absent = nobody looked)."""
    target = {key: value for key, value in told.items() if key not in ("path", "kind", "url")}
    if "outcome" in target:
        target["outcome"] = Outcome(target["outcome"])
        if "latest" in target:
            target["latest"] = noon(target["latest"])
    found = Target(**target) if target else None
    return MenuEntry(path=told["path"], kind=told.get("kind", "view"), url=told.get("url", ""), target=found)


def stranger(told: Mapping[str, Any]) -> StoredVisit:
    """A pasted link that matched no account: the name that it showed."""
    who = Identity(ids={"uid": "9"}, name=told["name"])
    shown = visit({Aspect.EXISTENCE: Seen(value=who)}, route=Route.LINK)
    return replace(shown, account_id="", url=told.get("url", "https://example.invalid/stranger"))


def facts_of(told: Mapping[str, Any], *, proof: Proof | None = PROOF) -> Facts:
    made = visits_of(told)
    window = told.get("window")
    earlier = [one for case in told.get("earlier", ()) for one in visits_of(case)]
    context = Context(
        on=told.get("check_date"),
        default_date=date(2026, 11, 6),
        window=Window(since=window[0], until=window[1]) if window else None,
        proof=proof,
        earlier=earlier,
        fit={one.sweep for one in made},
        kin=told.get("kin", ()),
        strangers=tuple(map(stranger, told.get("strangers", ()))),
        before=tuple(told.get("before", ())),
    )
    return build(account(**told.get("account", {})), made, context)
