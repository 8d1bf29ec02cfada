"""One of everything on the pages of verification, in a household of the small city and in one elsewhere."""

from datetime import timedelta

from tests.channels.conftest import AT, TAISHAN
from tests.rooms.verification.conftest import ask_all, scripted

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import RuleRefused
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Cause, connectors, register_connectors
from jiuzhu.rooms.verification.states import SignatureMethod, SignedBy

_ACTOR = system_actor("test", permissions=[*Permission, *Registry])
_ITEMS = ["banks.accounts", "courts.judgments", "tax.income"]
_END = AT.date() + timedelta(days=365)


def verification_samples(division: DivisionCode, household_id: int, *, number: int) -> dict[str, object]:
    """A verification that was reported and disputed, a batch and an entrustment; the sources stay connected."""
    with scripted() as sources:
        connected = list(connectors().values())
        home = registry.household_detail(actor=_ACTOR, at=AT, household_id=household_id)
        head = next(one.person for one in home.members if one.is_head)
        mandate = actions.draw_up_mandate(
            actor=_ACTOR,
            at=AT,
            household_id=household_id,
            programmes=["dibao"],
            purpose="Application",
            valid_from=AT.date(),
            valid_to=_END,
            covers_reviews=True,
            items=_ITEMS,
        )
        for signature in queries.mandate(actor=_ACTOR, at=AT, mandate_id=mandate).signatures:
            _sign(mandate, signature.person_id)
        batch = actions.make_batch(
            actor=_ACTOR,
            at=AT,
            division=division,
            title="Review of the year",
            programmes=["dibao"],
            purpose="Review",
            entries=[actions.BatchEntry(household_id), actions.BatchEntry(None, row="2: 1", problem=("没有", "none"))],
        )
        actions.order_piece(actor=_ACTOR, at=AT, batch_id=batch, first=1, last=2, asking_office="Office")
        order = queries.orders(actor=_ACTOR, at=AT, household_id=household_id).rows[0].id
        ask_all(sources, AT)
        items = queries.order(actor=_ACTOR, at=AT, order_id=order).items
        for one in items:
            if one.source == "courts":
                actions.mark_unavailable(
                    actor=_ACTOR, at=AT, item_id=one.id, cause=Cause.OTHER, reason="System upgrade"
                )
        report = actions.report_order(actor=_ACTOR, at=AT, order_id=order)
        bank = next(one for one in items if (one.source, one.person_id) == ("banks", head.id))
        tax = next(one for one in items if (one.source, one.person_id) == ("tax", head.id))
        dispute = actions.dispute_item(actor=_ACTOR, at=AT, item_id=bank.id, statement="Not mine.")
        entrustment = actions.record_entrustment(
            actor=_ACTOR,
            at=AT,
            division=TAISHAN if number == 1 else division,
            unit_name="Housing office",
            department="housing",
            programmes=["zhufang_jiuzhu"],
            document_number=f"No. {number}",
            valid_from=AT.date(),
            valid_to=_END,
        )
    # pages name the sources, so they stay connected in this process
    register_connectors(connected)
    return {
        "mandate_id": mandate,
        "order_id": order,
        "item_id": tax.id,
        "report_id": report,
        "dispute_id": dispute,
        "batch_id": batch,
        "entrustment_id": entrustment,
        "signer_id": head.id,
    }


def _sign(mandate: int, person: int) -> None:
    for signed_by in (SignedBy.SELF, SignedBy.GUARDIAN):
        try:
            actions.sign_mandate(
                actor=_ACTOR,
                at=AT,
                mandate_id=mandate,
                person_id=person,
                signed_by=signed_by,
                method=SignatureMethod.UNIFIED_IDENTITY,
                signer_name="J. Li",
            )
        except RuleRefused:
            continue
        return
