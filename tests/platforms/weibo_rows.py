"""Rows of the fake weibo in the shapes of formats/weibo.md §3."""

from datetime import datetime, timedelta
from typing import Any

from tests.platforms import ids
from tests.platforms.world import WorldAccount, WorldLike, WorldPost

SCREENED = {"comment_permission_type": -1, "approval_comment_type": 1, "comment_sort_type": 0}
UNTOLD = {"comment_permission_type": -1, "approval_comment_type": 0, "comment_sort_type": 0}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stamp(at: datetime) -> str:
    """`Sat Sep 26 14:08:46 +0800 2026`, without the machine's locale."""
    return f"{DAYS[at.weekday()]} {MONTHS[at.month - 1]} {at:%d %H:%M:%S} +0800 {at.year}"


def user(account: WorldAccount) -> dict[str, Any]:
    """The author as rows show it."""
    uid = account.ids["uid"]
    told = {"id": int(uid), "idstr": uid, "screen_name": account.name, "profile_url": f"/u/{uid}"}
    return {**told, "verified": account.verified, "verified_type": account.verified_type if account.verified else -1}


def mid_of(account: WorldAccount, post: WorldPost | WorldLike) -> str:
    """The post's mid; its time is the post's."""
    return ids.weibo_mid(post.at, account.seed(post))


def row(account: WorldAccount, post: WorldPost) -> dict[str, Any]:
    """One own row of mymblog or show."""
    told = _row(mid_of(account, post), post.at, post.title, user(account))
    told |= {"comments_count": post.comments, "reposts_count": post.comments // 2, "attitudes_count": post.comments * 3}
    told["visible"] = {"type": post.visible, "list_id": 0}
    told["comment_manage_info"] = UNTOLD if post.can_comment else SCREENED
    if post.pinned:
        told |= {"isTop": 1, "mblogtype": 2, "title": {"text": "置顶"}}
    if post.repost:
        told["retweeted_status"] = _origin(post)
    return told


def liked(account: WorldAccount, like: WorldLike) -> dict[str, Any]:
    """One 赞过 row: somebody else's post with that post's date."""
    owner = {"id": int(like.owner_id), "idstr": like.owner_id, "screen_name": like.owner, "profile_url": f"/u/{like.owner_id}"}
    owner |= {"verified": like.verified_type >= 0, "verified_type": like.verified_type}
    told = _row(mid_of(account, like), like.at, like.text, owner)
    return told | {"title": {"text": "赞过的微博"}, "comments_count": 8, "comment_manage_info": UNTOLD}


def foreign(at: datetime) -> dict[str, Any]:
    """A row of the home timeline that a degraded session gives in the same envelope."""
    owner = {"id": 900099001, "idstr": "900099001", "screen_name": "示例首页推荐", "verified": False, "verified_type": -1}
    return _row(ids.weibo_mid(at, 77), at, "示例首页内容", owner)


def _row(mid: str, at: datetime, text: str, owner: dict[str, Any]) -> dict[str, Any]:
    told = {"visible": {"type": 0, "list_id": 0}, "created_at": stamp(at), "id": int(mid), "idstr": mid, "mid": mid}
    told |= {"mblogid": ids.mblogid(mid), "user": owner, "text": text, "text_raw": text, "isLongText": False, "mblogtype": 0}
    told |= {"reposts_count": 0, "comments_count": 0, "attitudes_count": 0, "pic_ids": [], "pic_num": 0}
    return told | {"comment_manage_info": UNTOLD, "region_name": "发布于 示例", "source": "微博网页版", "edit_count": 0}


def _origin(post: WorldPost) -> dict[str, Any]:
    at = post.at - timedelta(hours=5)
    owner = {"id": 900099002, "idstr": "900099002", "screen_name": "示例省发布", "verified": True, "verified_type": 1}
    return _row(ids.weibo_mid(at, 55), at, "被转发的原文", owner)


def deleted_origin(told: dict[str, Any]) -> dict[str, Any]:
    """The same row as a repost of a deleted post (guard 20)."""
    return told | {"retweeted_status": {"deleted": "1", "user": None, "text": "抱歉，此微博已被作者删除"}}


def comments(account: WorldAccount, post: WorldPost) -> list[dict[str, Any]]:
    """At most 20 comments by invented people, the account's answers as replies."""
    return [_comment(account, post, n) for n in range(min(post.comments, 20))]


def _comment(account: WorldAccount, post: WorldPost, n: int) -> dict[str, Any]:
    at = min(post.at + timedelta(minutes=7 * (n + 1)), post.at + timedelta(days=1))
    mid = ids.weibo_mid(at, account.seed(post) + n)
    writer = {"id": 900080000 + n, "idstr": str(900080000 + n), "screen_name": f"示例网友{n + 1}", "verified": False}
    told = {"id": int(mid), "idstr": mid, "mid": mid, "rootid": int(mid), "rootidstr": mid, "floor_number": n + 1}
    told |= {"created_at": stamp(at), "text": "请问怎么办理", "text_raw": "请问怎么办理", "source": "来自示例", "like_counts": n}
    answers = [_answer(account, at, mid)] if n < post.answered else []
    return told | {"total_number": len(answers), "comments": answers, "isLikedByMblogAuthor": False, "user": writer}


def _answer(account: WorldAccount, at: datetime, root: str) -> dict[str, Any]:
    later = at + timedelta(minutes=30)
    mid = ids.weibo_mid(later, 9)
    told = {
        "id": int(mid),
        "idstr": mid,
        "created_at": stamp(later),
        "text": "您好，请拨打12345",
        "text_raw": "您好，请拨打12345",
    }
    return told | {
        "rootidstr": root,
        "reply_comment": {"idstr": root},
        "reply_comment_id": root,
        "like_counts": 0,
        "user": user(account),
    }
