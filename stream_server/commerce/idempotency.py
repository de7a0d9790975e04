"""Idempotency keys: a client that does not know whether its request arrived sends it again with the same key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from stream_server.commerce.errors import IdempotencyConflict
from stream_server.errors import Invalid

MAX_KEY_CHARS = 255


class InvalidIdempotencyKey(Invalid):
    """Missing, empty or too long."""

    code = "invalid_idempotency_key"

    def __str__(self) -> str:
        return f"Send an Idempotency-Key of 1 to {MAX_KEY_CHARS} characters."


@dataclass(frozen=True)
class IdempotencyKey:
    """A key in its scope (who asks for what), with the fingerprint of the request it belongs to."""

    scope: str
    key: str
    fingerprint: str

    def check(self, fingerprint: str) -> None:
        """See that a stored fingerprint is that of this request. Raises: IdempotencyConflict."""
        if fingerprint != self.fingerprint:
            raise IdempotencyConflict(self.key)


def idempotency_key(scope: str, key: str, request: Any) -> IdempotencyKey:
    """Make a key; ``request`` is JSON-ready and whatever makes two requests the same. Raises: InvalidIdempotencyKey."""
    if not 0 < len(key) <= MAX_KEY_CHARS:
        raise InvalidIdempotencyKey
    written = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return IdempotencyKey(scope, key, hashlib.sha256(written.encode()).hexdigest())
