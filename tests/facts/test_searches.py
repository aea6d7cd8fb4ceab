"""What visits show of each aspect: every hit once with its file, whole only where the whole was seen, else why not."""

from datetime import date

import pytest

from tests.made import account, entry, posts, stranger, visit
from tracker.facts import Broken, Columns, Context, Entry, Facts, Kept, Quantity, Unclear, all_of, among, build, told, under
from tracker.facts.alike import repeats
from tracker.model import (
    Aspect,
    Bio,
    Bounds,
    CommentPolicy,
    CommentState,
    Found,
    Hit,
    Identity,
    Like,
    Likes,
    Menu,
    Outcome,
    Post,
    Replies,
    Reported,
    Route,
    Seen,
    StoredVisit,
    Unseen,
    Verification,
)

CHECK = date(2026, 11, 6)


def facts(*visits: StoredVisit, **context: object) -> Facts:
    return build(account(), visits, Context(on=CHECK, default_date=CHECK, **context))  # type: ignore[arg-type]  # as given


def saw(aspect: Aspect, value: object, outcome: Outcome = Outcome.OK, **more: object) -> StoredVisit:
    return visit({aspect: Seen(value=value, outcome=outcome)}, **more)  # type: ignore[arg-type]  # made values


HIT = Hit(kind="商品卡片", quote="示例牌")


def test_a_hit_is_told_once_with_the_first_file_that_shows_it() -> None:
    first = saw(Aspect.FOOTERS, Found(hits=(HIT,)))
    second = saw(Aspect.FOOTERS, Found(hits=(HIT,)), sweep="2026-11-05")
    found = facts(first, second).footers
    assert [(hit.quote, hit.file) for hit in found.found.hits] == [("示例牌", first.file)]
    assert (found.found.whole, found.reasons) == (False, ("只看到一部分",))


def test_a_pasted_link_is_never_the_whole() -> None:
    link = saw(Aspect.FOOTERS, Found(whole=True), route=Route.LINK)
    assert not facts(link).footers.found.whole
    assert facts(saw(Aspect.FOOTERS, Found(whole=True))).footers.found.whole


def test_what_no_adapter_can_see_is_for_people() -> None:
    assert facts(visit(), sees=()).footers.reasons == ("程序看不到这一项,要由人查看",)
    assert facts(visit(), sees=(Aspect.FOOTERS,)).footers.reasons == ("本次没有查看",)


def test_the_reason_of_a_wall_is_told() -> None:
    wall = visit({Aspect.LIKES: Unseen(outcome=Outcome.LOGIN_WALL)})
    assert facts(wall).likes.reasons == ("需要登录态",)
    blind = visit(outcome=Outcome.CHALLENGE)
    assert facts(blind).bio.reasons == ("平台要求验证,通道已停,待人工",)


def test_what_each_aspect_makes_of_its_value() -> None:
    hits = {
        "channels": (Aspect.COMMENT_POLICY, CommentPolicy(state=CommentState.SCREENED, why="精选评论"), ("评论", "精选评论")),
        "closed": (
            Aspect.COMMENT_POLICY,
            CommentPolicy(state=CommentState.SUSPECTED_CLOSED, why="最近10条不允许"),
            ("评论", "最近10条不允许"),
        ),
        "auto_reply": (Aspect.MENU, Menu(is_open=True, auto_reply=True), ("自动回复", "已开启自动回复")),
        "unverified": (Aspect.VERIFICATION, Verification(verified=False), ("认证", "平台显示未认证")),
        "certified": (Aspect.VERIFICATION, Verification(verified=True, subject="示例市某局"), ("认证主体", "示例市某局")),
        "bio": (Aspect.BIO, Bio(text="官方账号"), ("简介", "官方账号")),
        "closed_down": (
            Aspect.EXISTENCE,
            Identity(ids={}, name="示例", closed="此帐号已自主注销"),
            ("平台提示", "此帐号已自主注销"),
        ),
        "likes": (
            Aspect.LIKES,
            Likes(items=(Like(post_id="1", owner="路人", owner_kind="个人", text="早"),)),
            ("个人", "路人:早"),
        ),
    }
    for name, (aspect, value, expected) in hits.items():
        found = getattr(facts(saw(aspect, value)), name).found
        assert [(hit.kind, hit.quote) for hit in found.hits] == [expected], name


