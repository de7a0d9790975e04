"""What was said goes into the show's own log, with its fact ids, at the show's own time."""

from __future__ import annotations

from avatar.direction.ports import Said
from stream_server.signaling.messages import MAX_AI_LINE_CHARS, TellAiLine
from stream_server.virtual_host.wire import LiveWire


class ShowSpeechLog:
    """An `avatar.direction.ports.SpeechLog` over the live channel, whose queue is bounded."""

    def __init__(self, wire: LiveWire) -> None:
        self._wire = wire

    def write(self, entry: Said) -> None:
        """Take one entry; returns at once."""
        line = entry.line
        if not line.text:
            return
        self._wire.send(
            lambda ref: TellAiLine(
                ref=ref,
                text=line.text[:MAX_AI_LINE_CHARS],
                language=line.lang[:20],
                beat=line.beat,
                source=entry.source,
                product_id=line.product_id,
                fact_ids=[fact_id[:160] for fact_id in line.fact_ids[:50]],
                question=line.question.text[:500] if line.question else "",
                held_back=entry.held_back[:500],
            )
        )
