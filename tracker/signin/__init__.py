"""How people come in: passwords, sessions, lock-out, one-time links, API tokens.

The office's own sign-on is `tracker.signin.oidc`, imported only where there is one: its libraries take their time.
"""

from tracker.signin.door import Came, Door, Refused
from tracker.signin.passwords import LONGEST, SHORTEST, Hasher, weak
from tracker.signin.people import add, change, first_of, login_of

__all__ = [
    "Came",
    "Door",
    "Hasher",
    "LONGEST",
    "Refused",
    "SHORTEST",
    "add",
    "change",
    "first_of",
    "login_of",
    "weak",
]
