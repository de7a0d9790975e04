"""Captions as a WebVTT file (https://www.w3.org/TR/webvtt1/): cues in time, none over another, text escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from stream_server.captions.model import CaptionLine, Cue

CONTENT_TYPE = "text/vtt; charset=utf-8"


def shortened(line: CaptionLine, until_ms: int) -> CaptionLine:
    """What of a line was heard when the speaker was interrupted at ``until_ms``."""
    kept: list[Cue] = []
    for cue in line.cues:
        if cue.start_ms >= until_ms:
            continue
        unheard = [mark.offset for mark in cue.marks if cue.start_ms + mark.ms >= until_ms]
        text = cue.text[: unheard[0]].rstrip() if unheard else cue.text
        marks = tuple(mark for mark in cue.marks if cue.start_ms + mark.ms < until_ms)
        if text:
            kept.append(replace(cue, text=text, marks=marks, end_ms=min(cue.end_ms, until_ms)))
    return replace(line, cues=tuple(kept))


def webvtt(lines: Iterable[CaptionLine], language: str) -> str:
    """A file for readers of ``language``; a line that is in another one is marked as such (``<lang>``)."""
    cues = sorted(((cue, line.language) for line in lines for cue in line.cues), key=lambda found: found[0].start_ms)
    parts = ["WEBVTT\n"]
    for number, (cue, spoken) in enumerate(cues):
        end_ms = _end(cue, [following for following, _ in cues[number + 1 : number + 2]])
        text = escaped(cue.text)
        if end_ms <= cue.start_ms or text == "":  # a cue of control characters alone has nothing to read
            continue
        marked = text if spoken == language else f"<lang {spoken}>{text}</lang>"
        parts.append(f"{stamp(cue.start_ms)} --> {stamp(end_ms)}\n{marked}\n")
    return "\n".join(parts)


def _end(cue: Cue, following: Sequence[Cue]) -> int:
    return min([cue.end_ms, *(other.start_ms for other in following)])


def stamp(ms: int) -> str:
    """``01:02:03.456``; hours have as many digits as they need."""
    ms = max(ms, 0)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def escaped(text: str) -> str:
    """As cue text: on one line, so that no blank line ends the cue early."""
    plain = " ".join(text.replace("\0", " ").split())
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
