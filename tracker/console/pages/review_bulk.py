"""复核 in bulk: all findings of one cause, chosen by hand, decided together or not at all."""

from fastapi import APIRouter

router = APIRouter()
