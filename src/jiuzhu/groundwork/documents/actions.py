"""Issuing a document: a number without gaps, the file set and kept, a line in the register; and taking it back.

Whether the object may be spoken of at all is for the room that calls: it has asked its own permission and guard before.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.utils import timezone

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, Scope
from jiuzhu.core.divisions import COUNTRY, DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, RuleRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.documents.content import Document
from jiuzhu.groundwork.documents.models import CODE_LENGTH, CODE_SIGNS, DocumentEnd, EndKind, IssuedDocument
from jiuzhu.groundwork.documents.queries import DOCUMENT_FILES, IssuedView, view_of
from jiuzhu.groundwork.documents.setting import set_pdf
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.actions import FileOwner, keep_made
from jiuzhu.groundwork.files.limits import MediaType
from jiuzhu.groundwork.files.store import FileStore

_PREFIX = re.compile("[A-Z]{1,8}")
_COUNTY_DIGITS = 6
_GROUP = 4
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the register gives a document before it is set: it goes into the document as it stands."""

    number: str
    issued_on: date
    check_code: str = field(repr=False)
    check_url: str = field(repr=False)


def issue(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    prefix: str,
    object_type: str,
    object_id: int,
    version: int,
    division: DivisionCode,
    build: Callable[[Imprint], Document],
    household_id: int | None = None,
    person_id: int | None = None,
) -> IssuedView:
    """Issue one version of a document about an object; asked again for the same version it gives what was issued.

    `kind` is `room.noun`, `prefix` one to eight capitals. The number is `prefix`, six digits of the county, four of the
    year, six of the serial. `build` writes the document under its imprint; the foot that says how to check it is added
    here. An earlier version that still holds is replaced. Call it last in a transaction, and several in the order of
    their prefixes: until the commit, the next number of the county waits.

    Raises:
        OutOfScope: the division, or a citizen's household or person, is not the actor's.
        Conflict: a later version was issued, or this one was under a division that the actor does not see.
        ValueError: a malformed prefix, kind or version, a naive time, an object type whose files no room opens, or a
            document that does not carry its imprint.
    """
    _require_sound(at, prefix, object_type, version)
    with acting(actor):
        _require_scope(actor, division, household_id, person_id)
        _lock(f"{object_type}:{object_id}:{kind}")
        with acting(_registrar(actor)):
            # also what lies where the actor does not see: of one object only one version holds
            latest = (
                IssuedDocument.objects.filter(object_type=object_type, object_id=object_id, kind=kind)
                .order_by("-version")
                .first()
            )
        if latest is not None and latest.version >= version:
            return _issued_before(object_type, object_id, kind, version)
        imprint = _imprint(actor, at, prefix, division)
        document = _stamped(build(imprint), imprint)
        content = set_pdf(document)
        # the file is entered under the id of its row
        row = IssuedDocument.objects.create(
            kind=kind,
            number=imprint.number,
            title=document.title,
            issuer=document.issuer,
            object_type=object_type,
            object_id=object_id,
            version=version,
            division_code=division.value,
            sha256=FileStore.hash_of(content),
            check_code=imprint.check_code,
            issued_on=imprint.issued_on,
            issued_at=at,
            issued_by_id=actor.account_id,
            household_id=household_id,
            person_id=person_id,
        )
        keep_made(
            actor=actor,
            at=at,
            content=content,
            name=f"{document.title[:80]}_{imprint.number}.pdf",
            media_type=MediaType.PDF,
            owner=FileOwner(DOCUMENT_FILES, row.id, division, household_id, person_id),
        )
        if latest is not None:
            _replace(actor, at, latest, row)
        return view_of(row)


