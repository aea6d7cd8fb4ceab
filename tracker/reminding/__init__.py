"""Reminders to the organisations (提醒): one digest each, never in quiet hours, never twice."""

from tracker.reminding.deliver import Delivery, Fate, Send, check, deliver, sender
from tracker.reminding.digests import Digest, digests, quiet_until, wanted

__all__ = ["Delivery", "Digest", "Fate", "Send", "check", "deliver", "digests", "quiet_until", "sender", "wanted"]
