"""All departments at work: one server for those behind addresses, and a look into the folders twice a second."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from jiuzhu.demo.departments.by_files import answer_files
from jiuzhu.demo.departments.department import Department
from jiuzhu.demo.departments.over_http import DepartmentServer, serving
from jiuzhu.rooms.verification.ports import Transport

_LOOK_SECONDS = 0.5


@dataclass
class Running:
    """Departments at work until `stop`."""

    server: DepartmentServer
    by_files: Mapping[str, Department]
    exchange: Path
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def base(self) -> str:
        """The address before a source's name."""
        return self.server.base

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End `wait`."""
        self.stopped.set()

    def look(self) -> int:
        """Answer what lies in the folders."""
        return sum(answer_files(one, self.exchange / name) for name, one in self.by_files.items())

    def wait(self) -> None:
        """Answer files until stopped by a signal."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self.stopped.wait(_LOOK_SECONDS):
            self.look()


@contextmanager
def run_departments(departments: Mapping[str, Department], exchange: Path, port: int) -> Iterator[Running]:
    """Start the server of all departments; those of files look into their folders in `Running.wait`."""
    files = {name: one for name, one in departments.items() if one.source.transport is Transport.FILE}
    with serving(departments, port) as server:
        yield Running(server, files, exchange)
