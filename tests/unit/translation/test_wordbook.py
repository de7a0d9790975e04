from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_server.clock import ManualClock
from stream_server.errors import Unavailable
from stream_server.ids import BrandId, ShowId
from stream_server.stores.translation_memory import MemoryWordbookStore
from stream_server.translation.model import UNKNOWN, reading_language
from stream_server.translation.wordbook import (
    MAX_BLOCKED,
    MAX_TERM_CHARS,
    MAX_TERMS,
    SHOP,
    InvalidWordbook,
    Wordbook,
    checked,
    folded_words,
    merged,
)
from stream_server.translation.wordbook_service import FRESH_S, Wordbooks
from tests.unit.signaling.making import BRAND, OneBrand

SHOW = ShowId("show_clay")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("zh-CN", "zh"), (" ES_mx ", "es"), ("yue-HK", "yue"), ("english", UNKNOWN), ("", UNKNOWN)],
)
def test_the_primary_subtag_is_what_is_read(tag: str, language: str) -> None:
    assert reading_language(tag) == language


@pytest.mark.parametrize(
    ("word", "text", "is_blocked"),
    [
        ("scam", "what a SCAM!", True),
        ("scam", "scampi tonight", False),
        ("käse", "KASE", True),
        ("scam", "s\u200bcam", True),
        ("scam", "scaaaam", True),
        ("ｓｃａｍ", "scam", True),
        ("free money", "get free   money now", True),
        ("骗子", "他是骗子吗", True),
        ("사기", "사기꾼", True),
        ("c++", "c++ is fine", True),
    ],
)
def test_a_blocked_word_is_found_however_it_is_written(word: str, text: str, is_blocked: bool) -> None:
    assert checked(Wordbook(blocked=(word,))).blocks(text) is is_blocked


def test_an_empty_book_blocks_nothing() -> None:
    assert not Wordbook().blocks("anything at all")
    assert not checked(Wordbook(blocked=(" ", "\u200b"))).blocks(" ")


@given(st.text(max_size=300))
def test_folding_never_fails_and_folds_once(text: str) -> None:
    assert isinstance(folded_words(text), str)
    Wordbook(blocked=(text,)).blocks(text)


def test_a_book_is_kept_trimmed_and_without_doubles() -> None:
    book = checked(
        Wordbook({" cup\u200f ": {"es": " taza ", "zh": " "}}, keep=("Clay & Co", "Clay & Co", ""), blocked=(" x ",))
    )
    assert book == Wordbook({"cup": {"es": "taza"}}, ("Clay & Co",), ("x",))


@pytest.mark.parametrize(
    "book",
    [
        Wordbook({"a": {}}),
        Wordbook({"": {"es": "b"}}),
        Wordbook({"a": {"es-MX": "b"}}),
        Wordbook({"a": {"es": "b" * (MAX_TERM_CHARS + 1)}}),
        Wordbook({"a": {"es": "b"}, "a ": {"es": "c"}}),
        Wordbook({f"t{n}": {"es": "b"} for n in range(MAX_TERMS + 1)}),
        Wordbook(keep=("x" * 1000,)),
        Wordbook(blocked=tuple(f"w{n}" for n in range(MAX_BLOCKED + 1))),
    ],
)
def test_what_cannot_be_kept_is_refused(book: Wordbook) -> None:
    with pytest.raises(InvalidWordbook):
        checked(book)


def test_a_brands_word_is_right_where_the_shop_says_it_differently() -> None:
    shop = Wordbook({"cup": {"es": "copa", "fr": "tasse"}}, ("A",), ("x",))
    brand = Wordbook({"cup": {"es": "taza"}}, ("B",), ("y",))
    assert merged([shop, brand]) == Wordbook({"cup": {"es": "taza", "fr": "tasse"}}, ("A", "B"), ("x", "y"))


def test_only_what_changes_translations_changes_the_fingerprint() -> None:
    assert Wordbook(blocked=("x",)).fingerprint == Wordbook().fingerprint
    assert Wordbook({"a": {"es": "b"}}).fingerprint != Wordbook({"a": {"es": "c"}}).fingerprint


class CountingStore(MemoryWordbookStore):
    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.is_down = False

    async def load(self, owners):  # type: ignore[no-untyped-def]
        self.reads += 1
        if self.is_down:
            raise Unavailable(1)
        return await super().load(owners)


async def test_a_shows_book_is_read_again_only_when_it_may_have_changed() -> None:
    clock, store = ManualClock(), CountingStore()
    books = Wordbooks(store, OneBrand(), clock)
    await books.write(SHOP, Wordbook(keep=("A",)))
    assert (await books.of_show(SHOW)).keep == ("A",)
    assert (await books.of_show(SHOW)).keep == ("A",)
    assert store.reads == 1
    await books.write(BRAND, Wordbook(keep=("B",)))
    assert (await books.of_show(SHOW)).keep == ("A", "B")
    clock.advance(FRESH_S + 1)
    store.is_down = True
    assert (await books.of_show(SHOW)).keep == ("A", "B")
    with pytest.raises(Unavailable):
        await books.of_show(ShowId("show_other"))


async def test_each_owner_has_a_book_of_their_own() -> None:
    books = Wordbooks(MemoryWordbookStore(), OneBrand(), ManualClock())
    await books.write(BRAND, Wordbook(keep=("B",)))
    assert (await books.book(BRAND)).keep == ("B",)
    assert await books.book(BrandId("brand_other")) == Wordbook()
