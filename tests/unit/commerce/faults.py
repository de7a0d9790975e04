"""What can be put in the place of a store's or a provider's method."""

from __future__ import annotations

from typing import NoReturn

from stream_server.commerce.ports import Superseded
from stream_server.errors import Unavailable


async def away(*_: object, **__: object) -> NoReturn:
    """A provider that does not answer."""
    raise Unavailable(retry_after_s=1)


async def overtaken(*_: object, **__: object) -> NoReturn:
    """A store in which somebody else is always first."""
    raise Superseded


async def crash(*_: object, **__: object) -> NoReturn:
    """A bug."""
    raise RuntimeError("a bug")
