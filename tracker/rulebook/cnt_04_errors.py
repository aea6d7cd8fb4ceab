"""CNT-04: wrong words in what the account published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from tracker.clock import day
from tracker.facts import Broken, Evidence, Facts, Kept, Unclear, present
from tracker.model import Found, Hit, Post
from tracker.rulebook.context import ERRORS, Confidence, Search, Weighed, mistakes
from tracker.rulebook.lexicon import Lexicon, shipped
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """错敏信息

    查什么:检查期内本单位自己发布的标题和正文里,有没有词表收录的错误表述、错误称谓、机构旧称和错别字。
    怎么判:一处计一条,合计为“错敏信息N条”,列为待复核;是不是错、轻重如何,由人对照原文确认。
    不算:转发的内容;引用、讲解、更正错字的句子;写明“原”某局或说的是更名以前的事;更名以前发布的内容;词表以外的错误(另由人填报)。
    依据:国办秘函〔2019〕19号(严重表述错误);地方检查口径(城固县政务新媒体检查结果清单)。
    """

    code: ClassVar[str] = "CNT-04"
    codes: ClassVar[tuple[str, ...]] = ("CNT-04",)
    title: ClassVar[str] = "错敏信息"
    basis: ClassVar[str] = "国办秘函〔2019〕19号:严重表述错误;地方检查口径:错敏信息"
    by: ClassVar[By] = By.CANDIDATE

    lexicon: Lexicon = field(default_factory=shipped, repr=False, metadata={"setting": False})
    """The word lists; an office's own come with its workspace, not with the profile."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one wrong word; kept when every own post of the window was read in full and none holds one."""
        posts = [post for post in facts.posts if facts.window.since <= day(post.at) <= facts.window.until and not post.repost]
        searches = [(post, self._search(post)) for post in posts] if self._any(posts) else []
        excused = sum(len(search.excused) for _, search in searches)
        note = f";另有{excused}处按语境不计" if excused else ""
        hits = tuple(hit for post, search in searches for hit in _hits(post, search))
        match present(_evidence(facts, posts, hits)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic="、".join(hit.quote for hit in hits) + f",共{len(hits)}条{note}",
                    counterfactual="更正上述文字,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits)},
                )
            case Kept():
                return Passed(because=f"已比对检查期内{len(posts)}条发布的全文,没有词表里的错敏字眼{note}")
            case Unclear() as unclear:
                return unclear

    def _any(self, posts: Sequence[Post]) -> bool:
        """Whether any listed word stands in any post: one pass over them all, as nearly all hold none."""
        return self.lexicon.holds("\n".join(map(_words, posts)), ERRORS)

    def _search(self, post: Post) -> Search:
        return mistakes(_words(post), self.lexicon, on=day(post.at))


def _words(post: Post) -> str:
    # many platforms have no titles: the first line then comes as both
    return post.text if post.text.startswith(post.title) else f"{post.title}\n{post.text}"


def _hits(post: Post, search: Search) -> Iterator[Hit]:
    for one in search.hits:
        yield Hit(kind=one.mention.term.kind, quote=_quote(one), url=post.url, at=post.at)


def _quote(one: Weighed) -> str:
    term = one.mention.term
    should = f"应为“{term.suggestion}”" if term.suggestion else "不规范"
    doubt = "(把握不大)" if one.confidence is Confidence.LOW else ""
    return f"“{one.mention.quote}”{should}{doubt}:“…{one.mention.context}…”"


def _evidence(facts: Facts, posts: list[Post], hits: tuple[Hit, ...]) -> Evidence:
    """Whole only if every post of the window is known and came with its full text: a title or an excerpt clears nobody."""
    known = sum(1 for post in facts.posts if facts.window.since <= day(post.at) <= facts.window.until)
    unread = sum(1 for post in posts if not post.text or post.text.endswith("…"))
    reasons = []
    if facts.published.bounds.most != known:
        reasons.append("检查期内的发布没有看全")
    if unread:
        reasons.append(f"检查期内有{unread}条发布没有取得全文")
    return Evidence(found=Found(hits=hits, whole=not reasons), reasons=tuple(reasons))
