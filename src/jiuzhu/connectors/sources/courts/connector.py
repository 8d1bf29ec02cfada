"""人民法院 is reached by what its officer enters."""

from jiuzhu.connectors.sources.courts.mapping import MAPPING
from jiuzhu.connectors.transports.manual.entry import EntryConnector
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.rooms.verification.ports import Source


def connect(source: Source, wiring: Wiring) -> EntryConnector:
    """The connector of this source."""
    return EntryConnector(source, MAPPING, wiring)
