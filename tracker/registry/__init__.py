"""The registry (台账) and the observation sheet as a clerk writes them: tables in, records out; nothing is opened or stored."""

from tracker.registry.accounts import read_accounts
from tracker.registry.export import export_rows
from tracker.registry.identity import Change, Changes, account_id, accounts_of, compare, to_account
from tracker.registry.looks import Look, is_clean, read_looks
from tracker.registry.platforms import platform_of, seven_of
from tracker.registry.problems import Problem, Reading
from tracker.registry.rows import AccountRow
from tracker.registry.worklist import looks_sheet

__all__ = [
    "AccountRow",
    "Change",
    "Changes",
    "Look",
    "Problem",
    "Reading",
    "account_id",
    "accounts_of",
    "compare",
    "export_rows",
    "is_clean",
    "looks_sheet",
    "platform_of",
    "read_accounts",
    "read_looks",
    "seven_of",
    "to_account",
]
