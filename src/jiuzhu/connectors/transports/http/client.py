"""Asks a source over HTTP and judges what comes back. It waits no longer than its patience and reads no more than its
limit, whatever the source does; it follows no redirection; and it logs no person.
"""

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, IncompleteRead, NewConnectionError, ProtocolError

from jiuzhu.connectors.reading.columns import ItemMapping
from jiuzhu.connectors.reading.replies import Reply, Row, Unusable, judge
from jiuzhu.connectors.transports.http import signing
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.verification.ports import Cause, Outcome, Question, Source

logger = logging.getLogger(__name__)

_PIECE_BYTES = 64 * 1024
_REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 451})
_BUSY = frozenset({429, 500, 502, 503, 504})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class HttpConnector:
    """A source behind an address. Safe to use from several threads.

    Raises:
        InvalidValue: the address is not one that personal data may travel to.
    """

    def __init__(self, source: Source, mapping: Mapping[str, ItemMapping], wiring: Wiring) -> None:
        self.source = source
        self._mapping = mapping
        self._wiring = wiring
        parts = urlsplit(wiring.address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise InvalidValue(
                "connector.address",
                f"{source.zh}的地址必须以https开头，请检查接入配置",
                f"The address of {source.en} must begin with https; check the wiring.",
                field="address",
            )
        self._pool = urllib3.PoolManager(retries=False, num_pools=2, maxsize=8)

    def ask(self, question: Question, *, at: datetime) -> Outcome:
        """Ask, and judge the answer. Never raises for what the source does."""
        item = self.source.item(question.item)
        started = time.monotonic()
        content = b""
        try:
            content = self._exchange(question, at)
            outcome = judge(item, self._mapping[item.name], question, self._taken_apart(content), at=at)
        except Unusable as reason:
            outcome = reason.outcome(hashlib.sha256(content).hexdigest() if content else "")
        logger.info(
            "source asked",
            extra={
                "source": self.source.name,
                "item": item.name,
                "attempt_key": question.attempt_key,
                "outcome": getattr(outcome, "cause", None) or getattr(outcome, "finding", None),
                "milliseconds": round((time.monotonic() - started) * 1000),
            },
        )
        return outcome

    def _exchange(self, question: Question, at: datetime) -> bytes:
        address = f"{self._wiring.address.rstrip('/')}/{question.item}"
        body = json.dumps(words(question), ensure_ascii=False, separators=(",", ":")).encode()
        sent_at = at.isoformat()
        signature = signing.sign_question(
            self._wiring.key,
            path=urlsplit(address).path,
            time=sent_at,
            attempt_key=question.attempt_key,
            body=body,
        )
        patience = self._wiring.patience_ms / 1000
        until = time.monotonic() + patience
        try:
            response = self._pool.request(
                "POST",
                address,
                body=body,
                headers={
                    "Content-Type": "application/json; charset=utf-8",
                    "Accept-Encoding": "identity",
                    signing.ATTEMPT: question.attempt_key,
                    signing.TIME: sent_at,
                    signing.SIGNATURE: signature,
                },
                timeout=urllib3.Timeout(total=patience),
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                content = self._read(response, until)
            finally:
                response.close()
        except NewConnectionError:  # a kind of timeout to urllib3, but nobody is there
            raise Unusable(Cause.DOWN) from None
        except urllib3.exceptions.TimeoutError:
            raise Unusable(Cause.TIMEOUT) from None
        except IncompleteRead:
            raise Unusable(Cause.TRUNCATED) from None
        except ProtocolError as broken:
            cut = any(isinstance(each, IncompleteRead) for each in broken.args)
            raise Unusable(Cause.TRUNCATED if cut else Cause.DOWN) from None
        except HTTPError:
            raise Unusable(Cause.DOWN) from None
        self._check(response.status, response.headers.get(signing.SIGNATURE, ""), question, content)
        return content

    def _read(self, response: urllib3.BaseHTTPResponse, until: float) -> bytes:
        """Read piece by piece: a source that drips must not outlast the patience."""
        pieces: list[bytes] = []
        size = 0
        while piece := response.read1(_PIECE_BYTES) if response.status == 200 else b"":
            pieces.append(piece)
            size += len(piece)
            if size > self._wiring.largest_bytes:
                limit = self._wiring.largest_bytes
                raise Unusable(Cause.TOO_LARGE, f"上限{limit}字节", f"the limit is {limit} bytes")
            if time.monotonic() > until:
                raise Unusable(Cause.TIMEOUT)
        return b"".join(pieces)

    def _check(self, status: int, signature: str, question: Question, content: bytes) -> None:
        if status in _REFUSALS:
            raise Unusable(Cause.REFUSED, f"状态码{status}", f"status {status}")
        if status in _BUSY:
            raise Unusable(Cause.DOWN, f"状态码{status}", f"status {status}")
        if status != 200:
            raise Unusable(Cause.MALFORMED, f"状态码{status}", f"status {status}")
        expected = signing.sign_reply(self._wiring.key, status=status, attempt_key=question.attempt_key, body=content)
        if not signing.fits(signature, expected):
            raise Unusable(Cause.BAD_SIGNATURE)

    def _taken_apart(self, content: bytes) -> Reply:
        return reply_of(content, origin=self.source.name)


def words(question: Question) -> dict[str, object]:
    """A question in the words of the interface."""
    said: dict[str, object] = {
        "cxbh": question.attempt_key,
        "sfzh": question.subject.id_number,
        "xm": question.subject.name,
        "cxmd": question.purpose,
        "sqsbh": question.authorisation_number,
        "cxdw": question.asking_office,
        "cxrq": question.day.strftime("%Y%m%d"),
        "qsrq": question.period_from.strftime("%Y%m%d") if question.period_from else "",
        "jzrq": question.period_to.strftime("%Y%m%d") if question.period_to else "",
    }
    if question.subject.former_numbers:
        said["cyh"] = list(question.subject.former_numbers)
    if question.disputed_reference is not None:
        said["yylsh"] = question.disputed_reference
        said["zj"] = [{"lx": one.kind, "sha256": one.sha256} for one in question.evidence]
    return said


def reply_of(content: bytes, *, origin: str) -> Reply:
    """Take the JSON of a reply apart.

    Raises:
        Unusable: it is no JSON, or not of the form that was agreed.
    """
    try:
        loaded = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unusable(Cause.MALFORMED, "不是JSON", "it is no JSON", origin) from None
    if not isinstance(loaded, dict) or not isinstance(loaded.get("jl"), list):
        raise Unusable(Cause.MALFORMED, "没有记录列表", "there is no list of records", origin)
    rows = []
    for number, cells in enumerate(loaded["jl"], 1):
        if not isinstance(cells, dict):
            raise Unusable(Cause.MALFORMED, f"第{number}条不是记录", f"record {number} is none", origin)
        rows.append(Row(f"第{number}条", f"record {number}", cells))
    return Reply(
        attempt_key=loaded.get("cxbh"),
        number=loaded.get("sfzh"),
        finding=loaded.get("jg"),
        data_as_of=loaded.get("sjrq"),
        reference=loaded.get("lsh"),
        total=loaded.get("zs"),
        rows=tuple(rows),
        sha256=hashlib.sha256(content).hexdigest(),
        origin=origin,
    )


def _no_number(_word: str) -> object:
    raise ValueError("NaN and infinity are no JSON")
