"""A strict reader of WebVTT (https://www.w3.org/TR/webvtt1/#syntax): what it takes is a valid file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_TIMING = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
_LINE = re.compile(rf"^({_TIMING.pattern})[ \t]+-->[ \t]+({_TIMING.pattern})((?:[ \t]+\S+:\S+)*)$")
_TAG = re.compile(r"<(/?)([a-z]*)(?:\.[^ \t>]+)*(?:[ \t]([^>]*))?>|<(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}>")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp|#\d+|#x[0-9a-fA-F]+);)")


@dataclass(frozen=True)
class ReadCue:
    """One cue, as a player understands it."""

    start_ms: int
    end_ms: int
    text: str
    language: str | None = None
    """Of a ``<lang>`` around it."""


def _ms(stamp: str) -> int:
    found = _TIMING.fullmatch(stamp)
    assert found is not None, f"not a time: {stamp}"
    hours, minutes, seconds, ms = found.groups()
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(ms)


def read_webvtt(text: str) -> list[ReadCue]:
    """The cues of a file. Raises: AssertionError naming what the syntax does not allow."""
    assert not set(text) & {"\0", "\r"}
    head, _, body = text.partition("\n")
    assert re.fullmatch(r"\ufeff?WEBVTT(?:[ \t][^\n]*)?", head), f"not a signature: {head!r}"
    assert body == "" or body.startswith("\n"), "a blank line belongs behind the signature"
    cues: list[ReadCue] = []
    for block in (block.strip("\n") for block in re.split(r"\n{2,}", body)):
        if block:
            cues.append(_cue(block))
    starts = [cue.start_ms for cue in cues]
    assert starts == sorted(starts), "cues are not in order"
    return cues


def _cue(block: str) -> ReadCue:
    lines = block.split("\n")
    if "-->" not in lines[0]:
        lines = lines[1:]
    assert lines, f"a cue without timing: {block!r}"
    timing = _LINE.match(lines[0])
    assert timing is not None, f"not a timing line: {lines[0]!r}"
    start_ms, end_ms = _ms(timing.group(1)), _ms(timing.group(6))
    assert end_ms > start_ms, f"a cue that ends before it begins: {lines[0]!r}"
    payload = "\n".join(lines[1:])
    assert payload, f"a cue without text: {block!r}"
    assert "-->" not in payload, f"not a cue text: {payload!r}"
    assert not _REFERENCE.search(payload), f"a bare ampersand: {payload!r}"
    open_tags: list[str] = []
    language = None
    for tag in _TAG.finditer(payload):
        closes, name, annotation = tag.group(1), tag.group(2), tag.group(3)
        if name is None:
            continue
        assert name in ("c", "i", "b", "u", "ruby", "rt", "v", "lang"), f"no such tag: {tag.group()}"
        if closes:
            assert open_tags[-1:] == [name], f"a tag that was not open: {tag.group()}"
            open_tags.pop()
            continue
        open_tags.append(name)
        if name == "lang":
            assert annotation, "a <lang> without a language"
            language = annotation
    assert not open_tags, f"tags left open: {open_tags}"
    rest = _TAG.sub("", payload)
    assert "<" not in rest, f"a bare <: {payload!r}"
    return ReadCue(start_ms, end_ms, unescape(rest), language)
