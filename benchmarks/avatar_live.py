"""How soon the AI host's answer is heard: from a viewer's chat message to the answer's first sound at a viewer.

    python -m benchmarks.avatar_live [--questions 36]

A real server with the demo's show; guests ask in English, Chinese and Spanish, one at a time: when the host is done
with the answer before, at any moment of what it says then. A WHEP viewer keeps the Opus packets it gets. What the host
says is in the log of the show, so the answer is spoken again here by the same voice and found in the viewer's sound by
correlation: the packet with its first audible sample is the one whose arrival counts. A player's own jitter buffer
comes on top. Each answer's row goes to ``results/avatar_answers_live.csv``.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import tempfile
import time
from collections import deque
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection

from avatar.speech.ports import SAMPLE_RATE, Speaker
from avatar.speech.voices import open_voices
from benchmarks.avatar_soak import ai_on_air, show_and_token
from benchmarks.harness.chatters import answers, guest, joined
from benchmarks.harness.figures import RESULTS, conclude, percentile, show_table
from benchmarks.harness.whep_viewer import MeasuringViewer, look_on, watch
from benchmarks.light_viewer import AUDIO_TYPE
from stream_server.ids import new_id
from stream_server.media.rtp import RtpHeader
from tests.serving import Server, serving

QUESTIONS = {
    "en": (
        "How much is it?",
        "What is it made of?",
        "How big is it?",
        "Is it in stock?",
        "How heavy is it?",
        "Can I put it in the dishwasher?",
        "What colours are there?",
        "How long does delivery take?",
        "Can I send it back?",
        "Who made it?",
    ),
    "zh-CN": (
        "多少钱？",
        "是什么材料做的？",
        "有多大？",
        "还有货吗？",
        "有多重？",
        "有什么颜色？",
        "多久能送到？",
        "可以退货吗？",
        "怎么保养？",
        "是哪里做的？",
    ),
    "es": (
        "¿Cuánto cuesta?",
        "¿De qué material es?",
        "¿Qué tamaño tiene?",
        "¿Queda alguno?",
        "¿Cuánto pesa?",
        "¿Qué colores hay?",
        "¿Cuánto tarda el envío?",
        "¿Puedo devolverlo?",
        "¿Cómo se cuida?",
        "¿Dónde se hace?",
    ),
}
KEPT_PACKETS = 2000
WAIT_S = (0.2, 6.0)
"""From the begin of a line to the question: any moment of it, or of the next."""
HEARD_S = 15.0
"""An answer that is not heard within so long was not given."""
SOUGHT_S = 1.2
"""So much of the answer's beginning is looked for."""
AUDIBLE = 0.03
"""Of the loudest sample."""
ALIKE = 0.5
"""Correlation from which the sound is the answer: Opus leaves far more, another sentence far less."""


@dataclass(frozen=True)
class Heard:
    """One answer; times in ms from sending the question."""

    language: str
    question: str
    echo_ms: float
    """The question came back as a chat line: the server's own way."""
    decided_ms: float
    """The host said what it would answer (its log), before the voice made it."""
    text_ms: float
    """The written answer at the viewer."""
    sound_ms: float
    """The first audible sample of the spoken one."""
    likeness: float
    beat_before: str
    """What the host was at when it was asked."""
    since_question_s: float
    """Since the question before: it does not let itself be interrupted again at once."""


class Ear:
    """A viewer's newest Opus packets with their arrivals."""

    def __init__(self) -> None:
        self._packets: deque[tuple[float, bytes]] = deque(maxlen=KEPT_PACKETS)

    def take(self, kind: int, header: RtpHeader, payload: bytes, at_s: float) -> None:
        """A `MeasuringViewer`'s listener."""
        del header
        if kind == AUDIO_TYPE and payload:
            self._packets.append((at_s, payload))

    def since(self, since_s: float) -> tuple[NDArray[np.float32], list[tuple[int, float]]]:
        """Mono samples of what arrived from then on, and the first sample and arrival of each packet."""
        decoder = av.CodecContext.create("opus", "r")
        parts: list[NDArray[np.float32]] = []
        starts: list[tuple[int, float]] = []
        count = 0
        for at_s, payload in list(self._packets):
            if at_s < since_s:
                continue
            starts.append((count, at_s))
            for frame in decoder.decode(av.Packet(payload)):
                assert isinstance(frame, av.AudioFrame)
                samples = frame.to_ndarray()
                # Planar or interleaved, both channels are the same voice.
                mono = samples.reshape(-1, len(frame.layout.channels)).mean(axis=1)
                if frame.format.is_planar:
                    mono = samples.mean(axis=0)
                parts.append(mono.astype(np.float32))
                count += len(mono)
        return np.concatenate([*parts, np.zeros(0, np.float32)]), starts


