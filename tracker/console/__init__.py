"""The local page (DESIGN §8 `serve`): server-rendered, one user, everything works without JavaScript."""

from tracker.console.app import create_app

__all__ = ["create_app"]
