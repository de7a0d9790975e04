"""What chat asks about words and languages (`chat.ports.LineReader`), answered by translation."""

from __future__ import annotations

from stream_server.ids import ShowId
from stream_server.translation.ports import Translator
from stream_server.translation.wordbook_service import Wordbooks


class ChatReader:
    """Languages by the translator, unwelcome words by the show's wordbook."""

    def __init__(self, translator: Translator, wordbooks: Wordbooks) -> None:
        self._translator = translator
        self._wordbooks = wordbooks

    def language_of(self, text: str, hint: str | None) -> str:
        """See `LineReader.language_of`."""
        return self._translator.identify(text, hint)

    async def blocks(self, show_id: ShowId, text: str) -> bool:
        """See `LineReader.blocks`."""
        return (await self._wordbooks.of_show(show_id)).blocks(text)