@pytest.mark.parametrize(
    ("name", "aspect", "value", "whole"),
    [
        ("auto_reply", Aspect.MENU, Menu(is_open=True, auto_reply=False), True),
        ("auto_reply", Aspect.MENU, Menu(is_open=True), False),
        ("unverified", Aspect.VERIFICATION, Verification(verified=True), True),
        ("certified", Aspect.VERIFICATION, Verification(verified=True), False),
        ("bio", Aspect.BIO, Bio(text="  "), True),
        ("closed_down", Aspect.EXISTENCE, Identity(ids={}, name="示例"), True),
        ("closed", Aspect.COMMENT_POLICY, CommentPolicy(state=CommentState.OPEN), False),
        ("channels", Aspect.COMMENT_POLICY, CommentPolicy(state=CommentState.CLOSED), False),
        ("likes", Aspect.LIKES, Likes(items=(), whole=True), True),
    ],
)
def test_a_search_without_hits_is_whole_only_where_the_value_says_so(
    name: str, aspect: Aspect, value: object, whole: bool
) -> None:
    found = getattr(facts(saw(aspect, value)), name).found
    assert (found.hits, found.whole) == ((), whole)


@pytest.mark.parametrize(
    ("seen", "of", "answered", "outcome", "bounds"),
    [
        (5, 5, 3, Outcome.OK, (2, 2)),
        (5, 9, 3, Outcome.PARTIAL, (2, None)),
        (5, 5, 3, Outcome.PARTIAL, (2, None)),
        (0, 0, 0, Outcome.OK, (0, 0)),
    ],
)
def test_unanswered_comments_are_bounded_by_what_was_read(
    seen: int, of: int, answered: int, outcome: Outcome, bounds: tuple[int, int | None]
) -> None:
    made = facts(saw(Aspect.REPLIES, Replies(seen=seen, of=of, answered=answered), outcome)).unanswered
    assert made.bounds == Bounds(least=bounds[0], most=bounds[1])
    assert bool(made.reasons) is (bounds[1] is None)


def test_liked_owners_that_the_registry_holds_are_kin() -> None:
    liked = Likes(items=(Like(post_id="1", owner="示例 市发布"), Like(post_id="2", owner="路人")))
    assert facts(saw(Aspect.LIKES, liked), kin={"示例市发布", "别的"}).kin == {"示例市发布"}


def test_lookalikes_are_unfiled_accounts_of_nearly_this_name() -> None:
    near, far = stranger({"name": "示例发布厅", "url": "https://example.invalid/x"}), stranger({"name": "早餐铺子"})
    found = facts(visit(), strangers=(near, far)).lookalikes.found
    assert [(hit.kind, hit.quote, hit.url, hit.file) for hit in found.hits] == [
        ("未备案账号", "示例发布厅", "https://example.invalid/x", near.file)
    ]
    same = build(account(ids={"uid": "9"}), [visit()], Context(default_date=CHECK, strangers=(near,)))
    assert not same.lookalikes.found.hits
    other = build(account(platform="other"), [visit()], Context(default_date=CHECK, strangers=(near,)))
    assert other.lookalikes.reasons == ("没有搜索过名称相近的账号",)


def test_what_people_reported_is_a_search() -> None:
    said = facts(visit(reported=[Reported(code="COL-07", broken=True, phrase="打不开办事")]))
    assert [hit.quote for hit in told(said, ("COL-07",)).found.hits] == ["打不开办事"]
    clean = facts(visit(reported=[Reported(code="COL-07", broken=False)]))
    assert told(clean, ("COL-07",)).found == Found(whole=True)
    assert told(clean, ("APP-01",)).reasons == ("要由人查看,本次没有人填报",)