def find(wanted: NDArray[np.float32], sound: NDArray[np.float32]) -> tuple[int, float]:
    """Where in ``sound`` something begins that is most like ``wanted``, and how like it is (-1 to 1).

    Raises: ValueError when ``sound`` is shorter than ``wanted``.
    """
    if len(sound) < len(wanted) or not len(wanted):
        raise ValueError("less sound than is looked for")
    size = 1 << (len(sound) + len(wanted)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: len(sound) - len(wanted) + 1]
    power = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    norms = np.sqrt(np.maximum(power[len(wanted) :] - power[: -len(wanted)], 1e-9))
    likeness = products / (norms * max(float(np.linalg.norm(wanted)), 1e-9))
    # A stretch of near silence is like anything.
    likeness[norms < 0.05 * norms.max()] = 0.0
    at = int(likeness.argmax())
    return at, float(likeness[at])


def beginning(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    """The first audible part of an utterance, full scale 1.0."""
    audible = np.flatnonzero(np.abs(pcm.astype(np.int32)) > AUDIBLE * max(int(np.abs(pcm.astype(np.int32)).max()), 1))
    first = int(audible[0]) if len(audible) else 0
    found: NDArray[np.float32] = pcm[first : first + int(SOUGHT_S * SAMPLE_RATE)].astype(np.float32) / np.float32(32768)
    return found


class Operator:
    """The show's host on the live channel: hears what the AI host decides to say."""

    def __init__(self) -> None:
        self.last_beat = ""
        self.asked_s = 0.0
        """When it was asked last."""
        self.lines: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        self._other = asyncio.Event()

    async def listen(self, server: Server, show_id: str, token: str) -> None:
        """Until cancelled."""
        async with joined(server, token, show_id) as connection:
            async for text in connection:
                message = json.loads(text)
                if message["type"] == "ai_line":
                    if message["question"]:
                        self.lines.put_nowait((time.perf_counter(), message))
                        self._other.clear()
                    elif message["beat"] != "answer":
                        self.last_beat = message["beat"]
                        self._other.set()

    async def other_line(self) -> None:
        """Until the host is at something else than an answer."""
        await self._other.wait()


class Asker:
    """A guest who stays connected: somebody who comes in is news of its own."""

    def __init__(self, name: str, connection: ClientConnection) -> None:
        self.name = name
        self._connection = connection

    async def send(self, text: str) -> None:
        """Say something."""
        await self._connection.send(json.dumps({"type": "chat.send", "ref": new_id("ref"), "text": text}))

    async def receive(self) -> dict[str, Any]:
        """The next message that was not read yet. Raises: ConnectionClosed."""
        message: dict[str, Any] = json.loads(await self._connection.recv())
        return message

    async def forget(self) -> None:
        """Read what has come until now."""
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.02):
                    await self._connection.recv()


async def ask(asker: Asker, language: str, question: str, operator: Operator, ear: Ear, voices: Speaker) -> Heard:
    """Ask, and wait for the answer. Raises: TimeoutError when none comes, LookupError when it is not heard."""
    await asker.forget()
    while not operator.lines.empty():
        operator.lines.get_nowait()
    beat = operator.last_beat
    since_question_s = round(time.perf_counter() - operator.asked_s, 1)
    operator.asked_s = time.perf_counter()
    async with asyncio.timeout(HEARD_S):
        asked_s = time.perf_counter()
        await asker.send(question)
        echo_s = text_s = 0.0
        while not text_s:
            message = await asker.receive()
            if message["type"] == "chat" and message["line"]["text"] == question:
                echo_s = time.perf_counter()
            elif answers(message, asker.name):
                text_s = time.perf_counter()
        decided_s, line = await operator.lines.get()
        while line["question"] != question:
            decided_s, line = await operator.lines.get()
    await asyncio.sleep(SOUGHT_S + 0.6)
    wanted = beginning((await voices.say(line["text"], line["language"])).pcm)
    sound, starts = await asyncio.to_thread(ear.since, asked_s)
    at, likeness = await asyncio.to_thread(find, wanted, sound)
    if likeness < ALIKE:
        raise LookupError(f"{likeness:.2f}: {line['text']}")
    heard_s = max((entry for entry in starts if entry[0] <= at), key=lambda entry: entry[0])[1]

    def since_asked(at_s: float) -> float:
        return round((at_s - asked_s) * 1000, 1)

    return Heard(
        language,
        question,
        since_asked(echo_s),
        since_asked(decided_s),
        since_asked(text_s),
        since_asked(heard_s),
        round(likeness, 3),
        beat,
        since_question_s,
    )


