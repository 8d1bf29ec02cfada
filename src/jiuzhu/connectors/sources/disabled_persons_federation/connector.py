"""残疾人联合会 is reached by what its officer enters."""

from jiuzhu.connectors.sources.disabled_persons_federation.mapping import MAPPING
from jiuzhu.connectors.transports.manual.entry import EntryConnector
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.rooms.verification.ports import Source


def connect(source: Source, wiring: Wiring) -> EntryConnector:
    """The connector of this source."""
    return EntryConnector(source, MAPPING, wiring)
