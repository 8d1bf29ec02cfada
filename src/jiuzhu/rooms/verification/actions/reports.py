"""Reports: a version is frozen when it is issued; what is certain in it enters the registry with its source."""

from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.periods import add_months
from jiuzhu.rooms.registry.actions import NewFact, record_facts, withdraw_fact
from jiuzhu.rooms.registry.queries import facts_on_evidence
from jiuzhu.rooms.registry.states import SourceKind
from jiuzhu.rooms.verification.actions.orders import order_of, tell_of
from jiuzhu.rooms.verification.actions.steps import one_step, refuse
from jiuzhu.rooms.verification.models import Item, Order, Report
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import connectors
from jiuzhu.rooms.verification.queries.composing import Composed, compose
from jiuzhu.rooms.verification.queries.terms import term
from jiuzhu.rooms.verification.rules import every_item_is_answered_or_unavailable, something_is_new
from jiuzhu.rooms.verification.states import ORDERS, ItemState, OrderState


def report_order(*, actor: Actor, at: datetime, order_id: int) -> int:
    """Issue the first version of an order's report; returns the report's id.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not under way).
        RuleRefused: an item has no result yet.
    """
    with one_step(actor, Permission.ORDER_REPORT, at) as today:
        row = order_of(actor, order_id)
        before = OrderState(row.state)
        transition = ORDERS.plan(before, "report")
        states = Item.objects.filter(order=row).values_list("state", flat=True)
        refuse(every_item_is_answered_or_unavailable(map(ItemState, states)))
        composed = compose(actor=actor, on=today, order=row)
        made = _issue(actor, at, today, row, composed, version=1)
        row.reported_at, row.state = at, transition.to_state.value
        row.save()
        tell_of(actor, at, row, "report", before)
        return made.pk


def revise_report(*, actor: Actor, at: datetime, order_id: int) -> int:
    """Issue a further version when a source has answered late, or a result was corrected; earlier ones stay on file.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (no report yet, or it expired).
        RuleRefused: nothing is new.
    """
    with one_step(actor, Permission.ORDER_REVISE, at) as today:
        row = order_of(actor, order_id)
        before = OrderState(row.state)
        ORDERS.plan(before, "revise")
        last = Report.objects.filter(order=row).order_by("-version").first()
        if last is None:
            raise OutOfScope
        composed = compose(actor=actor, on=today, order=row)
        refuse(something_is_new(last.sha256, composed.content.sha256))
        made = _issue(actor, at, today, row, composed, version=last.version + 1)
        row.reported_at = at
        row.save()
        tell_of(actor, at, row, "revise", before)
        return made.pk


def _issue(actor: Actor, at: datetime, today: date, order: Order, composed: Composed, *, version: int) -> Report:
    months = term("verification_valid_months", order.division_code, today)
    number = f"{order.number}-{version}"
    _enter(actor, at, today, order, number, composed)
    return Report.objects.create(
        order=order,
        division_code=order.division_code,
        household_id=order.household_id,
        version=version,
        number=number,
        content=composed.content.as_json(),
        sha256=composed.content.sha256,
        unknown_count=len(composed.content.unknown),
        difference_count=len(composed.content.differences),
        issued_at=at,
        issued_by_name=actor.name,
        valid_to=None if months is None else add_months(today, months),
    )


def _enter(actor: Actor, at: datetime, today: date, order: Order, number: str, composed: Composed) -> None:
    """What is certain, as verified facts with the report as their evidence; the same again adds nothing.

    What an earlier version entered and is not certain any more (a result that was corrected, or is disputed) is
    withdrawn: unknown again, and readable with the reason.
    """
    people = {one.person_id for one in composed.content.answers}
    before = facts_on_evidence(
        actor=actor, on=today, household_id=order.household_id, person_ids=people, evidence=f"{order.number}-"
    )
    fresh = [
        NewFact(
            variable=variable.key,
            value=found.value,
            valid_from=min(found.data_as_of or today, today),
            source=SourceKind.VERIFIED,
            person_id=person,
            household_id=order.household_id if person is None else None,
            office=order.asking_office,
            department=_department(found.source),
            evidence=number,
        )
        for (person, _), (found, variable) in composed.facts.items()
        if (held := before.get((person, variable.key))) is None or held.value != found.value
    ]
    for key, held in before.items():
        known = composed.facts.get(key)
        if known is None or known[0].value != held.value:
            withdraw_fact(actor=actor, at=at, fact_id=held.fact_id, reason=f"核对报告{number}更正")
    if fresh:
        record_facts(actor=actor, at=at, facts=fresh)


def _department(source: str) -> str:
    connector = connectors().get(source)
    return "" if connector is None else connector.source.department
