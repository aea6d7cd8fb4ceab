"""Sealing (封存) a judged sweep, holding it against its seals, and handing it out (DESIGN §7)."""

from tracker.sealing.export import Exported, export_folder, export_wacz
from tracker.sealing.key import find_public
from tracker.sealing.statement import Sealed, findings, seal

__all__ = ["Exported", "Sealed", "export_folder", "export_wacz", "find_public", "findings", "seal"]
