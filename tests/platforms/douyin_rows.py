"""Records of the fake douyin in the shapes of formats/douyin.md §3."""

import json
from pathlib import Path
from typing import Any

from tests.platforms import ids
from tests.platforms.world import World, WorldAccount, WorldLike, WorldPost

PROFILE = json.loads((Path(__file__).parent / "pages" / "douyin_profile.json").read_text(encoding="utf-8"))
OPEN = {"can_comment": True, "can_forward": True, "can_share": True, "can_show_comment": True}


def aweme_id(account: WorldAccount, post: WorldPost) -> str:
    """19 digits whose upper half is a few seconds before the work's create_time."""
    return ids.seconds_id(post.at, account.seed(post))


def work_of(world: World, key: str) -> tuple[WorldAccount, WorldPost] | None:
    """The account and post behind an aweme_id."""
    own = [account for account in world.accounts if account.platform == "douyin"]
    return next(((a, post) for a in own for post in a.posts if aweme_id(a, post) == key), None)


def profile(account: WorldAccount) -> dict[str, Any]:
    """The profile answer."""
    told = json.loads(json.dumps(PROFILE))
    user = told["user"] | {"nickname": account.name, "sec_uid": account.ids["sec_uid"], "uid": account.ids["uid"]}
    user |= {"unique_id": account.ids.get("unique_id", ""), "signature": account.bio, "aweme_count": len(account.posts)}
    user |= {"is_gov_media_vip": account.verified, "enterprise_verify_reason": reason(account)}
    user["show_favorite_list"] = bool(account.likes)
    cert = {"label_style": 5, "label_text": f"{account.organisation}官方账号", "is_biz_account": 1}
    user["account_cert_info"] = json.dumps(cert, ensure_ascii=False) if account.verified else "{}"
    return told | {"user": user}


def reason(account: WorldAccount) -> str:
    """`enterprise_verify_reason`: filled for a verified organisation."""
    return f"{account.organisation}官方账号" if account.verified else ""


def works(items: list[dict[str, Any]], more: bool) -> dict[str, Any]:
    """The envelope of a works page."""
    loose = [work["create_time"] for work in items if not work["is_top"]] or [work["create_time"] for work in items]
    told = {"status_code": 0, "aweme_list": items, "has_more": int(more), "time_list": None, "post_serial": 2}
    told |= {"min_cursor": max(loose, default=0) * 1000, "max_cursor": min(loose, default=0) * 1000}
    return told | {"request_item_cursor": 0, "replace_series_cover": 1, "log_pb": {"impr_id": "EXAMPLE"}}


def work(account: WorldAccount, post: WorldPost) -> dict[str, Any]:
    """One work."""
    key = aweme_id(account, post)
    control = OPEN | {"can_comment": post.can_comment}
    told: dict[str, Any] = {"aweme_id": key, "aweme_type": 0, "create_time": int(post.at.timestamp()), "desc": post.title}
    told |= {
        "is_top": int(post.pinned),
        "is_top_video": int(post.pinned),
        "duration": 36779,
        "region": "",
        "preview_title": post.title,
    }
    told["statistics"] = {"aweme_id": key, "comment_count": post.comments, "digg_count": 90, "collect_count": 4, "share_count": 6}
    told["statistics"] |= {"play_count": 0, "admire_count": 0}
    told["status"] = {"aweme_id": key, "is_delete": False, "is_prohibited": False, "in_reviewing": False, "part_see": 0}
    told["status"] |= {"private_status": 0, "allow_share": True, "listen_video_status": 0, "review_result": {"review_status": 0}}
    told["aweme_control"] = control
    permission = {"can_comment": post.can_comment, "comment_permission_status": 0 if post.can_comment else 1}
    told["comment_permission_info"] = permission | {"item_detail_entry": False, "press_entry": False, "toast_guide": False}
    told |= {"item_warn_notification": {"content": "", "show": False, "type": 0}, "label_top_text": None, "anchors": None}
    told |= {"promotions": [], "common_bar_info": "[]", "images": None, "is_story": 0, "geofencing": [], "group_id": key}
    told |= {"author_user_id": int(account.ids["uid"]), "comment_gid": int(key), "user_digged": 0, "prevent_download": False}
    return told | {"author": _author(account)}


def liked(account: WorldAccount, like: WorldLike) -> dict[str, Any]:
    """A work of somebody else that the account liked, with that work's own date."""
    owner = WorldAccount(
        platform="douyin", name=like.owner, kind="抖音", organisation=like.owner, verified=like.verified_type > 0,
        ids={"uid": like.owner_id, "sec_uid": ids.sec_uid("liked", int(like.owner_id))},
    )  # fmt: skip
    return work(owner, WorldPost(at=like.at, title=like.text))


def _author(account: WorldAccount) -> dict[str, Any]:
    told = {"uid": account.ids["uid"], "sec_uid": account.ids["sec_uid"], "nickname": account.name, "custom_verify": ""}
    told |= {"enterprise_verify_reason": reason(account), "verification_type": 0, "is_not_show": False, "follower_count": 12000}
    told |= {"aweme_count": len(account.posts), "aweme_control": OPEN, "favoriting_count": 0, "secret": 0, "status": 1}
    return told | {"with_fusion_shop_entry": False}


def comments(account: WorldAccount, post: WorldPost) -> list[dict[str, Any]]:
    """At most 20 comments by invented people, the account's answers inline."""
    return [_comment(account, post, n) for n in range(min(post.comments, 20))]


def _comment(account: WorldAccount, post: WorldPost, n: int) -> dict[str, Any]:
    cid, at = ids.seconds_id(post.at, account.seed(post) + n, early=-60 * (n + 1)), int(post.at.timestamp()) + 60 * (n + 1)
    writer = {"uid": f"90000000{n:04}", "sec_uid": ids.sec_uid("writer", n), "nickname": f"示例用户{n + 1}"}
    told: dict[str, Any] = {"cid": cid, "text": "什么时候办", "create_time": at, "digg_count": n, "ip_label": "示例", "status": 1}
    told |= {
        "stick_position": 0,
        "label_type": -1,
        "label_text": "",
        "label_list": None,
        "is_author_digged": False,
        "reply_id": "0",
    }
    told |= {"reply_to_reply_id": "0", "reply_comment": None, "reply_comment_total": int(n < post.answered), "user": writer}
    if n < post.answered:
        me = {"uid": account.ids["uid"], "sec_uid": account.ids["sec_uid"], "nickname": account.name}
        answer = {"cid": f"{int(cid) + 1}", "text": "工作日均可", "create_time": at + 600, "label_type": 1, "label_text": "作者"}
        told["reply_comment"] = [answer | {"reply_id": cid, "reply_to_reply_id": "0", "user": me}]
    return told
