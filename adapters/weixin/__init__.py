"""微信公众号: article pages, owner interfaces, feeds (formats/weixin.md). Exports the adapter class."""

from adapters.weixin.adapter import Weixin

__all__ = ["Weixin"]
