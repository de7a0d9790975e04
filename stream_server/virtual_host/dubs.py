"""The host in further languages: asks the server who wants which, has them spoken, and publishes them.

It sits between the mind and the voice (`Overheard`, `HeardLog`) and beside the player (`on_step`), so that neither
knows of it. A language is spoken only while a viewer listens to it; voices are opened for the first one.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import NamedTuple, Protocol

from avatar.direction.ports import Said, SpeechLog
from avatar.dubbing.dubber import Dubber, LineTranslator
from avatar.dubbing.track import DubTrack
from avatar.model import LANGUAGES, language_of
from avatar.performance import Step
from avatar.speech.ports import Speaker, Utterance, VoiceInfo
from avatar.speech.voices import open_voices
from avatar.voice_encoder import VoiceEncoder
from stream_server.clock import Clock
from stream_server.demo.certificate import write_certificate
from stream_server.signaling.media_plane import read_dub
from stream_server.virtual_host.dub_output import DubOutput, VoiceSink

logger = logging.getLogger(__name__)

ASK_EVERY_S = 1.0
LINGER_S = 15.0
"""A language is spoken on for so long after its last listener left: people change their minds and their networks."""
RETRY_S = 3.0
"""After a dub's connection failed."""
LEAVE_S = 1.0
HANDSHAKE_TIMEOUT_MS = "5000"
DUBBED = ("en", "es", "zh")
"""Languages that are offered; of the interface, and those the host has words and a fair voice for."""


class DubDoor(Protocol):
    """Says who wants which dub."""

    async def dubs(self, show_id: str) -> Mapping[str, int]:
        """Listeners of each dub that this host offers while it is on air. Raises: OSError."""


def offered(lang: str) -> tuple[str, ...]:
    """The dubs of a host who speaks ``lang``: each language alone, and over the original."""
    others = [other for other in DUBBED if other != language_of(lang) and other in LANGUAGES]
    return tuple(name for other in others for name in (other, f"{other}+original"))


class _Making(NamedTuple):
    """What one language's sound goes into."""

    track: DubTrack
    alone: DubOutput | None
    over: DubOutput | None


