"""Sealing (封存) a judged sweep, holding it against its seals, and handing it out (DESIGN §7)."""

from tracker.sealing.export import Exported, export_folder, export_wacz
from tracker.sealing.key import find_public, open_private
from tracker.sealing.stamping import Authority, Stamp, authority, stamp, stamps
from tracker.sealing.statement import Sealed, findings, seal

__all__ = [
    "Authority",
    "Exported",
    "Sealed",
    "Stamp",
    "authority",
    "export_folder",
    "export_wacz",
    "find_public",
    "findings",
    "open_private",
    "seal",
    "stamp",
    "stamps",
]
