"""Japanese as it is read: kanji to kana by pyopenjtalk (extra ``avatar-ja``, MIT), with the way back to the text."""

from __future__ import annotations

import importlib.util
import threading

from avatar.errors import SpeechUnavailable

_one_at_a_time = threading.Lock()
"""MeCab inside is not made for threads."""


def is_present() -> bool:
    """Whether pyopenjtalk is installed."""
    return importlib.util.find_spec("pyopenjtalk") is not None


def _hiragana(text: str) -> str:
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in text if sign != "’")


def to_kana(text: str) -> tuple[str, list[int]]:
    """Hiragana of ``text`` and, for each of its characters, the position in ``text`` that it reads.

    Raises: SpeechUnavailable when ``text`` holds kanji and pyopenjtalk is absent: espeak-ng spells them in English.
    """
    if not is_present():
        if any("一" <= sign <= "鿿" for sign in text):
            raise SpeechUnavailable("espeak-ng", "Japanese needs pyopenjtalk-plus (extra avatar-ja)")
        return _hiragana(text), list(range(len(text)))
    import pyopenjtalk

    with _one_at_a_time:
        words = pyopenjtalk.run_frontend(text)
    kana: list[str] = []
    positions: list[int] = []
    at = 0
    for word in words:
        # The dictionary's form is full width and may differ in length; the first letter finds it again.
        found = text.find(word["string"], at)
        at = found if 0 <= found <= at + 8 else at
        read = word["pron"] if word["pos"] != "記号" else ("、" if word["string"] in "、，," else "。")
        if kana and word["chain_flag"] != 1:
            kana.append(" ")
            positions.append(min(at, len(text) - 1))
        for sign in _hiragana(read):
            kana.append(sign)
            positions.append(min(at, len(text) - 1))
        at = min(at + len(word["string"]), len(text) - 1)
    return "".join(kana), positions