class HostDubs:
    """One host's dubs, as long as its `run` lasts."""

    def __init__(
        self,
        door: DubDoor,
        show_id: str,
        open_sink: Callable[[str], VoiceSink],
        clock: Clock,
        voices: Callable[[], AbstractAsyncContextManager[Speaker]] = open_voices,
        translator: Callable[[], AbstractAsyncContextManager[LineTranslator]] | None = None,
    ) -> None:
        """``open_sink`` opens a dub's way to the relay, by its name; it may block.

        ``voices`` and ``translator`` are opened for the first language that is wanted.
        """
        self._voices, self._translator = voices, translator
        self._door, self._show_id, self._open_sink = door, show_id, open_sink
        self._clock = clock
        self.dubber: Dubber | None = None
        """None until the first language is wanted."""
        self._wanted_s: dict[str, float] = {}
        """When each dub was wanted last."""
        self._outputs: dict[str, DubOutput] = {}
        self._failed_s: dict[str, float] = {}
        self._making: tuple[_Making, ...] = ()

    # ------------------------------------------------------------ between mind, voice and player

    def written(self, entry: Said) -> None:
        """The mind has decided on a line."""
        if self.dubber is not None and not entry.held_back:
            self.dubber.written(entry.line)

    def spoken(self, utterance: Utterance) -> None:
        """The original's sound of a line is ready."""
        if self.dubber is not None:
            self.dubber.spoken(utterance)

    def on_step(self, step: Step) -> None:
        """The player's thread: the same 20 ms in every language."""
        for making in self._making:
            mixed = making.track.step(step)
            if making.alone is not None:
                making.alone.put(step.first_sample, mixed.voice)
            if making.over is not None:
                making.over.put(step.first_sample, mixed.over_original)

    # ------------------------------------------------------------ wishes

    async def run(self) -> None:
        """Follow what is wanted until cancelled."""
        try:
            async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
                while True:
                    try:
                        wishes = await self._door.dubs(self._show_id)
                    except OSError as error:
                        logger.warning("the server does not say which languages are wanted: %s", error)
                    else:
                        if self.dubber is None and any(wishes.values()):
                            self.dubber = await self._open(stack)
                            group.create_task(self.dubber.run(), name="dubs")
                        self.serve(wishes)
                    await asyncio.sleep(ASK_EVERY_S)
        finally:
            self._making = ()
            for output in self._outputs.values():
                output.stop()
            for output in self._outputs.values():
                await asyncio.to_thread(output.join, LEAVE_S)

    async def _open(self, stack: AsyncExitStack) -> Dubber:
        voices = await stack.enter_async_context(self._voices())
        if self._translator is None:
            return Dubber(voices)
        return Dubber(voices, await stack.enter_async_context(self._translator()))

    def serve(self, wishes: Mapping[str, int]) -> None:
        """So many listen to which dub: speak those languages, and publish those dubs."""
        if self.dubber is None:
            return
        now_s = self._clock.monotonic_s()
        self._wanted_s |= {name: now_s for name, listeners in wishes.items() if listeners and read_dub(name)}
        self._wanted_s = {
            name: at_s for name, at_s in self._wanted_s.items() if name in wishes and now_s - at_s <= LINGER_S
        }
        self.dubber.want(self._languages(wishes))
        tracks = self.dubber.tracks
        names = [name for name in self._wanted_s if language_of(name.partition("+")[0]) in tracks]
        self._open_and_close(names, now_s)
        self._making = tuple(
            _Making(track, self._outputs.get(lang), self._outputs.get(f"{lang}+original"))
            for lang, track in tracks.items()
        )

    def _languages(self, wishes: Mapping[str, int]) -> list[str]:
        """Those with most listeners first; among equals, those that are spoken already."""
        listeners: dict[str, int] = {}
        for name in self._wanted_s:
            lang = name.partition("+")[0]
            listeners[lang] = listeners.get(lang, 0) + wishes.get(name, 0)
        spoken = self.dubber.tracks if self.dubber is not None else {}
        return sorted(listeners, key=lambda lang: (-listeners[lang], lang not in spoken))

    def _open_and_close(self, names: Sequence[str], now_s: float) -> None:
        for name, output in list(self._outputs.items()):
            if output.has_failed:
                self._failed_s[name] = now_s
            if output.has_failed or name not in names:
                output.stop()
                del self._outputs[name]
        for name in names:
            if name not in self._outputs and now_s - self._failed_s.get(name, float("-inf")) >= RETRY_S:
                logger.info("speaking %s", name)
                self._outputs[name] = DubOutput(name, lambda name=name: self._open_sink(name))  # type: ignore[misc]


class Overheard:
    """The host's voice, with the dubs listening in."""

    def __init__(self, speaker: Speaker, dubs: HostDubs) -> None:
        """``speaker`` stays its owner's."""
        self._speaker, self._dubs = speaker, dubs

    @property
    def info(self) -> VoiceInfo:
        """Which voice this is."""
        return self._speaker.info

    async def say(self, text: str, lang: str) -> Utterance:
        """See `Speaker.say`."""
        utterance = await self._speaker.say(text, lang)
        self._dubs.spoken(utterance)
        return utterance


class HeardLog:
    """A `SpeechLog` before another one, from which the dubs learn what is going to be said."""

    def __init__(self, log: SpeechLog, dubs: HostDubs) -> None:
        self._log, self._dubs = log, dubs

    def write(self, entry: Said) -> None:
        """Take one entry."""
        self._dubs.written(entry)
        self._log.write(entry)


class WhipSinks:
    """Opens dubs at a show's WHIP address. Leaving the block removes the certificate they bring."""

    def __init__(self, whip_url: str, token: str, clock: Clock) -> None:
        self._url, self._token, self._clock = whip_url, token, clock
        self._folder = tempfile.TemporaryDirectory(prefix="vitrine-dubs-")
        self._certificate = write_certificate(Path(self._folder.name), clock)

    def __enter__(self) -> WhipSinks:
        return self

    def __exit__(self, *error: object) -> None:
        self._folder.cleanup()

    def open(self, name: str) -> VoiceSink:
        """Publish one dub. Blocks for the handshake. Raises: OutputFailed."""
        options = {
            "authorization": self._token,
            "cert_file": str(self._certificate.certificate),
            "key_file": str(self._certificate.key),
            "handshake_timeout": HANDSHAKE_TIMEOUT_MS,
        }
        address = f"{self._url}?dub={name.replace('+', '%2B')}"
        return VoiceEncoder(address, format="whip", muxer_options=options)
