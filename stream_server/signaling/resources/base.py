"""What every body builds on: its base, what a refusal says, and the forms of texts, currencies and quantities."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Texts = Annotated[
    dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=2000)]], Field(max_length=20)
]
"""Language tag → text. English or the shop's own language is always there."""
Quantity = Annotated[int, Field(ge=1, le=99)]


class Resource(BaseModel):
    """Base of every body."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ErrorBody(Resource):
    """What every refused request gets."""

    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)
