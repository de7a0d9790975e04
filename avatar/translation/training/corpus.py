"""Sentence pairs, cleaned, masked and split so that no test sentence has a near-duplicate in training.

Sources: Tatoeba (CC-BY 2.0 FR, tatoeba.org, collected by manythings.org/anki), tab-separated English and other; and the
project's own shopping grammar. Chinese is in simplified characters throughout (OpenCC), test and training alike.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from avatar.translation.masking import mask
from avatar.translation.training.shopping_lines import ShoppingGrammar

LONGEST: Final = 200
"""Characters; longer pairs are left out (0.3 % of them)."""
TEST_LINES: Final = 1000
TOO_ALIKE: Final = 0.75
"""Share of common words (Jaccard) from which a training sentence is too close to a test sentence."""
SHOP_DRAWS: Final = 60_000
REFERENCES: Final = 4

_WORD = re.compile(r"[\w']+")
_NAMES: Final = frozenset(("tom", "mary", "john", "jim", "ken", "bob", "alice", "mike", "jane", "tom's", "mary's"))


@dataclass(frozen=True)
class Pair:
    """English and its translation into ``lang``."""

    en: str
    other: str
    lang: str


@dataclass(frozen=True)
class Test:
    """A held-out source with what people made of it."""

    source: str
    references: tuple[str, ...]


def clean(text: str) -> str:
    """NFC, plain quotes, single spaces, no control characters."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return " ".join("".join(c for c in text if c.isprintable() or c == " ").split())


def read_tatoeba(file: Path, lang: str, simplify: Callable[[str], str]) -> Iterator[Pair]:
    """Pairs of a ``.txt`` or of the only ``.txt`` with tabs in a ``.zip``."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            name = max(
                (n for n in archive.namelist() if n.endswith(".txt") and "about" not in n and "__MACOSX" not in n),
                key=lambda n: archive.getinfo(n).file_size,
            )
            stream: Iterable[str] = io.StringIO(archive.read(name).decode("utf-8"))
    else:
        stream = file.open(encoding="utf-8")
    for line in stream:
        english, other, *_ = [*line.rstrip("\n").split("\t"), "", ""]
        english, other = clean(english), simplify(clean(other)) if lang == "zh" else clean(other)
        if english and other and max(len(english), len(other)) <= LONGEST:
            yield Pair(english, other, lang)


def words(text: str) -> frozenset[str]:
    """What a sentence is compared by: its words without case, punctuation and the corpus' favourite names."""
    return frozenset(w for w in _WORD.findall(text.lower()) if w not in _NAMES)


def held_out(sentence: str, share: float) -> bool:
    """The same sentences are chosen every time, whatever the order of the files."""
    return int.from_bytes(hashlib.sha256(sentence.lower().encode()).digest()[:4], "big") < share * 2**32


def split(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Training and test pairs of one language: all pairs of about `TEST_LINES` English sentences are the test.

    Training loses every pair whose English shares `TOO_ALIKE` of its words with a test sentence, or whose other side is
    a test sentence's.
    """
    sentences = {pair.en for pair in pairs}
    share = TEST_LINES / max(1, len(sentences))
    test = [pair for pair in pairs if held_out(pair.en, share)]
    others = {pair.other for pair in test}
    tested = {words(pair.en) for pair in test}
    by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
    for bag in tested:
        for word in bag:
            by_word[word].append(bag)

    def is_too_alike(english: str) -> bool:
        bag = words(english)
        common: dict[frozenset[str], int] = defaultdict(int)
        for word in bag:
            for candidate in by_word.get(word, ()):
                common[candidate] += 1
        return any(n / (len(bag) + len(c) - n) >= TOO_ALIKE for c, n in common.items()) or bag in tested

    verdicts = {sentence: is_too_alike(sentence) for sentence in sentences}
    train = [p for p in pairs if p.other not in others and not verdicts[p.en]]
    return train, test


def masked_pair(source: str, target: str) -> tuple[str, str] | None:
    """The pair with the same placeholders on both sides; None when the items do not correspond."""
    one = mask(source)
    two = mask(target)
    if sorted(one.items) != sorted(two.items) or len(one.items) > 10:
        return None
    if not one.items:
        return one.text, two.text
    places = {item: f"⟦{number}⟧" for number, item in enumerate(one.items)}
    if len(places) != len(one.items):
        return None
    renumbered = re.sub(r"⟦(\d)⟧", lambda match: places[two.items[int(match[1])]], two.text)
    return one.text, renumbered


def shopping(seed: int) -> tuple[list[Pair], list[Pair]]:
    """Lines of the grammar as pairs for es and zh: training and held-out lines (a twelfth, by the English)."""
    grammar = ShoppingGrammar(seed)
    lines = dict.fromkeys(grammar.draw() for _ in range(SHOP_DRAWS))
    train: list[Pair] = []
    test: list[Pair] = []
    for english, spanish, chinese in lines:
        kept = test if held_out(english, 1 / 12) else train
        kept += [Pair(english, spanish, "es"), Pair(english, chinese, "zh")]
    return train, test


def as_typed(text: str, chance: random.Random) -> str:
    """A source as people type it into a chat: now and then without capitals or the last mark."""
    roll = chance.random()
    if roll < 0.10:
        text = text.lower()
    if roll < 0.06 or 0.10 <= roll < 0.14:
        text = text.rstrip(".!?。？！").lstrip("¿¡")
    return text


def tests_of(pairs: Iterable[Pair], *, to_english: bool) -> list[Test]:
    """Sources with up to `REFERENCES` translations."""
    found: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        source, target = (pair.other, pair.en) if to_english else (pair.en, pair.other)
        if target not in found[source] and len(found[source]) < REFERENCES:
            found[source].append(target)
    return [Test(source, tuple(references)) for source, references in found.items()]
