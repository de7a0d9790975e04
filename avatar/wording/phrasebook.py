"""The sentences of one language, read from ``texts/LANG.toml``: several for each thing to say.

A key is ``section.name``. Its variants have the same braces, so a caller needs to know only the key. Which variant
is taken is the caller's choice (`direction.variation`): this module knows no chance.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from avatar.model import LANGUAGES, language_of
from avatar.wording.measures import Measures

_BRACES = re.compile(r"\{([a-z_]+)\}")
_CLOSING = " \t\n.。．!！?？;；,，、:：·…؟،"
_DOUBLED = re.compile(r"([.!?。！？…؟])\s*[.。]")


class Phrasebook:
    """Everything the host can say in one language."""

    def __init__(self, lang: str, texts: Mapping[str, tuple[str, ...]]) -> None:
        self.lang = lang
        self.measures = Measures(lang)
        self._texts = texts

    @property
    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def variants(self, key: str) -> tuple[str, ...]:
        """The ways to say it, at least one. Raises: KeyError for a key that no language has."""
        return self._texts[key]

    def slots(self, key: str) -> frozenset[str]:
        """What has to be filled in."""
        return frozenset(_BRACES.findall(self.variants(key)[0]))

    def say(self, key: str, variant: int = 0, **slots: str) -> str:
        """A sentence; ``variant`` counts round. Values lose their closing punctuation, the sentence has its own.

        Raises: KeyError when a slot is missing.
        """
        variants = self.variants(key)
        chosen = variants[variant % len(variants)]
        # One pass: braces inside a value stay what they are, text.
        said = _BRACES.sub(lambda found: slots[found.group(1)].strip().rstrip(_CLOSING), chosen)
        return _DOUBLED.sub(r"\1", said)


@lru_cache(maxsize=len(LANGUAGES))
def _load(lang: str) -> Phrasebook:
    content = tomllib.loads(files("avatar.wording").joinpath("texts", f"{lang}.toml").read_text(encoding="utf-8"))
    texts = {
        f"{section}.{name}": tuple(variants)
        for section, entries in content.items()
        for name, variants in entries.items()
    }
    return Phrasebook(lang, texts)


def load_phrasebook(tag: str) -> Phrasebook:
    """The phrasebook for a language tag; English where there is none."""
    lang = language_of(tag)
    return _load(lang if lang in LANGUAGES else "en")
