"""What the AI host does with face and hands, on the wire: for viewers whose browser draws the host itself."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from stream_server.signaling.caption_lines import ShowMs
from stream_server.signaling.message import Message

MAX_SHAPES: Final = 240
"""Mouth shapes of one score; a score tells about six seconds."""

HostGesture = Literal["idle", "wave", "point_product", "count_down", "think", "celebrate", "listen", "nod"]

_Number = Annotated[int, Field(ge=0, le=60_000)]
Shape = Annotated[list[_Number], Field(min_length=3, max_length=3)]
"""Ms from the score's ``at_ms``, an Oculus viseme's number (0 ``sil`` … 14 ``U``), and how far it goes in percent."""

MAX_COLOURS: Final = 32
_Part = Annotated[str, Field(pattern=r"^[a-z_]{1,24}$")]
_Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Score(Message):
    """What the host does from ``at_ms`` on; replaces everything that was told about later moments.

    Whole in itself, and repeated while it goes on: who joins late, or lost one, knows all with the next.
    """

    version: Literal[1] = 1
    at_ms: ShowMs
    """Show clock."""
    shapes: Annotated[list[Shape], Field(max_length=MAX_SHAPES)]
    """In the order of their times; after the last one the mouth is closed when it is ``sil``."""
    is_speaking: bool
    gesture: HostGesture
    gesture_ms: ShowMs
    """Show clock at which the gesture began."""
    look: Annotated[dict[_Part, _Colour], Field(max_length=MAX_COLOURS)] = {}
    """Her outfit and studio: part (a field of `avatar.stage.look.Look`) to colour; empty: as the figure was made."""
