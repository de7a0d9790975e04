"""Any server with an OpenAI-compatible ``/v1/audio/speech``; it tells no times, espeak-ng's are laid over the sound."""

from __future__ import annotations

import asyncio
import io
import wave
from dataclasses import dataclass, field

import httpx2
import numpy as np
from numpy.typing import NDArray

from avatar.errors import SpeechUnavailable
from avatar.speech import loudness
from avatar.speech.alignment import aligned
from avatar.speech.engine import Engine, RawSpeech
from avatar.speech.ports import VoiceInfo

MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class SpeechEndpoint:
    """Where the server is and what to ask it for."""

    url: str
    """Base address up to and with ``/v1``."""
    model: str
    voice: str = "alloy"
    key: str = field(default="", repr=False)
    """Bearer token; empty for none."""
    languages: tuple[str, ...] = ()
    """First parts of the tags it speaks; empty means all."""
    timeout_s: float = 15.0


class HttpSpeechEngine:
    """Asks a server for each utterance. ``client`` stays its owner's."""

    def __init__(self, endpoint: SpeechEndpoint, client: httpx2.AsyncClient, timing: Engine) -> None:
        self._endpoint, self._client, self._timing = endpoint, client, timing
        self.info = VoiceInfo(
            f"http:{endpoint.model}/{endpoint.voice}", endpoint.languages, "as the server's model", "speech server"
        )

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """See `avatar.speech.engine.Engine.speak`."""
        body = await self._fetch(spoken)
        sound, rate = await asyncio.to_thread(read_wav, body, self.info.engine)
        return await aligned(sound, rate, spoken, lang, self._timing)

    async def _fetch(self, spoken: str) -> bytes:
        wanted = {
            "model": self._endpoint.model,
            "voice": self._endpoint.voice,
            "input": spoken,
            "response_format": "wav",
        }
        headers = {"Authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else {}
        url = f"{self._endpoint.url.rstrip('/')}/audio/speech"
        try:
            async with (
                asyncio.timeout(self._endpoint.timeout_s),
                self._client.stream("POST", url, json=wanted, headers=headers) as reply,
            ):
                if reply.status_code != 200:
                    raise SpeechUnavailable(self.info.engine, f"the server answers {reply.status_code}")
                body = bytearray()
                async for part in reply.aiter_bytes():
                    body += part
                    if len(body) > MAX_BYTES:
                        raise SpeechUnavailable(self.info.engine, "the answer is too long")
        except (httpx2.HTTPError, TimeoutError) as error:
            raise SpeechUnavailable(self.info.engine, f"no answer ({type(error).__name__})") from error
        return bytes(body)


def read_wav(body: bytes, engine: str) -> tuple[NDArray[np.float32], int]:
    """Samples (mono, full scale 1.0) and rate of a 16-bit WAV file. Raises: SpeechUnavailable when it is none."""
    try:
        with wave.open(io.BytesIO(body)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            # Servers that stream leave the length open (0xFFFFFFFF); the data is what there is.
            data = file.readframes(min(file.getnframes(), len(body)))
    except (wave.Error, EOFError) as error:
        raise SpeechUnavailable(engine, "the answer is no WAV file") from error
    if width != 2 or channels not in (1, 2) or not 8000 <= rate <= 192_000 or len(data) < 2 * channels:
        raise SpeechUnavailable(engine, f"the answer has {channels} channels of {8 * width} bits at {rate} Hz")
    samples = loudness.to_float(np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], np.int16))
    return samples.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate
