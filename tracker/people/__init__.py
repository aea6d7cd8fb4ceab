"""Who works with the program: roles, what each may do, whose accounts each sees."""

from tracker.people.person import EVERYTHING, Person, Scope, local
from tracker.people.roles import RIGHTS, TITLES, Right, Role
from tracker.people.words import WORDS

__all__ = ["EVERYTHING", "RIGHTS", "TITLES", "WORDS", "Person", "Right", "Role", "Scope", "local"]
