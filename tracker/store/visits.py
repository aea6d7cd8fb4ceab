"""Stored visits and pasted links."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from peewee import chunked, fn

from tracker.clock import day
from tracker.errors import EvidenceDamaged
from tracker.model import Aspect, Observation, Outcome, Posts, Route, Seen, StoredVisit
from tracker.model.lane_state import LaneState, of_control, of_visit
from tracker.store.codec import dumps, observation_from_json, observation_to_json, scrub
from tracker.store.part import Part, instant, iso, on, stamp, tuples
from tracker.store.records import Link, Trace
from tracker.store.sweep_tables import LinkRow, VisitRow
from tracker.store.tables import digest


class Visits(Part):
    """What was looked at, and what is still to be opened."""

    def add_visit(self, visit: StoredVisit) -> bool:
        """Enter a visit; False when its file is there already (nothing changes then).

        Raises UsageError for an unknown sweep, EvidenceDamaged when the same file was entered with another hash.
        """
        columns = _columns(visit)
        with self.transaction():
            self._must_know(visit.sweep)
            # tried before looked: another process may enter the same file at any time (PostgreSQL)
            new = self._append(self._rows.visit, tuple(columns), [tuple(columns.values())], known=True) == 1
            if not new and self._digest_of(visit.file) != visit.sha256:
                raise EvidenceDamaged(f"证据文件 {visit.file} 与入库时的摘要不同;请停止操作,用 tracker evidence verify 查明。")
        return new

    def _digest_of(self, file: str) -> str:
        row = self._rows.visit
        return str(row.get(file=file).sha256)

    def visits(self, sweep: str, account_id: str | None = None) -> tuple[StoredVisit, ...]:
        """The visits of a sweep, or of one account in it, in order of time, then of file; control visits are none of them."""
        row = self._rows.visit
        query = row.select().where((row.sweep == sweep) & (row.control == False))  # noqa: E712 - peewee's way to say it
        with self._reading():
            rows = list(query if account_id is None else query.where(row.account_id == account_id))
        return tuple(visit_of(found) for found in sorted(rows, key=lambda found: (found.at, found.file)))

    def controls(self, sweep: str) -> tuple[StoredVisit, ...]:
        """The control visits of a sweep, in order of time, then of file."""
        row = self._rows.visit
        with self._reading():
            rows = list(row.select().where((row.sweep == sweep) & row.control))
        return tuple(visit_of(found) for found in sorted(rows, key=lambda found: (found.at, found.file)))

    def visits_of(self, account_id: str) -> tuple[StoredVisit, ...]:
        """The visits of an account over all sweeps, newest first."""
        row = self._rows.visit
        with self._reading():
            rows = list(row.select().where(row.account_id == account_id))
        return tuple(visit_of(found) for found in sorted(rows, key=lambda found: (found.at, found.file), reverse=True))

    def visits_since(self, at: datetime) -> tuple[StoredVisit, ...]:
        """The visits of all sweeps from an instant on, in order of time, then of file; links that matched nobody are left out."""
        row = self._rows.visit
        with self._reading():
            rows = list(row.select().where((row.at >= stamp(at)) & (row.account_id != "")))
        return tuple(visit_of(found) for found in sorted(rows, key=lambda found: (found.at, found.file)))

    def traces(self, sweep: str, account_ids: Collection[str], since: datetime, before: datetime) -> Mapping[str, list[Trace]]:
        """Account id → its visits of a sweep, and those of others from `since` until `before`; in order of time, then file."""
        row, found = self._rows.visit, defaultdict[str, list[Trace]](list)
        for some in chunked(account_ids, _BATCH):
            own = (row.sweep == sweep) | ((row.at >= stamp(since)) & (row.at < stamp(before)))
            with self._reading():
                for told in tuples(self._columns_of_traces().where(row.account_id.in_(some) & own)):
                    found[told[0]].append(Trace(*told))
        for traces in found.values():
            traces.sort(key=lambda trace: (trace.at, trace.file))
        return found

    def last_shown(self, account_ids: Collection[str], before: datetime) -> Mapping[str, Trace]:
        """Account id → of its visits before an instant that showed a post, the one that showed the newest."""
        row = self._rows.visit
        order = [row.latest_post.desc(), row.at.desc(), row.file.desc()]
        found: dict[str, Trace] = {}
        for some in chunked(account_ids, _BATCH):
            rank = fn.ROW_NUMBER().over(partition_by=[row.account_id], order_by=order).alias("rank")
            shown = row.account_id.in_(some) & (row.at < stamp(before)) & row.latest_post.is_null(False)
            with self._reading():
                for told in tuples(self._columns_of_traces(rank).where(shown)):
                    if told[-1] == 1:
                        found[told[0]] = Trace(*told[:-1])
        return found

    def visits_at(self, files: Collection[str]) -> Mapping[str, StoredVisit]:
        """The visits that lie in these files, by file."""
        row, found = self._rows.visit, dict[str, StoredVisit]()
        for some in chunked(files, _BATCH):
            with self._reading():
                found |= {one.file: visit_of(one) for one in row.select().where(row.file.in_(some))}
        return found

    def seen_by(self, sweep: str, platform: str, route: str) -> frozenset[str]:
        """Ids of accounts that a sweep saw on a platform by a route: two of them at most, which tells of anybody another one.

        The control account, which has no id, is one of them.
        """
        row = self._rows.visit
        own = (row.sweep == sweep) & (row.platform == platform) & (row.route == route) & ((row.account_id != "") | row.control)
        seen = row.select(row.account_id).distinct().where(own & (row.existence == str(Outcome.OK))).limit(2)
        with self._reading():
            return frozenset(account_id for (account_id,) in tuples(seen))

    def _columns_of_traces(self, *more: Any) -> Any:
        row = self._rows.visit
        return row.select(*(getattr(row, name) for name in Trace._fields), *more)

    def latest_posts(self, upto: date) -> Mapping[str, tuple[date, Route]]:
        """Account id → day of the newest post that any visit ever showed (by a list that shows nothing after `upto`), and how."""
        row = self._rows.visit
        told = (row.latest_post <= upto.isoformat()) & (row.account_id != "")
        with self._reading():
            rows = list(row.select(row.account_id, row.latest_post, row.route).where(told).order_by(row.latest_post, row.at))
        return {one.account_id: (date.fromisoformat(one.latest_post), Route(one.route)) for one in rows if one.latest_post}

    def known_files(self, sweep: str) -> frozenset[str]:
        """Files of a sweep that are entered already (for resuming)."""
        row = self._rows.visit
        with self._reading():
            return frozenset(found.file for found in row.select(row.file).where(row.sweep == sweep))

    def add_links(self, links: Iterable[Link]) -> int:
        """Keep pasted links; one that is known stays as it was. Returns how many were new."""
        row = self._rows.link
        with self.transaction():
            known = row.select().count()
            for link in links:
                row.insert(**_link_columns(link)).on_conflict_ignore().execute()
            return row.select().count() - known

    def links(self, pending_for_sweep: str | None = None) -> tuple[Link, ...]:
        """All links in the order of pasting, or those that a sweep has no visit of yet."""
        row, visit = self._rows.link, self._rows.visit
        query = row.select().order_by(row.id)
        if pending_for_sweep is not None:
            opened = visit.select(visit.url_key).where(visit.sweep == pending_for_sweep)
            query = query.where(row.url_key.not_in(opened))
        with self._reading():
            return tuple(_link(found) for found in query)


_BATCH = 500
"""Values per statement."""


def _columns(visit: StoredVisit) -> dict[str, object]:
    latest, as_of = _days(visit.observation)
    return {
        "file": visit.file,
        "sweep": visit.sweep,
        "account_id": visit.account_id,
        "platform": visit.platform,
        "route": str(visit.route),
        "url": scrub(visit.url),
        "url_key": digest(visit.url),
        "sha256": visit.sha256,
        "at": stamp(visit.at),
        "check_date": iso(visit.check_date),
        "printed_date": scrub(visit.printed_date),
        "latest_post": iso(latest),
        "as_of": iso(as_of),
        "observation": dumps(observation_to_json(visit.observation)),
        "existence": _existence(visit.observation),
        "lane": scrub(visit.lane),
        "control": visit.control,
        "twice": visit.twice,
        "mark": _mark(visit),
    }


def _mark(visit: StoredVisit) -> str:
    """What a visit proves of its lane."""
    if not visit.lane:
        return LaneState.NONE
    return str(of_control(visit.observation, visit.at) if visit.control else of_visit(visit.observation))


def _days(observation: Observation) -> tuple[date | None, date | None]:
    """Day of the newest post, and last day that the list could show; None where no list was understood."""
    seen = observation.aspects.get(Aspect.POSTS)
    if not isinstance(seen, Seen) or not isinstance(seen.value, Posts):
        return None, None
    latest = seen.value.latest
    return day(latest.at) if latest else None, day(seen.value.as_of)


def _existence(observation: Observation) -> str | None:
    seen = observation.aspects.get(Aspect.EXISTENCE)
    return str(seen.outcome) if isinstance(seen, Seen) else None


def visit_of(row: VisitRow) -> StoredVisit:
    """The record that a row holds."""
    return StoredVisit(
        sweep=row.sweep,
        account_id=row.account_id,
        platform=row.platform,
        route=Route(row.route),
        url=row.url,
        file=row.file,
        sha256=row.sha256,
        at=instant(row.at),
        observation=observation_from_json(json.loads(row.observation)),
        check_date=on(row.check_date),
        printed_date=row.printed_date,
        lane=row.lane,
        control=bool(row.control),
        twice=bool(row.twice),
    )


def _link_columns(link: Link) -> dict[str, object]:
    return {
        "url_key": digest(link.url),
        "url": scrub(link.url),
        "platform": link.platform,
        "added_at": stamp(link.added_at),
        "who": scrub(link.who),
    }


def _link(row: LinkRow) -> Link:
    return Link(url=row.url, platform=row.platform, added_at=instant(row.added_at), who=row.who)
