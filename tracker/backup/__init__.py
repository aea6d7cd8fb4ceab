"""Backup and return (备份和恢复): the whole workspace as one file, or into a folder that takes only what is new."""

from tracker.backup.make import Made, in_words, make
from tracker.backup.restore import Restored, restore

__all__ = ["Made", "Restored", "in_words", "make", "restore"]
