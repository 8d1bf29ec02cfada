"""Two sets of packs beside each other: what a version would change against what is in force, or against another."""

from datetime import date, datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import RuleRefused
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.problems import PackError
from jiuzhu.rooms.catalogue.queries.in_force import laid_over, public_packs
from jiuzhu.rooms.catalogue.queries.versions import pack_version


def compared_packs(*, actor: Actor, at: datetime, pack_id: int | None, on: date) -> PackSet:
    """The packs of a version with all published standards laid over; without a version those in force on a day.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see the version.
        RuleRefused: it has not been checked and can be read in no other way; or the standards do not fit it.
    """
    if pack_id is None:
        return public_packs(on)
    digest = pack_version(actor=actor, at=at, pack_id=pack_id).version.digest
    if not digest:
        raise RuleRefused(
            "catalogue.pack.unread",
            "该版本尚未校验，或有读不通的文件，请先校验并改正",
            "This version has not been checked, or cannot be read; check it and put it right first.",
        )
    try:
        return laid_over(digest)
    except PackError as error:
        found = error.problems[0]
        raise RuleRefused("catalogue.standard.packs", found.message("zh"), found.message("en")) from error
