"""The pages; each file one router, registered here and nowhere else."""

from fastapi import APIRouter

from tracker.console.pages import accounts, cards, draw, links, listing, looks, pictures, reminders, review, setup, start

ROUTERS: tuple[APIRouter, ...] = (
    start.router,
    setup.router,
    accounts.router,
    cards.router,
    draw.router,
    links.router,
    listing.router,
    looks.router,
    pictures.router,
    reminders.router,
    review.router,
)
