"""The API /api/v1: for programs, with tokens; the same rights, scopes and records as the pages. One router a file."""

from fastapi import APIRouter

from tracker.console.api import accounts, audit, described, due, objections, own, reports, rules, sweeps, verdicts, work

ROUTERS: tuple[APIRouter, ...] = (
    accounts.router,
    verdicts.router,
    sweeps.router,
    reports.router,
    rules.router,
    due.router,
    objections.router,
    own.router,
    work.router,
    audit.router,
)

OPEN_ROUTERS: tuple[APIRouter, ...] = (described.router,)
"""What strangers may ask for: how the API is used."""
