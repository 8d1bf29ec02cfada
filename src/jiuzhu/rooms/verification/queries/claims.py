"""What the asking of sources reads: which items are covered on a day, what is disputed and by which evidence."""

import json
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from jiuzhu.groundwork.files.models import StoredFile
from jiuzhu.rooms.verification.models import Dispute, Item, Reply, Signature
from jiuzhu.rooms.verification.ports import Answer, Evidence, Finding, Record, Value
from jiuzhu.rooms.verification.queries.files import DISPUTE_FILES
from jiuzhu.rooms.verification.rules import item_is_within_the_authorisation
from jiuzhu.rooms.verification.states import DisputeState, SignatureState


def covered_items(items: Collection[Item], today: date) -> frozenset[int]:
    """The items whose person's signature is alive for them on a day; `order.mandate` is loaded with them."""
    mandates = {item.order.mandate_id for item in items}
    states = {
        (mandate, person): SignatureState(state)
        for mandate, person, state in Signature.objects.filter(mandate_id__in=mandates).values_list(
            "mandate_id", "person_id", "state"
        )
    }
    found = set()
    for item in items:
        mandate = item.order.mandate
        refused = item_is_within_the_authorisation(
            f"{item.source}.{item.item}",
            mandate.items,
            today,
            mandate.valid_from,
            mandate.valid_to,
            states.get((mandate.pk, item.person_id), SignatureState.ASKED),
        )
        if refused is None:
            found.add(item.pk)
    return frozenset(found)


def open_disputes(items: Collection[int]) -> dict[int, tuple[str, tuple[Evidence, ...]]]:
    """The provider's reference and the evidence of the disputes that wait for the source, by item."""
    rows = list(
        Dispute.objects.filter(item_id__in=items, state=DisputeState.FILED.value).values_list(
            "id", "item_id", "reply__reference"
        )
    )
    files: dict[int, list[Evidence]] = {}
    stored = StoredFile.objects.filter(owner_type=DISPUTE_FILES, owner_id__in=[row[0] for row in rows])
    for one in stored.order_by("id"):
        files.setdefault(one.owner_id, []).append(Evidence(one.media_type, one.sha256))
    return {item: (reference, tuple(files.get(key, ()))) for key, item, reference in rows}


def packed_records(answer: Answer) -> str:
    """The records of an answer as JSON, each value with its type."""
    said = {
        "certain": answer.certain,
        "warnings": [list(one) for one in answer.warnings],
        "records": [
            {
                "reference": one.provider_reference,
                "day": one.data_day.isoformat(),
                "values": {name: _packed(value) for name, value in one.values.items()},
            }
            for one in answer.records
        ],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def answer_of(reply: Reply) -> Answer:
    """The answer as it came."""
    said = json.loads(reply.records or "{}")
    return Answer(
        Finding(reply.finding),
        tuple(_record(one) for one in said["records"]),
        reply.data_as_of,
        reply.reference,
        reply.sha256,
        tuple((zh, en) for zh, en in said["warnings"]),
        said["certain"],
    )


def answers_of(replies: Iterable[Reply]) -> dict[int, Answer]:
    """The answers by reply."""
    return {one.pk: answer_of(one) for one in replies}


def _record(said: dict[str, Any]) -> Record:
    values = {name: _unpacked(value) for name, value in said["values"].items()}
    return Record(values, date.fromisoformat(said["day"]), said["reference"])


def _packed(value: Value) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"exact": str(value)} if isinstance(value, Decimal) else value


def _unpacked(value: Any) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else Decimal(value["exact"])
    read: Value = value
    return read
