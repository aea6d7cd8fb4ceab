"""One module or package per platform; registered here and nowhere else."""

from adapters.douyin import Douyin
from adapters.toutiao import Toutiao
from adapters.weibo import Weibo
from adapters.weixin import Weixin
from tracker.adapter import Adapter

ADAPTERS: tuple[Adapter, ...] = (Weibo(), Weixin(), Toutiao(), Douyin())
"""In the order in which a sweep starts them. A contract test compares this tuple with the files beside it."""

BY_PLATFORM: dict[str, Adapter] = {adapter.platform: adapter for adapter in ADAPTERS}
