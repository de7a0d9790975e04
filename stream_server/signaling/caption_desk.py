"""From the live channel's words to captions, and from captions to the translator with the show's own words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import structlog

from stream_server.captions.listening import ListeningWish
from stream_server.captions.model import Mark, Script, Spoken
from stream_server.captions.service import CaptionService
from stream_server.errors import NotFound, Unavailable
from stream_server.ids import ShowId
from stream_server.signaling.messages import (
    GrowCaption,
    PrepareCaption,
    SetListening,
    StopCaption,
    TellCaption,
    TellHeardCommand,
    TellListening,
)
from stream_server.translation.model import Translated, reading_language
from stream_server.translation.ports import Translator
from stream_server.translation.wordbook import Wordbook
from stream_server.translation.wordbook_service import Wordbooks

log = structlog.get_logger(__name__)

REMEMBERED = 200
"""Scripts that were prepared and not said yet: `TellCaption` does not repeat their translations."""


class CaptionDesk:
    """Takes the captioner's commands. Who may give them was looked at before."""

    def __init__(self, captions: CaptionService) -> None:
        self._captions = captions
        self._prepared: OrderedDict[tuple[ShowId, str], Script] = OrderedDict()

    async def carry(
        self, show_id: ShowId, command: PrepareCaption | TellCaption | GrowCaption | StopCaption | SetListening
    ) -> None:
        """Do it. Raises: BadCaption, Unavailable."""
        match command:
            case PrepareCaption():
                given = {reading_language(tag): text for tag, text in command.translations.items()}
                script = Script(command.utterance_id, command.language, command.text, given)
                self._prepared[show_id, script.utterance_id] = script
                if len(self._prepared) > REMEMBERED:
                    self._prepared.popitem(last=False)
                self._captions.prepare(show_id, script)
            case TellCaption():
                prepared = self._prepared.pop((show_id, command.utterance_id), None)
                script = Script(command.utterance_id, command.language, command.text)
                if prepared is not None and prepared.text == script.text:
                    script = prepared
                spoken = Spoken(script, _marks(command), command.end_ms, command.is_heard)
                await self._captions.said(show_id, spoken)
            case GrowCaption():
                script = Script(command.utterance_id, command.language, command.text)
                await self._captions.growing(show_id, Spoken(script, _marks(command), command.end_ms, is_heard=True))
            case SetListening():
                language = reading_language(command.language) if command.language else ""
                await self._captions.wish(show_id, ListeningWish(command.is_on, language))
            case StopCaption():
                await self._captions.stopped(show_id, command.utterance_id, command.until_ms)

    def tell(self, show_id: ShowId, command: TellListening | TellHeardCommand) -> None:
        """What the listener says about itself, for those who run the show."""
        kind = "listening_state" if isinstance(command, TellListening) else "voice_command"
        self._captions.tell_staff(show_id, kind, command.model_dump(exclude={"type", "ref"}))


def _marks(command: TellCaption | GrowCaption) -> tuple[Mark, ...]:
    return tuple(Mark(offset, ms) for offset, ms in command.marks)


class ShowInterpreter:
    """`captions.ports.Interpreter`: the server's translator with the words of the shops in the show."""

    def __init__(self, translator: Translator, wordbooks: Wordbooks) -> None:
        self._translator, self._wordbooks = translator, wordbooks

    async def interpret(self, show_id: ShowId, lines: Sequence[str], source: str, target: str) -> list[Translated]:
        """See `Interpreter.interpret`."""
        try:
            words = await self._wordbooks.of_show(show_id)
        except (Unavailable, NotFound) as error:
            log.warning("captions without the shop's words", show_id=show_id, error=str(error))
            words = Wordbook()
        return await self._translator.translate(lines, source, target, words, is_urgent=True)
