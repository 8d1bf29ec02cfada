"""证券登记机构 is reached by files."""

from jiuzhu.connectors.sources.securities.mapping import MAPPING
from jiuzhu.connectors.transports.files.batches import FileConnector
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.rooms.verification.ports import Source


def connect(source: Source, wiring: Wiring) -> FileConnector:
    """The connector of this source."""
    return FileConnector(source, MAPPING, wiring)
