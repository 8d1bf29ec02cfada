"""From an account to an actor: read at the start of every request, before anyone is known.

Each reads with one statement as the process `login`; setting that scope and taking it off again is one statement each.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.models import Appointment
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.roles import packaged_roles


@dataclass(frozen=True, slots=True)
class PostChoice:
    """A post that an account may act in on a day."""

    post_id: int
    title: str
    title_en: str
    office_name: str
    office_name_en: str
    division: DivisionCode
    role: str
    role_name: str
    role_name_en: str


def actor_of_account(
    *, account_id: int, at: date, post_id: int | None = None, session_key_hash: str | None = None
) -> Actor | None:
    """The actor behind a staff or department account in one post, or None when no appointment is in force on the day.

    Without `post_id` it is the post held longest (then the one appointed first). With a `post_id` that is no longer
    held the answer is None: the caller forgets its choice and asks again. The permissions are those of this one post's
    role, so an appointment that ended or was revoked has no effect from the next request on.
    """
    with acting(system_actor("login")):
        rows = _in_office(account_id, at)
        row = (rows if post_id is None else rows.filter(post_id=post_id)).first()
    if row is None:
        return None
    role = packaged_roles().roles.get(row.post.role)
    if role is None:
        return None
    return Actor(
        kind=ActorKind.DEPARTMENT if role.is_department else ActorKind.STAFF,
        account_id=account_id,
        name=row.staff.name,
        post_id=row.post_id,
        post_title=row.post.title,
        permissions=role.permissions,
        scope=Scope(
            division=DivisionCode(row.post.division_code),
            department=row.post.office.department_code or None if role.is_department else None,
        ),
        session_key_hash=session_key_hash,
    )


def posts_of_account(*, account_id: int, at: date) -> tuple[PostChoice, ...]:
    """The posts an account may act in on the day, the one taken by default first."""
    roles = packaged_roles().roles
    with acting(system_actor("login")):
        rows = list(
            _in_office(account_id, at)
            .filter(in_force(at, "post__office__names__"))
            .annotate(office_name=F("post__office__names__name"), office_name_en=F("post__office__names__name_en"))
        )
    return tuple(
        PostChoice(
            post_id=row.post_id,
            title=row.post.title,
            title_en=row.post.title_en,
            office_name=row.office_name,
            office_name_en=row.office_name_en,
            division=DivisionCode(row.post.division_code),
            role=row.post.role,
            role_name=roles[row.post.role].name,
            role_name_en=roles[row.post.role].name_en,
        )
        for row in rows
        if row.post.role in roles
    )


def _in_office(account_id: int, at: date) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(
            in_force(at),
            in_force(at, "post__"),
            in_force(at, "post__office__"),
            staff__account_id=account_id,
            staff__account__is_active=True,
            revoked_at=None,
        )
        .select_related("staff", "post__office")
        .order_by("valid_from", "id")
    )
