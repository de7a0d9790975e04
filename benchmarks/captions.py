"""How close captions are to the words: the AI host's script in three languages at the viewer's browser.

    python -m benchmarks.captions [--seconds 60]

A real server with the demo's show, one page of the real player for each language. A page notes which caption stands on
which frame, and keeps the sound as it comes out of the browser's jitter buffer. What the host says is spoken again here
by the same voice and found in that sound by correlation, so the moment at which each cue's first word is *heard* is
known on the page's own clock; the caption's lag is how much later the cue is *seen* (negative: earlier). The frame
error counts presented frames between the cue's frame, the first at or after its time on the show clock, and the one it
came with. Beside it, without a server: how calm streaming recognition is (the scripted recogniser mishears half of the
newest words), and PocketSphinx's word errors on Flite's voice, which says no more than that the plumbing is right.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Browser, Page
from websockets.asyncio.client import connect

from avatar.listening.agreement import LocalAgreement
from avatar.listening.flicker import Flicker
from avatar.listening.ports import SAMPLE_RATE as LISTENED_RATE
from avatar.listening.ports import HeardWord
from avatar.listening.scripted import ScriptedTranscriber
from avatar.listening.sphinx import SphinxTranscriber, is_present
from avatar.speech.flite import FliteEngine
from avatar.speech.ports import SAMPLE_RATE, Speaker
from avatar.speech.voices import open_voices
from benchmarks.avatar_live import ALIKE, beginning, find
from benchmarks.avatar_soak import ai_on_air, show_and_token
from benchmarks.harness.figures import conclude, percentile, show_table
from benchmarks.harness.stage import HERE
from tests.browser import PAGE_SCRIPTS, chromium, playwright_running
from tests.serving import Server, serving

LANGUAGES = {"en": "en", "es": "es", "zh": "zh-CN"}
"""Of captions → of the page."""
WRAP = 2**32
SOUGHT_MS = 1500
"""So far from where the show clock says it should be an utterance is looked for in the sound."""
SENTENCES = (
    "the mug holds three hundred and fifty millilitres",
    "it is made of stoneware and fired twice",
    "this lamp costs one hundred and nineteen dollars",
    "you can send it back within thirty days",
    "the chair is delivered to your door by appointment",
)


@dataclass
class Reader:
    """One page and what it saw; and what the live channel told readers of its language."""

    language: str
    page: Page
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Utterance → its caption in this language."""
    frames: list[tuple[float, int]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    sound: list[tuple[float, NDArray[np.float32]]] = field(default_factory=list)

    async def take(self) -> None:
        """Fetch what the page noted since the last time."""
        seen = await self.page.evaluate("() => window.captions.take()")
        self.frames += [(at_ms, rtp) for at_ms, rtp in seen["frames"]]
        self.changes += seen["changes"]
        for part in seen["sound"]:
            pcm = np.frombuffer(base64.b64decode(part["pcm"]), np.int16)
            self.sound.append((part["atMs"], pcm.astype(np.float32) / np.float32(32768)))

    def listened(self) -> tuple[NDArray[np.float32], float]:
        """All the sound, and the page's clock at its first sample: stretches are handed over late, never early."""
        sound = np.concatenate([pcm for _, pcm in self.sound])
        counts = np.cumsum([len(pcm) for _, pcm in self.sound])
        begins = [at_ms - count * 1000 / LISTENED_RATE for (at_ms, _), count in zip(self.sound, counts, strict=True)]
        return sound, min(begins)


@dataclass(frozen=True)
class Seen:
    """One cue on the screen."""

    language: str
    lag_ms: float
    """From its first word's sound; negative: it was there before."""
    frame_error: int


async def open_reader(browser: Browser, server: Server, show_id: str, language: str) -> Reader:
    """A page that reads along, with captions always on."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale=LANGUAGES[language])
    await context.add_init_script("localStorage.setItem('vitrine:captions', JSON.stringify({ when: 'on' }))")
    for script in (PAGE_SCRIPTS / "recorder.js", HERE / "captions.js"):
        await context.add_init_script(path=script)
    page = await context.new_page()
    await page.goto(f"{server.url}/watch/{show_id}")
    await page.wait_for_function("() => window.captions.ready()", timeout=60_000, polling=200)
    await page.evaluate("() => window.captions.start()")
    return Reader(language, page)


async def read_along(server: Server, show_id: str, language: str, lines: dict[str, dict[str, Any]]) -> None:
    """Keep the captions that readers of a language are sent; until cancelled."""
    async with connect(f"ws://127.0.0.1:{server.port}/live", proxy=None) as connection:
        hello = {"type": "hello", "version": 1, "show_id": show_id, "language": LANGUAGES[language]}
        await connection.send(json.dumps(hello))
        async for text in connection:
            message = json.loads(text)
            if message["type"] == "caption" and message["language"] == language:
                lines[message["utterance_id"]] = message


def ticks_between(earlier: int, later: int) -> int:
    """Signed distance of two RTP timestamps."""
    return (later - earlier + WRAP // 2) % WRAP - WRAP // 2


def frame_error(frames: Sequence[tuple[float, int]], due_ms: int, seen_rtp: int) -> int | None:
    """Presented frames between the one a cue belongs to and the one it came with; None before the first frame."""
    target = due_ms * 90 % WRAP
    order = [ticks_between(target, rtp) for _, rtp in frames]
    due = next((n for n, ticks in enumerate(order) if ticks >= 0), None)
    came = next((n for n, (_, rtp) in enumerate(frames) if rtp == seen_rtp), None)
    return None if due is None or came is None or due == 0 else came - due


async def heard_at(reader: Reader, spoken: dict[str, Any], voices: Speaker, hint_ms: float) -> float | None:
    """The page's clock at which an utterance begins to be heard; None when it is not found near ``hint_ms``."""
    text = " ".join(cue["text"] for cue in spoken["cues"])
    utterance = await voices.say(text, spoken["language"])
    step = SAMPLE_RATE // LISTENED_RATE
    wanted = beginning(utterance.pcm)[::step]
    loud = np.flatnonzero(np.abs(utterance.pcm.astype(np.int32)) > 0.03 * int(np.abs(utterance.pcm).max()))
    silence_ms = float(loud[0]) * 1000 / SAMPLE_RATE if len(loud) else 0.0
    sound, begin_ms = reader.listened()
    first = max(0, round((hint_ms + silence_ms - SOUGHT_MS - begin_ms) * LISTENED_RATE / 1000))
    window = sound[first : first + len(wanted) + 2 * SOUGHT_MS * LISTENED_RATE // 1000]
    try:
        at, likeness = find(wanted, window)
    except ValueError:
        return None
    return begin_ms + (first + at) * 1000 / LISTENED_RATE - silence_ms if likeness >= ALIKE else None


async def judge(reader: Reader, spoken: dict[str, dict[str, Any]], voices: Speaker) -> list[Seen]:
    """Lag and frame error of every cue of the reader's language that came to the screen."""
    found: list[Seen] = []
    for utterance_id, line in reader.lines.items():
        original = spoken.get(utterance_id)
        if original is None:
            continue
        began_ms = original["cues"][0]["start_ms"]
        shown = {change["text"]: change for change in reader.changes if change["lang"] == reader.language}
        first = shown.get(line["cues"][0]["text"])
        if first is None:
            continue
        heard_ms = await heard_at(reader, original, voices, first["atMs"])
        if heard_ms is None:
            continue
        for cue in line["cues"]:
            change = shown.get(cue["text"])
            if change is None:
                continue
            error = frame_error(reader.frames, cue["start_ms"], change["rtp"])
            if error is not None:
                lag_ms = change["atMs"] - (heard_ms + cue["start_ms"] - began_ms)
                found.append(Seen(reader.language, lag_ms, error))
    return found


async def live(seconds: float) -> list[Seen]:
    """Watch the demo's AI host in three languages."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            serving(Path(folder), "demo") as server,
            playwright_running() as playwright,
            chromium(playwright) as browser,
            open_voices() as voices,
        ):
            show_id, _ = show_and_token(server)
            await ai_on_air(server, show_id)
            print("on air", flush=True)
            readers = [await open_reader(browser, server, show_id, language) for language in LANGUAGES]
            print("watching", flush=True)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(read_along(server, show_id, r.language, r.lines)) for r in readers]
                for _ in range(max(1, round(seconds / 5))):
                    await asyncio.sleep(5)
                    for reader in readers:
                        await reader.take()
                for task in tasks:
                    task.cancel()
            spoken = readers[0].lines
            print(f"{len(spoken)} utterances", flush=True)
            return [seen for reader in readers for seen in await judge(reader, spoken, voices)]


def calmness() -> tuple[float, float]:
    """Words taken back per final word, and the median lag of final words, of LocalAgreement over ten minutes."""
    words = [HeardWord(0.4 * n, 0.4 * n + 0.36, f"word{n}") for n in range(1500)]
    transcriber = ScriptedTranscriber(words)
    recogniser, flicker, lags = LocalAgreement(transcriber), Flicker(), []
    for step in range(3000):
        transcriber.grown(0.2)
        heard = recogniser.hear(np.zeros(round(0.2 * LISTENED_RATE), np.int16))
        flicker.take(heard)
        lags += [(step + 1) * 0.2 - word.end_s for word in heard.final]
    return flicker.ratio, percentile(lags, 0.5)


def word_errors(folder: Path) -> float | None:
    """Share of words that PocketSphinx gets wrong in Flite's voice; None where one of the two is missing."""
    if not (is_present() and FliteEngine.is_present()):
        return None
    transcriber = SphinxTranscriber()
    wrong = total = 0
    for sentence in SENTENCES:
        file = folder / "said.wav"
        subprocess.run(["flite", "-voice", "rms", "-t", sentence, "-o", str(file)], check=True)
        with wave.open(str(file)) as sound:
            pcm = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        heard = [word.text for word in transcriber.transcribe(pcm, "")]
        wrong += distance(sentence.split(), heard)
        total += len(sentence.split())
    return wrong / total


def distance(wanted: Sequence[str], found: Sequence[str]) -> int:
    """Words to change, add or leave out (Levenshtein)."""
    row = list(range(len(found) + 1))
    for n, word in enumerate(wanted, 1):
        before, row[0] = row[0], n
        for m, other in enumerate(found, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (word != other))
    return row[-1]


def report(seen: Sequence[Seen], seconds: float) -> None:
    """Table, CSV row and last line. Raises: ValueError when nothing was seen."""
    rows: list[tuple[object, ...]] = []
    for language in LANGUAGES:
        lags = [each.lag_ms for each in seen if each.language == language]
        errors = [abs(each.frame_error) for each in seen if each.language == language]
        if lags:
            rows.append((language, len(lags), percentile(lags, 0.5), percentile(lags, 0.95), percentile(errors, 0.95)))
    show_table("Captions", ("language", "cues", "lag p50 ms", "lag p95 ms", "frames p95"), rows)
    flicker, settled_s = calmness()
    with tempfile.TemporaryDirectory() as folder:
        errors_share = word_errors(Path(folder))
    lags = [each.lag_ms for each in seen]
    figures = {
        "lag_p50_ms": percentile(lags, 0.5),
        "lag_p95_ms": percentile(lags, 0.95),
        "frame_error_p95": percentile([abs(each.frame_error) for each in seen], 0.95),
        "flicker_ratio": flicker,
        "recognised_lag_p50_s": settled_s,
    }
    figures |= {f"lag_p95_ms_{row[0]}": float(str(row[3])) for row in rows}
    if errors_share is not None:
        figures["sphinx_wer"] = errors_share
    conclude("captions", figures, {"cues": len(seen), "seconds": seconds})


def main() -> None:
    """Run as a program."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.captions", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--quick", action="store_true", help="25 seconds")
    options = parser.parse_args()
    seconds = 25.0 if options.quick else options.seconds
    report(asyncio.run(live(seconds)), seconds)


if __name__ == "__main__":
    main()