def test_an_entry_that_was_opened_by_any_visit_counts_as_opened() -> None:
    shut, opened = entry({"path": "服务", "url": "u"}), entry({"path": "服务", "url": "u", "outcome": "ok"})
    earlier = saw(Aspect.MENU, Menu(is_open=True, entries=(opened,)), at=date(2026, 11, 5), sweep="2026-11-05")
    later = saw(Aspect.MENU, Menu(is_open=True, entries=(shut,)))
    columns = facts(later, earlier).columns
    assert [(one.entry.target is not None, one.file) for one in columns.entries] == [(True, earlier.file)]
    assert columns.whole
    assert not facts(saw(Aspect.MENU, Menu(is_open=True, listed=False))).columns.whole
    assert not facts(saw(Aspect.MENU, Menu(is_open=True), Outcome.PARTIAL)).columns.whole
    assert facts(saw(Aspect.MENU, Menu(is_open=True, listed=False))).columns.reasons == ("没有看到全部栏目",)


def test_a_search_among_columns_names_what_it_could_not_tell() -> None:
    entries = tuple(Entry(entry=entry({"path": f"栏目{n}"}), file="f") for n in range(7))
    found = among(Columns(entries=entries, whole=True), lambda one: None, lambda one: "")
    assert found.reasons == tuple(f"“栏目{n}”没有能核对" for n in range(5))
    hit = among(Columns(entries=entries[:1], whole=True), lambda one: True, lambda one: "无内容")
    assert [(one.kind, one.quote, one.file) for one in hit.found.hits] == [("栏目", "“栏目0”无内容", "f")]
    assert hit.found.whole
    assert among(Columns(reasons=("没看",)), lambda one: False, lambda one: "").reasons == ("没看",)


def test_under_is_over_the_other_way_round() -> None:
    def bounds(least: int, most: int | None) -> Quantity:
        return Quantity(bounds=Bounds(least=least, most=most))

    assert under(bounds(3, None), 3) == Kept()
    assert under(bounds(0, 2), 3) == Broken(least=2)
    assert under(bounds(2, 3), 3) == Unclear(reasons=("没有足够的记录",))
    assert under(bounds(2, None), 3) == Unclear(reasons=("没有足够的记录",))
    assert under(Quantity(reasons=("没看全",)), 1) == Unclear(reasons=("没看全",))


def test_all_of_breaks_only_together() -> None:
    broken, other = Broken(least=2, hits=(HIT,)), Broken(least=5)
    assert all_of((broken, other)) == Broken(least=5, hits=(HIT,))
    assert all_of((broken, Kept())) == Kept()
    assert all_of((Unclear(reasons=("甲",)), Kept())) == Kept()
    assert all_of((Unclear(reasons=("甲",)), broken, Unclear(reasons=("甲", "乙")))) == Unclear(reasons=("甲", "乙"))
    assert all_of(()) == Unclear(reasons=())


def repeated(first: str, second: str, **more: bool) -> bool:
    told = [{"on": date(2026, 1, 1), "title": first}, {"on": date(2026, 3, 1), "title": second, **more}]
    return bool(repeats(posts(told, as_of=CHECK).items))


def test_what_counts_as_the_same_words() -> None:
    words = "示例市召开全市政务公开工作推进会"
    assert repeated(words, words)
    assert repeated(words, f"{words}!")
    assert not repeated(words, words, repost=True)
    assert not repeated(words[:11], words[:11])
    assert repeated(words[:12], words[:12])
    assert not repeated(f"{words}第3期", f"{words}第4期")
    assert not repeated(words, "示例市召开全市安全生产电视电话会议")
    assert not repeated(words, f"{words}强调要把群众的事情办好办实办到位")


def test_a_text_speaks_before_its_title() -> None:
    one = Post(
        id="1",
        at=posts([date(2026, 1, 1)], as_of=CHECK).items[0].at,
        title="通知公告",
        text="关于调整示例路段交通管制时间的通告内容",
    )
    other = Post(id="2", at=posts([date(2026, 3, 1)], as_of=CHECK).items[0].at, title="最新消息", text=one.text)
    (found,) = repeats((other, one))
    assert (found.post.id, found.older.id, found.days) == ("2", "1", 59)


def test_a_third_time_is_held_against_the_first() -> None:
    told = [{"on": on, "title": "市民朋友冬季用火用电安全提示"} for on in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))]
    assert [one.days for one in repeats(posts(told, as_of=CHECK).items)] == [59, 31]
