"""Departments behind addresses: `/<source>/<item>`, signed both ways. `PUT /<source>` with a fault's name switches it.

It keeps its answers by attempt key: the same key again gets the same answer, and looks nothing up.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jiuzhu.connectors.transports.http import signing
from jiuzhu.core.errors import NotFound
from jiuzhu.demo.departments.department import Department
from jiuzhu.demo.departments.faults import Fault

_MOST_BYTES = 64 * 1024
_ENDLESS_PIECES = 256
_PIECE_BYTES = 64 * 1024


class DepartmentServer(ThreadingHTTPServer):
    """Serves departments by name. `released` ends what a slow one waits for."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], departments: Mapping[str, Department], clock: Callable[[], datetime]
    ) -> None:
        super().__init__(address, _Handler)
        self.departments = departments
        self.clock = clock
        self.given: dict[tuple[str, str], bytes] = {}
        self.released = threading.Event()
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        """The address before a source's name."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """An asker that hangs up is no error worth a trace."""


@contextmanager
def serving(
    departments: Mapping[str, Department], port: int = 0, *, clock: Callable[[], datetime] | None = None
) -> Iterator[DepartmentServer]:
    """A running server, on a free port by default."""
    server = DepartmentServer(("127.0.0.1", port), departments, clock or (lambda: datetime.now(UTC)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: DepartmentServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        """Nothing: an address could hold a person."""

    def do_PUT(self) -> None:
        department = self.server.departments.get(self.path.strip("/"))
        wanted = self._body().decode("ascii", "replace").strip()
        if department is None or wanted not in set(Fault):
            self._say(404, b"")
            return
        department.fault = Fault(wanted)
        self._say(200, b"")

    def do_POST(self) -> None:
        body = self._body()
        name, _, item = self.path.strip("/").partition("/")
        department = self.server.departments.get(name)
        if department is None:
            self._say(404, b"")
            return
        match department.fault:
            case Fault.SLOW:
                self.server.released.wait(30)
                self._say(503, b"")
            case Fault.DOWN:
                self._say(503, b"")
            case Fault.REFUSED:
                self._say(403, b"")
            case Fault.MALFORMED:
                self._give(department, "{这不是回复".encode())
            case Fault.LARGE:
                self._never_end()
            case _:
                self._answer(department, item, body)

    def _answer(self, department: Department, item: str, body: bytes) -> None:
        attempt_key = self.headers.get(signing.ATTEMPT, "")
        time = self.headers.get(signing.TIME, "")
        expected = signing.sign_question(department.key, path=self.path, time=time, attempt_key=attempt_key, body=body)
        is_signed = signing.fits(self.headers.get(signing.SIGNATURE, ""), expected)
        if not is_signed or not signing.within_window(time, self.server.clock()):
            self._say(401, b"")
            return
        asked = json.loads(body)
        if asked.get("cxbh") != attempt_key or not asked.get("sqsbh") or not asked.get("cxmd"):
            self._say(403, b"")
            return
        try:
            wanted = department.source.item(item)
        except NotFound:
            self._say(404, b"")
            return
        with self.server.lock:
            known = self.server.given.get((department.source.name, attempt_key))
            if known is None:
                numbers = [asked["sfzh"], *asked.get("cyh", [])]
                said = department.reply(
                    wanted,
                    attempt_key,
                    numbers,
                    asked["xm"],
                    asked.get("yylsh", ""),
                    proven=bool(asked.get("zj")),
                )
                known = json.dumps(said, ensure_ascii=False).encode()
                self.server.given[department.source.name, attempt_key] = known
        self._give(department, known)

    def _give(self, department: Department, content: bytes) -> None:
        attempt_key = self.headers.get(signing.ATTEMPT, "")
        if department.fault is Fault.REPLAYED:
            attempt_key = "an-earlier-question"
        signature = signing.sign_reply(department.key, status=200, attempt_key=attempt_key, body=content)
        if department.fault is Fault.UNSIGNED:
            signature = ""
        if department.fault is Fault.CUT:
            self._say(200, content[: len(content) // 2], signature, length=len(content))
            self.close_connection = True
            return
        self._say(200, content, signature)

    def _say(self, status: int, content: bytes, signature: str = "", *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content) if length is None else length))
        if signature:
            self.send_header(signing.SIGNATURE, signature)
        self.end_headers()
        self.wfile.write(content)

    def _never_end(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(_ENDLESS_PIECES):
            self.wfile.write(b" " * _PIECE_BYTES)
        self.close_connection = True

    def _body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length", "0")), _MOST_BYTES))
