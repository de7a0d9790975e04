"""Translates lines by the most trusted means that there is: template, phrase, model, else the original."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from avatar.translation.cleaning import calm, clean
from avatar.translation.embedded import DIRECTIONS, SHIPPED, EmbeddedModel
from avatar.translation.engine import Direction, Engine, ModelInfo, ModelRefused
from avatar.translation.glossary import Glossary
from avatar.translation.identify import identify
from avatar.translation.masking import Masked, mask
from avatar.translation.model import LANGUAGES, MAX_CHARS, UNKNOWN, Translated, Trust, primary
from avatar.translation.phrases import PhraseMemory
from avatar.translation.pivot import Work, by_models, route
from avatar.translation.segments import Edged, filled, sentences, simplified, spaced, without_edges

_NO_GLOSSARY: Final = Glossary()
_SURELY_ANOTHER: Final = 0.99
"""How sure the letters must be of another language than the one declared."""
_KEPT: Final = 4096
"""Translations kept: chat says the same thing many times."""
_LEAST_TO_TELL: Final = 16


@dataclass(frozen=True)
class _Asked:
    """One line on its way."""

    line: str
    source: str
    masked: Masked
    said: tuple[str, ...]
    """The masked items as the target says them."""
    edged: Edged


class Translator:
    """Synchronous and CPU-bound: for a worker process. Never raises for a text."""

    def __init__(
        self,
        engines: Sequence[Engine] = (),
        memory: PhraseMemory | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> None:
        """``engines``: the first that knows a direction translates it. ``memory``: None for the shipped one."""
        self.engines: dict[Direction, Engine] = {}
        """Who translates what."""
        for engine in engines:
            for direction in engine.directions:
                self.engines.setdefault(direction, engine)
        self._all = tuple(engines)
        self._memory = memory if memory is not None else PhraseMemory.shipped()
        self._known: OrderedDict[tuple[str, str, str, str], Translated] = OrderedDict()
        self.problems: dict[str, str] = {
            direction: reason
            for direction, reason in (problems or {}).items()
            if tuple(direction.split("-")) not in self.engines
        }
        """Direction (``en-es``) → why no model translates it; empty when all is well."""

    @classmethod
    def open(
        cls, folder: Path | None = None, upgrades: Sequence[Engine] = (), memory: PhraseMemory | None = None
    ) -> Self:
        """With the weights in ``folder``, by default those that the project ships, after any ``upgrades``.

        Weights that are missing or damaged are no error: their directions are in `problems`.
        """
        engines: list[Engine] = list(upgrades)
        problems: dict[str, str] = {}
        for name, directions in DIRECTIONS.items():
            try:
                engines.append(EmbeddedModel((folder or SHIPPED) / name))
            except ModelRefused as error:
                problems.update((f"{source}-{target}", error.reason) for source, target in directions)
        return cls(engines, memory, problems)

    @property
    def models(self) -> dict[str, ModelInfo]:
        """Direction → the model that translates it."""
        return {f"{source}-{target}": engine.info for (source, target), engine in self.engines.items()}

    def forget(self) -> None:
        """Translate anew what was translated before; for measuring."""
        self._known.clear()

    def close(self) -> None:
        """Close the engines; twice is fine."""
        for engine in self._all:
            engine.close()

    def translate(
        self, lines: Sequence[str], source: str | None, target: str, glossary: Glossary | None = None
    ) -> list[Translated]:
        """As many results as lines, in order.

        Args:
            lines: Each translated by itself; longer than `MAX_CHARS` stays as it is.
            source: Language tag of all lines; None: each line's is identified.
            target: Language tag; an unknown pair leaves the lines as they are.
            glossary: The shop's own words.
        """
        to, words = primary(target), glossary or _NO_GLOSSARY
        results: list[Translated | None] = []
        waiting: dict[str, list[tuple[int, _Asked]]] = defaultdict(list)
        for n, line in enumerate(lines):
            results.append(self._remembered(line, source, to, words))
            if results[n] is None:
                asked = self._asked(line, source, to, words)
                results[n] = self._without_a_model(asked, to)
                if results[n] is None:
                    waiting[asked.source].append((n, asked))
                else:
                    self._remember(line, source, to, words, results[n])
        for language, group in waiting.items():
            for (n, asked), text in zip(group, self._by_models(language, to, group), strict=True):
                if text is None:
                    results[n] = Translated(asked.line, language, to, Trust.ORIGINAL)
                else:
                    results[n] = Translated(text, language, to, Trust.MODEL)
                    self._remember(asked.line, source, to, words, results[n])
        return [result for result in results if result is not None]

    def _asked(self, line: str, source: str | None, to: str, glossary: Glossary) -> _Asked:
        if len(line) > MAX_CHARS:
            nothing = Masked("", ())
            return _Asked(line, primary(source) if source else UNKNOWN, nothing, (), Edged("", "", ""))
        text = clean(line)
        masked = mask(text, glossary.found_in(text, to))
        said = tuple(glossary.said_in(item, to) or item for item in masked.items)
        return _Asked(line, _language(text, source), masked, said, without_edges(masked))

    def _without_a_model(self, asked: _Asked, to: str) -> Translated | None:
        """What is settled at once: nothing to translate, no way to, or a phrase of the memory."""
        stays = Translated(asked.line, asked.source, to, Trust.ORIGINAL)
        if asked.source in (to, UNKNOWN) or not any(letter.isalpha() for letter in asked.edged.text):
            return stays
        if (phrase := self._phrases(asked, to)) is not None:
            return phrase
        return None if route(self.engines, asked.source, to) else stays

    def _phrases(self, asked: _Asked, to: str) -> Translated | None:
        """The line out of the memory: whole, or every sentence of it."""
        whole = self._found([asked.edged.text], asked.source, to)
        if whole is not None and whole[0] is Trust.TEMPLATE:
            found: tuple[Trust, str] | None = whole
        else:
            pieces = sentences(asked.edged.text)
            found = (self._found(pieces, asked.source, to) if len(pieces) > 1 else None) or whole
        return Translated(_whole(asked, found[1]), asked.source, to, found[0]) if found else None

    def _found(self, pieces: list[str], source: str, to: str) -> tuple[Trust, str] | None:
        """What the memory makes of all the pieces together."""
        phrases = []
        for piece in pieces:
            phrase = self._memory.find(_read(piece, source), source, to)
            if phrase is None:
                return None
            phrases.append((phrase.trust, _capital(phrase.text) if _begins_a_sentence(piece) else phrase.text))
        if not phrases:
            return None
        is_exact = all(trust is Trust.TEMPLATE for trust, _ in phrases)
        joined = ("" if to in ("zh", "ja") else " ").join(text for _, text in phrases)
        return (Trust.TEMPLATE if is_exact else Trust.PHRASE), joined

    def _by_models(self, language: str, to: str, group: list[tuple[int, _Asked]]) -> list[str | None]:
        works = [Work(_read(asked.edged.text, language), asked.said) for _, asked in group]
        said = by_models(self.engines, works, language, to)
        return [_whole(asked, text) if text is not None else None for (_, asked), text in zip(group, said, strict=True)]

    def _remembered(self, line: str, source: str | None, to: str, glossary: Glossary) -> Translated | None:
        key = (line, source or "", to, glossary.fingerprint)
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def _remember(
        self, line: str, source: str | None, to: str, glossary: Glossary, translated: Translated | None
    ) -> None:
        if translated is None or not translated.is_translation:
            return
        self._known[line, source or "", to, glossary.fingerprint] = translated
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)


def _language(text: str, source: str | None) -> str:
    """The declared language, unless the text is surely in another."""
    declared = primary(source) if source else UNKNOWN
    guess = identify(text, None if declared == UNKNOWN else declared)
    if declared == UNKNOWN or guess.language == declared:
        return guess.language
    is_long = sum(letter.isalpha() for letter in text) >= _LEAST_TO_TELL or guess.language in ("zh", "ja", "ko")
    is_other = guess.language in LANGUAGES and guess.confidence >= _SURELY_ANOTHER and is_long
    return guess.language if is_other else declared


def _begins_a_sentence(text: str) -> bool:
    """Whether a capital belongs at the beginning of the translation: there is one here, or the script knows none."""
    first = next((c for c in text if c.isalpha()), "a")
    return not first.islower()


def _capital(text: str) -> str:
    at = next((n for n, c in enumerate(text) if c.isalpha()), None)
    return text if at is None else text[:at] + text[at].upper() + text[at + 1 :]


def _read(masked: str, language: str) -> str:
    """A masked text as memory and models read it."""
    text = calm(masked)
    return simplified(text) if language == "zh" else text


def _whole(asked: _Asked, said: str) -> str:
    """The finished line: edges as they were, every item in its place."""
    return filled(asked.edged.before + spaced(said.strip(), asked.said) + asked.edged.after, asked.said)
