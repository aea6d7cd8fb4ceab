"""An observation as `tracker read --json` prints it and as adapter cases expect it (DESIGN §8)."""

from collections.abc import Mapping

from tracker.model.aspects import (
    Bio,
    CommentPolicy,
    Found,
    Hit,
    Identity,
    Likes,
    Menu,
    Observation,
    Posts,
    Replies,
    Seen,
    Value,
    Verification,
)
from tracker.model.outcome import Aspect, Outcome

_KEYS: Mapping[str, Aspect] = {
    "name": Aspect.EXISTENCE,
    "verified": Aspect.VERIFICATION,
    "posts": Aspect.POSTS,
    "comment_policy": Aspect.COMMENT_POLICY,
    "replies": Aspect.REPLIES,
    "likes": Aspect.LIKES,
    "menu": Aspect.MENU,
    "footers": Aspect.FOOTERS,
}


def reading(observation: Observation) -> dict[str, object]:
    """The observation as plain JSON values; an aspect that was not seen is `{"unseen": outcome}`."""
    told: dict[str, object] = {"outcome": str(observation.outcome)}
    for key, aspect in _KEYS.items():
        found = observation.aspects.get(aspect)
        if isinstance(found, Seen):
            told[key] = _plain(found.value)
        else:
            told[key] = {"unseen": str(found.outcome if found else Outcome.NOT_RECORDED)}
    return told


def _plain(value: Value) -> object:
    match value:
        case Identity():
            return value.name
        case Verification():
            return value.verified
        case Posts():
            return _posts(value)
        case CommentPolicy():
            return str(value.state)
        case Replies():
            return {"seen": value.seen, "of": value.of, "answered": value.answered}
        case Likes():
            return {"count": len(value.items), "whole": value.whole, "owners": [like.owner for like in value.items]}
        case Menu():
            return {
                "open": value.is_open,
                "entries": [entry.path for entry in value.entries],
                "channels": [_hit(hit) for hit in value.channels.hits],
                "whole": value.channels.whole,
            }
        case Found():
            return {"hits": [_hit(hit) for hit in value.hits], "whole": value.whole}
        case Bio():
            return value.text


def _posts(posts: Posts) -> dict[str, object]:
    latest = posts.latest
    return {
        "latest": latest.at.isoformat() if latest else None,
        "as_of": posts.as_of.isoformat(),
        "complete_since": posts.complete_since.isoformat() if posts.complete_since else None,
        "count": len(posts.items),
        "pinned": sum(post.pinned for post in posts.items),
        "exact": posts.exact,
    }


def _hit(hit: Hit) -> dict[str, str]:
    return {"kind": hit.kind, "quote": hit.quote}
