"""Bodies of the REST interface about translation: texts in the reader's language, and a shop's own words."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from stream_server.translation.wordbook import (
    MAX_BLOCKED,
    MAX_KEPT,
    MAX_TERM_CHARS,
    MAX_TERM_LANGUAGES,
    MAX_TERMS,
)

Word = Annotated[str, Field(max_length=MAX_TERM_CHARS)]


class TranslatedTexts(BaseModel):
    """Texts that the seller did not write in the reader's language, translated automatically.

    A place is ``title``, ``summary``, ``delivery``, ``returns``, ``provenance``, ``facts.0.label``,
    ``facts.0.value``, ``variants.{variant_id}.label`` or ``pictures.0.alt``.
    """

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    language: str
    """Primary subtag."""
    texts: dict[str, str]
    """Place → text."""
    is_complete: bool
    """False when more are being translated: ask again in a few seconds."""


class WordbookTerm(BaseModel):
    """How a term of the shop is said in other languages."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    term: Word
    said: Annotated[dict[Annotated[str, Field(max_length=3)], Word], Field(max_length=MAX_TERM_LANGUAGES)]
    """Language (primary subtag) → word."""


class WordbookInput(BaseModel):
    """PUT /api/wordbook (brand; admins: the whole shop's, or with ``brand_id`` a brand's)."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    terms: Annotated[list[WordbookTerm], Field(max_length=MAX_TERMS)] = Field(default_factory=list)
    keep: Annotated[list[Word], Field(max_length=MAX_KEPT)] = Field(default_factory=list)
    """Never translated."""
    blocked: Annotated[list[Word], Field(max_length=MAX_BLOCKED)] = Field(default_factory=list)
    """A chat line with one of these, in the original or in a translation, is not shown."""


class Wordbook(WordbookInput):
    """GET /api/wordbook: the words as they are kept."""
