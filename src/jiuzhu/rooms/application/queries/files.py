"""Who may open and add the files of an application: pictures of papers and of signatures."""

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.files.owners import register_owner
from jiuzhu.rooms.application.models import Application
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.states import ApplicationState

APPLICATION_FILES = "application.application"
_OPEN = [ApplicationState.DRAFT.value, ApplicationState.NOTICE_GIVEN.value]


def register_files() -> None:
    """Tell the files of the room whom they belong to; called once when the program starts."""
    register_owner(APPLICATION_FILES, may_open=_sees, may_add=_adds)


def _sees(actor: Actor, owner_id: int) -> bool:
    return actor.may(Permission.APPLICATION_VIEW) and Application.objects.filter(pk=owner_id).exists()


def _adds(actor: Actor, owner_id: int) -> bool:
    held = actor.may(Permission.APPLICATION_DRAFT)
    return held and Application.objects.filter(pk=owner_id, state__in=_OPEN).exists()
