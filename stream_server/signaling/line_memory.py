"""What was translated a moment ago: a crowd says the same few things again and again."""

from __future__ import annotations

from collections import OrderedDict

from stream_server.translation.model import Translated

_Key = tuple[str, str, str, str]


class LineMemory:
    """The last translations by text, source, target and wordbook; the one used longest ago is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[_Key, Translated] = OrderedDict()

    def get(self, text: str, source: str, target: str, fingerprint: str) -> Translated | None:
        """The translation, if it is remembered."""
        key = (text, source, target, fingerprint)
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def put(self, text: str, source: str, target: str, fingerprint: str, translated: Translated) -> None:
        """Remember a translation."""
        self._known[text, source, target, fingerprint] = translated
        while len(self._known) > self._most:
            self._known.popitem(last=False)
