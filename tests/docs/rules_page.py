"""docs/rules.md: every rule's manual page, what each shipped profile makes of it, and the phrases that a sheet may use."""

from collections.abc import Iterator

from tests.docs.table import NOTICE, table
from tracker.explain import EFFECT
from tracker.model import Conclusion
from tracker.rulebook import RULES, RuleClass
from tracker.rulebook.manual import PARAMETERS, WHO, entries, in_words, ready, thresholds
from tracker.rulebook.profile import Profile, load, names
from tracker.rulebook.rule import SLOTS
from tracker.rulebook.simple import FACTS, Fact
from tracker.rulebook.taxonomy import kinds

_SLOTS = dict.fromkeys(SLOTS, "…") | {"phrase": ""}


def page() -> str:
    """The whole page, ending in a line end."""
    shipped = [load(name, RULES) for name in names()]
    parts = ["# 规则和口径", NOTICE, *_intro(shipped)]
    for rule in RULES:
        parts += _rule(rule, shipped)
    parts += ["## 口径", *(line for profile in shipped for line in _profile(profile))]
    parts += ["## 自己写规则和用语", *_own()]
    parts += ["## 检查表认得的问题用语", *_phrases(shipped)]
    return "\n\n".join(parts) + "\n"


def _intro(shipped: list[Profile]) -> Iterator[str]:
    yield "怎样从规则走到检查结果,见手册[判定与口径](handbook/06-judge.md)。"
    head = ("代码", "问题", "谁来定", *(profile.title for profile in shipped))
    yield table(head, ((_codes(rule), rule.title, WHO[rule.by], *(_effect(rule, one) for one in shipped)) for rule in RULES))
    yield "“否决”就是不合格;“列明”只写进账号的判定依据,不影响结果;“不用”表示该口径没有启用这条规则。"


def _rule(rule: RuleClass, shipped: list[Profile]) -> Iterator[str]:
    yield f"## {_codes(rule)} {rule.title}"
    for one in entries(rule):
        yield f"**{one.label}**:{one.text}"
    yield f"**谁来定**:{WHO[rule.by]}。"
    own = [(one, found) for one in shipped if (found := ready(one, rule.code))]
    told = thresholds(rule)
    if not own and told:
        yield "各口径都没有启用;启用时的默认参数:"
        yield table(("参数", "意思", "默认"), ((f"`{name}`", PARAMETERS[name], in_words(value)) for name, value in told.items()))
    elif told:
        rows = ((f"`{name}`", PARAMETERS[name], *(in_words(getattr(found, name)) for _, found in own)) for name in told)
        yield table(("参数", "意思", *(profile.title for profile, _ in own)), rows)


def _effect(rule: RuleClass, profile: Profile) -> str:
    return EFFECT[profile.effect(rule.code)] if ready(profile, rule.code) else "不用"


def _codes(rule: RuleClass) -> str:
    return "、".join(rule.codes)


def _profile(profile: Profile) -> Iterator[str]:
    yield f"### {profile.title}(`{profile.name}`)"
    yield f"出处:{profile.source}。"
    yield f"检查结果的用词:{'、'.join(_words(profile))}。"
    yield f"必须查清的规则:{'、'.join(profile.must_know)},没有查清就是“{profile.words[Conclusion.UNCHECKED]}”。"
    if profile.lifecycle:
        yield f"台账状态是{'、'.join(profile.lifecycle)}的,检查结果照写状态和日期,不另作判定。"
    codes = [code for rule in RULES if ready(profile, rule.code) for code in rule.codes]
    yield table(("代码", "印在名单上的话"), ((code, _sentence(profile, code)) for code in codes))


def _words(profile: Profile) -> Iterator[str]:
    for conclusion in profile.words:
        yield profile.word(conclusion, "(直接写问题)" if conclusion is Conclusion.FAILED else "")
    if profile.noted:
        yield f"{profile.noted}(只有列明、提醒的问题)"


def _sentence(profile: Profile, code: str) -> str:
    """What is printed; where it differs when the fault stood in the period before, both."""
    said = (profile.sentence(code, "", {**_SLOTS, "repeated": again}) for again in (False, True))
    return ";上期也有同类问题的:".join(dict.fromkeys(said))


def _own() -> Iterator[str]:
    yield "口径文件里可以用 `[[own]]` 写本地自己的规则,代码 LOC-01 到 LOC-99;`when` 里的条件都符合才成立。能用的名称:"
    yield table(("名称", "意思", "怎么写"), ((f"`{name}`", fact.meaning, _how(fact)) for name, fact in FACTS.items()))
    yield "用语里可以写 `{{ 名称 }}`,印的时候换成数字或文字;`[[own]]` 的 `message` 还能用自己条件里的名称:"
    rows = (
        (f"`{name}`", slot.meaning, "、".join(start for start in slot.codes if start) or "都可以") for name, slot in SLOTS.items()
    )
    yield table(("名称", "意思", "哪些代码可用"), rows)


def _how(fact: Fact) -> str:
    told = f'`"> 30"`,单位:{fact.unit}' if fact.unit else '`"== true"` 或 `"== false"`'
    return f"{told};由人复核" if fact.review else told


def _phrases(shipped: list[Profile]) -> Iterator[str]:
    yield "检查表“发现问题”一栏里写的话,按意思归到下面的代码;同一个意思的常见写法都认得。"
    yield "名单上照各口径的用词印,口径没有规定的照原话印。"
    head = ("代码", "意思", "依据", *(profile.title for profile in shipped))
    told = [kind for kind in kinds() if kind.code not in ("OK", "NEW")]
    rows = sorted((kind.code, kind.title, kind.basis, *(EFFECT[one.effect(kind.code)] for one in shipped)) for kind in told)
    yield table(head, rows)
    yield "“无”“合格”“正常”表示看过了、没有问题。空着表示没有看,程序不会当作没有问题。"
