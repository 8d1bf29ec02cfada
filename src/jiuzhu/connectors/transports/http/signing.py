"""Signatures of both sides over HTTP: HMAC with SM3 (GB/T 32905-2016), the key agreed between office and source.

A question is signed over method, path, time, attempt key and body; a reply over the attempt key, its status and its
body, so that a reply recorded earlier, or for another question, does not fit. A source refuses a question that is older
than the window, and answers an attempt key that it knows with the answer it gave.
"""

import hmac
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

WINDOW = timedelta(minutes=5)
ATTEMPT, TIME, SIGNATURE = "X-Attempt-Key", "X-Time", "X-Signature"
_KEY_BYTES = 32


def sign_question(key: bytes, *, path: str, time: str, attempt_key: str, body: bytes) -> str:
    """The signature of a question, in hexadecimal."""
    return _signature(key, "question", "POST", path, time, attempt_key, body)


def sign_reply(key: bytes, *, status: int, attempt_key: str, body: bytes) -> str:
    """The signature of a reply, in hexadecimal."""
    return _signature(key, "reply", str(status), attempt_key, body)


def fits(signature: str, expected: str) -> bool:
    """Whether two signatures are the same, in constant time."""
    return hmac.compare_digest(signature.encode(), expected.encode())


def within_window(time: str, now: datetime) -> bool:
    """Whether a question's time is close enough to now to be taken."""
    try:
        return abs(datetime.fromisoformat(time) - now) <= WINDOW
    except (ValueError, TypeError):
        return False


def _signature(key: bytes, *parts: str | bytes) -> str:
    if len(key) < _KEY_BYTES:
        raise ValueError(f"a key for signatures has at least {_KEY_BYTES} bytes")
    code = HMAC(key, hashes.SM3())
    for part in parts:
        piece = part.encode() if isinstance(part, str) else part
        # the length before each part: no two lists of parts are the same bytes
        code.update(len(piece).to_bytes(8, "big") + piece)
    return code.finalize().hex()