async def run(questions: int) -> tuple[list[Heard], int]:
    """Ask so many; what was heard, and how many were not."""
    heard: list[Heard] = []
    missed = 0
    dice = random.Random(4)
    ear, operator = Ear(), Operator()
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder), "demo") as server, open_voices() as voices, asyncio.TaskGroup() as group:
            show_id, token = show_and_token(server)
            await ai_on_air(server, show_id)
            listening = group.create_task(operator.listen(server, show_id, token))
            viewer = await watch(server.url, show_id, MeasuringViewer)
            assert isinstance(viewer, MeasuringViewer)
            viewer.listener = ear.take
            looking = group.create_task(look_on([viewer]))
            async with joined(server, token, show_id) as connection, aclosing(aiter_pins(connection)) as pins:
                await anext(pins)  # before a product is shown, most questions are about nothing
            async with AsyncExitStack() as open_connections:
                askers = {}
                for language in QUESTIONS:
                    name = f"Asker {language}"
                    asker_token = await guest(server, name, language)
                    opened = await open_connections.enter_async_context(joined(server, asker_token, show_id))
                    askers[language] = Asker(name, opened)
                for n in range(questions):
                    language = list(QUESTIONS)[n % len(QUESTIONS)]
                    question = QUESTIONS[language][n // len(QUESTIONS) % len(QUESTIONS[language])]
                    await operator.other_line()
                    await asyncio.sleep(dice.uniform(*WAIT_S))
                    try:
                        heard.append(await ask(askers[language], language, question, operator, ear, voices))
                        print(heard[-1], flush=True)
                    except (TimeoutError, LookupError) as error:
                        missed += 1
                        print(f"not heard: {question} ({error!r})", flush=True)
                        print("\n".join(line for line in server.lines if line.startswith("["))[-1500:], flush=True)
            looking.cancel()
            listening.cancel()
            viewer.close()
    return heard, missed


async def aiter_pins(connection: Any) -> Any:
    """Once a product is pinned."""
    async for text in connection:
        message = json.loads(text)
        state = message.get("state") or {}
        if message["type"] == "pins" and message["pins"] or state.get("pins"):
            yield message


def figures_of(heard: list[Heard], missed: int) -> dict[str, float]:
    """The keys of the last line."""
    figures = {
        "answer_p50_ms": percentile([one.sound_ms for one in heard], 0.5),
        "answer_p95_ms": percentile([one.sound_ms for one in heard], 0.95),
        "answer_max_ms": max(one.sound_ms for one in heard),
        "text_p95_ms": percentile([one.text_ms for one in heard], 0.95),
        "decided_p95_ms": percentile([one.decided_ms for one in heard], 0.95),
        "answers": len(heard),
        "not_heard": missed,
        "likeness_min": min(one.likeness for one in heard),
    }
    for language in QUESTIONS:
        own = [one.sound_ms for one in heard if one.language == language]
        if own:
            figures[f"answer_p95_{language[:2]}_ms"] = percentile(own, 0.95)
    return figures


def main() -> None:
    """Read the arguments, run, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=36)
    given = parser.parse_args()
    heard, missed = asyncio.run(run(min(given.questions, 1000)))
    if not heard:
        raise SystemExit("No answer was heard.")
    with (RESULTS / "avatar_answers_live.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, asdict(heard[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(one) for one in heard)
    figures = figures_of(heard, missed)
    show_table("Question to answer", ("figure", "value"), list(figures.items()))
    conclude("avatar_live", figures, {"languages": " ".join(QUESTIONS)})


if __name__ == "__main__":
    main()
