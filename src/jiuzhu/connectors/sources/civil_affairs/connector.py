"""民政部门 is reached over HTTP."""

from jiuzhu.connectors.sources.civil_affairs.mapping import MAPPING
from jiuzhu.connectors.transports.http.client import HttpConnector
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.rooms.verification.ports import Source


def connect(source: Source, wiring: Wiring) -> HttpConnector:
    """The connector of this source."""
    return HttpConnector(source, MAPPING, wiring)
