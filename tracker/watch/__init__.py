"""What whoever runs the machine can watch: figures for Prometheus, and what happens as lines of the log. Nobody is named."""

from tracker.watch.figures import Watch
from tracker.watch.http import Watched
from tracker.watch.state import problems
from tracker.watch.visits import Logged

__all__ = ["Logged", "Watch", "Watched", "problems"]
