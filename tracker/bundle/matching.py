"""Which account of ours a carried one is. An id of ours may be somebody else's in another office's bundle."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tracker import text
from tracker.model import Account


class Matcher:
    """Finds ours for theirs; `former` = our accounts' earlier names by id."""

    def __init__(self, accounts: Sequence[Account], former: Mapping[str, Sequence[str]]) -> None:
        self._by_id = {one.account_id: one for one in accounts}
        keys = Counter(map(_key, accounts))
        # of two accounts under one name neither is known by it
        self._by_key = {_key(one): one for one in accounts if keys[_key(one)] == 1}
        self._former = {own: {text.key(name) for name in names} for own, names in former.items()}

    def pairs(self, theirs: Mapping[str, Account]) -> Mapping[str, Account | str]:
        """Ours, or why there is none, by their ids. Where two of theirs would be one of ours neither is: posts never mix."""
        found = {own: self.find(one) for own, one in theirs.items()}
        times = Counter(one.account_id for one in found.values() if isinstance(one, Account))
        twice = "对方台账里有两个账号都对应本台账的这一个,可能一个是旧账号"
        return {own: twice if isinstance(one, Account) and times[one.account_id] > 1 else one for own, one in found.items()}

    def find(self, theirs: Account) -> Account | str:
        """Our account, or why there is none: by our id where the name agrees, else by platform and name.

        One whose platform id is known to be another's is none.
        """
        named, held = self._by_key.get(_key(theirs)), self._by_id.get(theirs.account_id)
        if held is not None and held is not named and self._same(held, theirs):
            return "名称对应的账号和编号对应的账号不是同一个" if named is not None else held
        if named is None:
            return "台账里没有这个平台、这个名称的账号" if held is None else "台账里这个编号是另一个账号"
        if any(named.ids.get(kind, value) != value for kind, value in theirs.ids.items()):
            return "名称相同,平台编号不同,可能是两个账号"
        return named

    def _same(self, ours: Account, theirs: Account) -> bool:
        """Whether an account of the same id under another name here is the same one, renamed."""
        if ours.platform != theirs.platform or any(ours.ids.get(kind, value) != value for kind, value in theirs.ids.items()):
            return False
        shared = any(ours.ids.get(kind) == value for kind, value in theirs.ids.items())
        return shared or text.key(theirs.name) in self._former.get(ours.account_id, ())


def _key(account: Account) -> str:
    return f"{account.platform}:{text.key(account.name)}"
