"""Tables of the room: leads, and the one form with what it asks, what was handed in, signed, told and taken on."""

from jiuzhu.rooms.application.models.applications import Application, CaseRequest, OnceOnlyNotice
from jiuzhu.rooms.application.models.forms import Answer, Material, Member, Need, Undertaking
from jiuzhu.rooms.application.models.leads import Lead

__all__ = [
    "Answer",
    "Application",
    "CaseRequest",
    "Lead",
    "Material",
    "Member",
    "Need",
    "OnceOnlyNotice",
    "Undertaking",
]