def end_document(*, actor: Actor, at: datetime, document_id: int, reason: str) -> None:
    """Take a document back, for a stated reason. A document is replaced by issuing its next version instead.

    Raises:
        OutOfScope: the actor neither serves the place nor is a process.
        NotFound: there is no such document in the actor's scope.
        RuleRefused: it has been replaced or taken back already.
        InvalidValue: no reason, or one of more than 500 characters.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise InvalidValue(
            "document.reason",
            f"请说明收回文书的原因，不超过{_LONGEST_REASON}字",
            f"Say why the document is withdrawn, in at most {_LONGEST_REASON} characters.",
            field="reason",
        )
    with acting(actor):
        if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
            raise OutOfScope
        row = IssuedDocument.objects.filter(id=document_id).first()
        if row is None:
            raise NotFound(
                "document.not_found",
                "未找到该文书，或不在您的管辖范围内，请返回上一页核对",
                "No such document, or it lies outside your area; go back and check.",
            )
        _lock(f"{row.object_type}:{row.object_id}:{row.kind}")
        if DocumentEnd.objects.filter(document=row).exists():
            raise RuleRefused(
                "document.ended",
                f"文书{row.number}已被代替或者已收回，不必再次收回",
                f"The document {row.number} was replaced or withdrawn already.",
            )
        DocumentEnd.objects.create(
            document=row, kind=EndKind.WITHDRAWN, reason=reason, ended_at=at, ended_by_id=actor.account_id
        )


def _require_sound(at: datetime, prefix: str, object_type: str, version: int) -> None:
    if at.tzinfo is None:
        raise ValueError("the time of issue needs a time zone")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r}: a prefix is one to eight capitals")
    if version < 1:
        raise ValueError("versions are counted from 1")
    if not owners.is_registered(object_type):
        raise ValueError(f"{object_type!r}: no room says who opens its files, so nobody could open the document")


def _require_scope(actor: Actor, division: DivisionCode, household_id: int | None, person_id: int | None) -> None:
    if actor.kind is ActorKind.STAFF:
        actor.require_scope(division)
    elif actor.kind is ActorKind.CITIZEN:
        scope = actor.scope
        own = household_id in scope.household_ids if person_id is None else person_id in scope.person_ids
        if not own:
            raise OutOfScope
    elif actor.kind is ActorKind.DEPARTMENT:
        raise OutOfScope


def _registrar(actor: Actor) -> Actor:
    """The register seen whole, in the name of whoever acts."""
    return Actor(ActorKind.SYSTEM, actor.account_id, actor.name, post_id=actor.post_id, scope=Scope(division=COUNTRY))


def _issued_before(object_type: str, object_id: int, kind: str, version: int) -> IssuedView:
    row = IssuedDocument.objects.filter(
        object_type=object_type, object_id=object_id, kind=kind, version=version
    ).first()
    if row is None:
        raise Conflict(
            "document.superseded",
            "该事项已出具更新版本的文书，或者已在其他区划出具，请刷新后查看",
            "A later version was issued, or this one under another division; reload and look.",
        )
    return view_of(row)


def _imprint(actor: Actor, at: datetime, prefix: str, division: DivisionCode) -> Imprint:
    issued_on = timezone.localdate(at)
    county = division.value[:_COUNTY_DIGITS]
    with acting(_registrar(actor)), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO document_counter AS counter (prefix, division_code, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (prefix, division_code, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [prefix, county.ljust(12, "0"), issued_on.year],
        )
        ((serial,),) = cursor.fetchall()
    number = f"{prefix}{county}{issued_on.year:04d}{serial:06d}"
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    query = urlencode({"number": number, "code": code})
    url = f"{settings.ENVIRONMENT.public_address}{settings.DOCUMENT_CHECK}?{query}"
    return Imprint(number, issued_on, code, url)


def _stamped(document: Document, imprint: Imprint) -> Document:
    if (document.number, document.issued_on) != (imprint.number, imprint.issued_on):
        raise ValueError("a document carries the number and the day of its imprint")
    code = " ".join(imprint.check_code[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP))
    words = (
        f"Scan the QR code, or enter the number and the code {code} on the page “Check a document”, to see that it is"
        " genuine and still holds."
        if document.language == "en"
        else f"扫描二维码，或者在“核验文书”页面输入编号和核验码 {code}，核验真伪以及是否有效。"
    )
    return replace(document, check=words, check_url=imprint.check_url)


def _replace(actor: Actor, at: datetime, earlier: IssuedDocument, later: IssuedDocument) -> None:
    with acting(_registrar(actor)):
        if not DocumentEnd.objects.filter(document=earlier).exists():
            DocumentEnd.objects.create(
                document=earlier,
                kind=EndKind.REPLACED,
                replaced_by=later,
                reason=f"出具第{later.version}版",
                ended_at=at,
                ended_by_id=actor.account_id,
            )


def _lock(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))", [f"document:{key}"])
