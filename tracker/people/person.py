"""A person as pages and API see one: name, role, scope."""

from dataclasses import dataclass, replace

from tracker import text
from tracker.model import Account
from tracker.people.roles import RIGHTS, Right, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which accounts: of one region, of some organisations (their names as `text.key`); both None = all."""

    region: str | None = None
    organisations: frozenset[str] | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.region is None and self.organisations is None

    def holds(self, account: Account) -> bool:
        """Whether the account is one of these."""
        if self.region is not None and account.region != self.region:
            return False
        return self.organisations is None or text.key(account.organisation) in self.organisations


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is signed in. `name` is what is recorded of what they do; `rights` may be fewer than the role's (a token)."""

    login: str
    name: str
    role: Role
    region: str = ""
    """Of a 县区 user."""
    organisations: frozenset[str] = frozenset()
    """Of a 单位 user, as filed."""
    rights: frozenset[Right]
    alone: bool = False
    """Whether this is the one local user of a page without users: asked for a name with what is recorded."""

    @property
    def scope(self) -> Scope:
        """Whose accounts this person sees. A role without its region or organisations sees none."""
        if self.role is Role.COUNTY:
            return Scope(region=self.region or "\0")
        if self.role is Role.UNIT:
            return Scope(organisations=frozenset(map(text.key, self.organisations)))
        return EVERYTHING

    def may(self, right: Right) -> bool:
        """Whether this person has the right."""
        return right in self.rights

    def sees(self, account: Account) -> bool:
        """Whether the account is within this person's scope."""
        return self.scope.holds(account)

    def only(self, rights: frozenset[Right]) -> "Person":
        """The same person with no more than these rights."""
        return replace(self, rights=self.rights & rights)


def local(name: str) -> Person:
    """The one user of a local page: everything is theirs."""
    return Person(login="", name=name, role=Role.ADMIN, rights=RIGHTS[Role.ADMIN] | {Right.SAMPLE}, alone=True)
