"""What every message of the live channel has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Base of everything on the wire."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
