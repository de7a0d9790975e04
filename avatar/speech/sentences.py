"""Split text into sentences, for speech that begins with the first one; knows CJK, Arabic and what is no full stop."""

from __future__ import annotations

import re

MAX_SENTENCE_CHARS = 240
"""A longer sentence is cut at a comma or a space: one utterance must stay interruptible and quick to make."""

_ABBREVIATIONS = frozenset(
    ("mr", "mrs", "ms", "dr", "st", "vs", "etc", "e.g", "i.e", "approx")
    + ("z.b", "bzw", "ca", "inkl", "usw", "p.ej", "sr", "sra", "núm", "aprox", "mme", "env", "руб", "т.е", "т.д")
)
_END = re.compile(r"[。！？!?؟…]+[”’」』）)\"']*|\.+[”’)\"']*(?=\s|$)|\n+")
_SOFT = re.compile(r"[,;:،؛，、；：—–]\s?|\s")


def split(text: str) -> list[str]:
    """Sentences of ``text`` in order, each at most `MAX_SENTENCE_CHARS` long, none empty; nothing but space is lost."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        before = text[start : match.start()].rstrip()
        last = before.rsplit(None, 1)[-1].lower() if before else ""
        if match.group().startswith(".") and (last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha())):
            continue
        found += _pieces(text[start : match.end()])
        start = match.end()
    found += _pieces(text[start:])
    return found


def _pieces(sentence: str) -> list[str]:
    sentence = sentence.strip()
    found: list[str] = []
    while len(sentence) > MAX_SENTENCE_CHARS:
        cut = 0
        for match in _SOFT.finditer(sentence, 0, MAX_SENTENCE_CHARS):
            if match.group().strip() or match.end() - cut > MAX_SENTENCE_CHARS // 2:
                cut = match.end()
        cut = cut or MAX_SENTENCE_CHARS
        found.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    if sentence:
        found.append(sentence)
    return [piece for piece in found if piece]
