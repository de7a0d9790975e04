"""Identifiers: a short kind, an underscore, and 100 random bits that nobody can guess."""

from __future__ import annotations

import secrets
from typing import NewType

ShowId = NewType("ShowId", str)
ProductId = NewType("ProductId", str)
VariantId = NewType("VariantId", str)
BrandId = NewType("BrandId", str)
PersonId = NewType("PersonId", str)
MessageId = NewType("MessageId", str)
SessionId = NewType("SessionId", str)
CheckoutId = NewType("CheckoutId", str)
OrderId = NewType("OrderId", str)
UploadId = NewType("UploadId", str)
JobId = NewType("JobId", str)
ModelId = NewType("ModelId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32: no i, l, o, u to misread


def new_id(kind: str) -> str:
    """Make ``kind_`` plus 20 characters (100 bits) from the system's random source."""
    return f"{kind}_{''.join(secrets.choice(_ALPHABET) for _ in range(20))}"
