"""Structured logs: lines for people or JSON for machines, with request, show and peer ids, without secrets."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import structlog

_SECRET_KEYS = re.compile(r"token|secret|password|authorization|credential|cookie|api_?key", re.IGNORECASE)
_SECRET_TEXTS = re.compile(
    r"(eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]{5,})"  # a JWT, wherever it turns up
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password of a URL
    r"|(?<=[Bb]earer )[\w\-.~+/]+=*"
)
_HIDDEN = "[hidden]"


def hide_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: blanks values whose name or look says secret, and query strings of paths."""
    for key, value in event.items():
        if isinstance(value, str):
            if key == "path":
                value = value.partition("?")[0]
            event[key] = _HIDDEN if _SECRET_KEYS.search(key) else _SECRET_TEXTS.sub(_HIDDEN, value)
        elif _SECRET_KEYS.search(key) and value is not None:
            event[key] = _HIDDEN
    return event


def configure_logging(style: Literal["console", "json"], level: str) -> None:
    """Set up structlog and the standard library's loggers for this process; called once, by an entry point."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Any]
    if style == "json":
        render = [structlog.processors.format_exc_info, hide_secrets, structlog.processors.JSONRenderer()]
    else:
        render = [
            hide_secrets,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # their lines repeat ours (uvicorn's with query strings) or tell nothing new; warnings and errors stay
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx2", "alembic"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
