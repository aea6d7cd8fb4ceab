"""The pages; each file one router, registered here and nowhere else."""

from fastapi import APIRouter

from tracker.console.pages import (
    accounts,
    audit,
    cards,
    consult,
    draw,
    edit,
    health,
    joining,
    links,
    listing,
    login,
    looks,
    me,
    oidc,
    overview,
    own,
    pictures,
    rectify,
    reminders,
    reports,
    review,
    review_bulk,
    setup,
    start,
    sweeping,
    users,
    verdicts,
)

ROUTERS: tuple[APIRouter, ...] = (
    start.router,
    sweeping.router,
    setup.router,
    accounts.router,
    edit.router,
    cards.router,
    verdicts.router,
    draw.router,
    links.router,
    listing.router,
    login.router,
    me.router,
    users.router,
    audit.router,
    looks.router,
    overview.router,
    pictures.router,
    reminders.router,
    reports.router,
    consult.router,
    rectify.router,
    own.router,
    review.router,
    review_bulk.router,
)

OPEN_ROUTERS: tuple[APIRouter, ...] = (login.open_router, joining.open_router, oidc.open_router, health.router)
"""What strangers may ask for (`tracker.console.app.OPEN`); no right is asked."""
