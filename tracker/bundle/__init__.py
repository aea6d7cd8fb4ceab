"""数据包: what was seen and decided, carried from one workspace to another (capture PC → console, 县 → 市 → 省)."""

from tracker.bundle.sending import Sent, Wanted, send
from tracker.bundle.taking import Taken, Terms, Unknown, take, unmatched
from tracker.bundle.trust import own_print, print_of, told_print

__all__ = ["Sent", "Taken", "Terms", "Unknown", "Wanted", "own_print", "print_of", "send", "take", "told_print", "unmatched"]
