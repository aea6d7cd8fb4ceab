"""Who works with the program: roles, what each may do, whose accounts each sees."""

from tracker.people.person import EVERYTHING, Person, Scope, local
from tracker.people.roles import RIGHTS, TITLES, Right, Role

__all__ = ["EVERYTHING", "RIGHTS", "TITLES", "Person", "Right", "Role", "Scope", "local"]
