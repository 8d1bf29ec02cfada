"""Who may open and add the files of the room: signatures of mandates, evidence of disputes."""

from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.groundwork.files.owners import register_owner
from jiuzhu.rooms.verification.models import Dispute, Signature
from jiuzhu.rooms.verification.permissions import Permission

SIGNATURE_FILES = "verification.signature"
DISPUTE_FILES = "verification.dispute"


def register_files() -> None:
    """Tell the files of the room whom they belong to; called once when the program starts."""
    register_owner(SIGNATURE_FILES, may_open=_sees_signature, may_add=_signs)
    register_owner(DISPUTE_FILES, may_open=_sees_dispute, may_add=_disputes)


def _sees_signature(actor: Actor, owner_id: int) -> bool:
    return actor.may(Permission.MANDATE_VIEW) and Signature.objects.filter(pk=owner_id).exists()


def _signs(actor: Actor, owner_id: int) -> bool:
    return actor.may(Permission.MANDATE_SIGN) and Signature.objects.filter(pk=owner_id).exists()


def _sees_dispute(actor: Actor, owner_id: int) -> bool:
    """Those who decide, and the person."""
    sees = actor.kind is ActorKind.CITIZEN or actor.may(Permission.ITEM_VIEW)
    return sees and Dispute.objects.filter(pk=owner_id).exists()


def _disputes(actor: Actor, owner_id: int) -> bool:
    return actor.may(Permission.ITEM_DISPUTE) and Dispute.objects.filter(pk=owner_id).exists()
