"""Commerce in an article: cards in its text, products in its data, sales talk at its bottom (formats/weixin.md §3.2, §5).

Hits wait for a person (CNT-03). WeChat's own advertisements load in the client only: nothing is said of them, and the
empty containers that stand on every page are no finding (guard 16).
"""

from collections.abc import Iterator, Mapping

from adapters.weixin import dom
from adapters.weixin.script import Js, plain
from tracker.model import Found, Hit
from tracker.text import clip, squeeze

CARDS: Mapping[str, str] = {
    "mp-common-product": "商品卡片",
    "mp-common-cps": "推广商品",
    "mpcps": "推广商品",
    "mp-common-redpacket": "红包封面",
}
"""Elements that sell; `mp-miniprogram`, `mp-common-profile`, `mp-common-videosnap` are neutral."""
PRODUCT_DATA = (
    "window_product_list",
    "footer_common_shops",
    "footer_product_card",
    "footer_gift_activity",
    "product_activity",
    "advertisement_info",
)
PICTURE_DATA = ("bind_ad_info", "cps_ad_info", "spot_product_info")
# fmt: off
PHRASES = (
    "扫码购买", "扫码下单", "扫码抢购", "点击购买", "立即购买", "立即抢购", "立即下单", "点击下单", "识别二维码购买", "优惠券",
    "优惠码", "限时抢购", "限时特价", "秒杀价", "商务合作", "商业合作", "广告合作", "广告投放", "广告招商", "招商热线",
    "加微信购买", "购买请加微信", "团购热线", "订购热线",
)
# fmt: on
"""Sales talk, as written. A word is listed only if an office's own text has no honest use for it at its page bottom."""
LABELS = ("广告", "推广", "AD")
"""Words that mark an advertisement where they stand alone."""
BOTTOM = 300
"""Characters of text that count as the page bottom, with everything among and below them."""
_MEDIA = (
    "img",
    "svg",
    "video",
    "audio",
    "iframe",
    "canvas",
    "mpvoice",
    "mpvideo",
    "qqmusic",
    "mp-common-videosnap",
    "mp-common-mpaudio",
)
_READABLE_KINDS = ("", "0", "10")
"""`item_show_type` of pages whose content is text: 图文 and 文字. Pictures, films and sound were not looked into."""


def search(content: dom.Tree | None, data: Mapping[str, Js], kind: str, url: str) -> Found:
    """Commercial evidence of one article page. `whole` = the bottom was all text and was read to the end."""
    parts = list(dom.pieces(content)) if content is not None else []
    bottom = _bottom(parts)
    shown = squeeze("".join(part for part in bottom if isinstance(part, str)))
    text = (shown or squeeze(_data_text(data)))[-BOTTOM:]
    labels = [part for part in bottom if isinstance(part, str) and part.strip() in LABELS]
    hits = (*_cards(parts, url), *_products(data, url), *_phrases(text, url), *(_hit("广告标识", part, url) for part in labels))
    readable = kind in _READABLE_KINDS and bool(text) and not any(_shows_media(part) for part in bottom)
    return Found(hits=hits, whole=readable)


def _bottom(parts: list[dom.Tree | str]) -> list[dom.Tree | str]:
    length = 0
    for n in range(len(parts) - 1, -1, -1):
        part = parts[n]
        length += len(part.strip()) if isinstance(part, str) else 0
        if length >= BOTTOM:
            return parts[n:]
    return parts


def _data_text(data: Mapping[str, Js]) -> str:
    told = data.get("content_noencode") or data.get("desc")
    return plain(told) if isinstance(told, str) else ""


def _cards(parts: list[dom.Tree | str], url: str) -> Iterator[Hit]:
    for part in parts:
        if isinstance(part, str):
            continue
        word = CARDS.get(str(part.tag)) or CARDS.get(part.get("tagname") or "")
        if word or "mpcps" in (part.get("class") or "").split():
            title = part.get("data-title") or part.get("data-product-name") or part.get("title") or dom.text_of(part)
            yield _hit(word or "推广商品", title or str(part.tag), url)


def _products(data: Mapping[str, Js], url: str) -> Iterator[Hit]:
    for name in PRODUCT_DATA:
        if filled(data.get(name)):
            yield _hit("商品数据", f"{name}:{_first_text(data.get(name))}", url)
    pictures = data.get("picture_page_info_list")
    for picture in pictures if isinstance(pictures, list) else []:
        if isinstance(picture, dict):
            yield from _picture(picture, url)


def _picture(picture: Mapping[str, Js], url: str) -> Iterator[Hit]:
    for name in PICTURE_DATA:
        if filled(picture.get(name)):
            yield _hit("图片商品", f"{name}:{_first_text(picture.get(name))}", url)
    product = picture.get("pic_window_product")
    if isinstance(product, dict) and filled(product.get("product_id")):
        yield _hit("图片商品", f"pic_window_product:{_first_text(product.get('title')) or product['product_id']}", url)


def filled(value: Js) -> bool:
    """Whether a script value says anything: an object of empty strings and zeros does not (guard 16)."""
    if isinstance(value, dict):
        return any(filled(inner) for inner in value.values())
    if isinstance(value, list):
        return any(filled(inner) for inner in value)
    return value not in (None, "", "0")


def _first_text(value: Js) -> str:
    """The first text inside that is neither a number nor empty: usually the product's title."""
    if isinstance(value, dict):
        return _first_text(list(value.values()))
    if isinstance(value, list):
        return next((text for text in map(_first_text, value) if text), "")
    return plain(value) if value and not value.isdigit() else ""


def _phrases(text: str, url: str) -> Iterator[Hit]:
    for phrase in PHRASES:
        at = text.find(phrase)
        if at >= 0:
            yield _hit("推广用语", text[max(0, at - 15) : at + len(phrase) + 15], url)


def _shows_media(part: dom.Tree | str) -> bool:
    return not isinstance(part, str) and (part.tag in _MEDIA or "background-image" in (part.get("style") or ""))


def _hit(kind: str, quote: str, url: str) -> Hit:
    return Hit(kind=kind, quote=clip(squeeze(quote), 60), url=url)
