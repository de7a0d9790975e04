"""Records 20 s of the demo's AI host as a viewer gets it, looks at it and listens to it.

    python scripts/record_host.py [--server http://localhost:8080 --show SHOW] [--seconds 20]

Without ``--server`` the demo is started for the recording. The packets of a WHEP viewer go into build/host/host.mp4
unchanged; a guest asks a question meanwhile. Three stills and a spectrogram go to docs/screenshots/host. Ends with 1
when something is wrong: clipping, a hole in a sentence, a mouth that is open in silence or shut in speech.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).parent.parent))

from avatar.inspection import Inspection, inspect, openings_of, sound_of
from avatar.speech.ports import SAMPLE_RATE, Utterance
from avatar.speech.voices import open_voices
from benchmarks.avatar_live import find
from benchmarks.avatar_soak import ai_on_air, show_and_token
from benchmarks.harness.chatters import guest, joined
from benchmarks.harness.film import Film
from benchmarks.harness.whep_viewer import MeasuringViewer, look_on, watch
from stream_server.ids import new_id
from tests.serving import serving

ROOT = Path(__file__).parent.parent
SCREENSHOTS = ROOT / "docs" / "screenshots" / "host"
FILM = ROOT / "build" / "host" / "host.mp4"
QUESTION = "How much is it?"
QUESTION_AT_S = 7.0
MAX_GAP_S = 0.3
HOP_S = 0.01
STILL_WIDTH = 360
ALIKE = 0.5


@dataclass(frozen=True)
class Place:
    """Where the recording is made."""

    url: str
    show_id: str
    host_token: str | None
    """Hears what is said; needed to look for holes in sentences."""
    guest_token: str


@dataclass(frozen=True)
class Sentence:
    """A line that was found in the recording."""

    text: str
    at_s: float
    seconds: float
    likeness: float
    holes: tuple[tuple[float, float], ...]
    """Begin and length of silences over 300 ms between two words of one sentence."""
    mute_s: float
    """How long the recording is silent where the voice speaks."""


@asynccontextmanager
async def demo() -> AsyncIterator[Place]:
    """A demo of its own, its AI host on air."""
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder), "demo") as server:
            show_id, token = show_and_token(server)
            await ai_on_air(server, show_id)
            async with joined(server, token, show_id) as connection:
                async for text in connection:  # until the first product is on screen
                    message = json.loads(text)
                    if message["type"] == "pins" and message["pins"]:
                        break
            yield Place(server.url, show_id, token, await guest(server, "Ann", "en"))


async def record(place: Place, seconds: float) -> tuple[Film, list[dict[str, Any]]]:
    """The film, and what the host says in it by its own log."""
    said: list[dict[str, Any]] = []
    film = Film()
    async with asyncio.TaskGroup() as group:
        viewer = await watch(place.url, place.show_id, MeasuringViewer)
        assert isinstance(viewer, MeasuringViewer)
        tasks = [group.create_task(look_on([viewer]))]
        if place.host_token:
            tasks.append(group.create_task(_hear(place, said)))
        viewer.listener = film.take
        await asyncio.sleep(QUESTION_AT_S)
        async with connect(place.url.replace("http", "ws", 1) + "/live", proxy=None) as connection:
            await connection.send(
                json.dumps({"type": "hello", "version": 1, "show_id": place.show_id, "token": place.guest_token})
            )
            await connection.recv()
            await connection.send(json.dumps({"type": "chat.send", "ref": new_id("ref"), "text": QUESTION}))
            await asyncio.sleep(seconds - QUESTION_AT_S)
        viewer.listener = None
        for task in tasks:
            task.cancel()
        viewer.close()
    return film, said


async def _hear(place: Place, said: list[dict[str, Any]]) -> None:
    async with connect(place.url.replace("http", "ws", 1) + "/live", proxy=None) as connection:
        await connection.send(
            json.dumps({"type": "hello", "version": 1, "show_id": place.show_id, "token": place.host_token})
        )
        async for text in connection:
            message = json.loads(text)
            if message["type"] == "ai_line":
                said.append(message)


def loudness_by_hop(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """RMS of each 10 ms."""
    hop = int(HOP_S * SAMPLE_RATE)
    count = len(sound) // hop
    rms: NDArray[np.float32] = np.sqrt((sound[: count * hop].reshape(count, hop) ** 2).mean(axis=1)).astype(np.float32)
    return rms


def silences(rms: NDArray[np.float32], quiet: float) -> list[tuple[float, float]]:
    """Begin and length (s) of what is below ``quiet`` for more than 300 ms."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rms < quiet, [False]]).astype(np.int8)))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(float(a * HOP_S), float((b - a) * HOP_S)) for a, b in pairs if (b - a) * HOP_S > MAX_GAP_S]


def look_for_holes(sound: NDArray[np.float32], line: Utterance) -> Sentence | None:
    """Find a line in the recording and compare; None when it is not (wholly) in it."""
    voice: NDArray[np.float32] = line.pcm.astype(np.float32) / np.float32(32768)
    wanted = voice[: int(1.5 * SAMPLE_RATE)]
    try:
        at, likeness = find(wanted, sound)
    except ValueError:
        return None
    if likeness < ALIKE:
        return None
    heard = sound[at : at + len(voice)]
    own, recorded = loudness_by_hop(voice[: len(heard)]), loudness_by_hop(heard)
    quiet = max(float(own.max(initial=0.0)) / 100, 1e-4)
    speaks = own > quiet * 4
    silent = np.flatnonzero(speaks & (recorded < quiet / 2))
    ends = {word.end_s for word in line.words if word.text.rstrip("\"'”’)»").endswith(tuple(".!?…。！？:;：；"))}
    words = [word for word in line.words if word.end_s * SAMPLE_RATE < len(heard)]
    holes = tuple(
        (round(at / SAMPLE_RATE + begin, 2), round(length, 2))
        for begin, length in silences(recorded, quiet)
        if words
        and words[0].start_s < begin < words[-1].start_s
        and not any(begin - 0.25 <= end <= begin + length + 0.1 for end in ends)
    )
    return Sentence(
        line.text, round(at / SAMPLE_RATE, 2), round(len(heard) / SAMPLE_RATE, 2), round(likeness, 3), holes,
        round(len(silent) * HOP_S, 2),
    )  # fmt: skip


def draw_spectrogram(sound: NDArray[np.float32], path: Path) -> None:
    """0–8 kHz from bottom to top, 60 dB, with the level below and a mark each second."""
    size, hop = 2048, SAMPLE_RATE // 60
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[::hop] * np.hanning(size).astype(np.float32)
    power = 20 * np.log10(np.abs(np.fft.rfft(frames, axis=1)) + 1e-6)
    power = power[:, : int(8000 / (SAMPLE_RATE / size))].T[::-1]
    top = float(power.max())
    shade = np.clip((power - top + 60) / 60, 0, 1)
    colours = np.array([[14, 18, 38], [62, 42, 120], [196, 74, 110], [250, 170, 90], [255, 246, 214]], np.float32)
    place = shade * (len(colours) - 1)
    low = np.minimum(place.astype(int), len(colours) - 2)
    part = (place - low)[..., None]
    picture = Image.fromarray((colours[low] * (1 - part) + colours[low + 1] * part).astype(np.uint8), "RGB")
    width = len(frames)
    picture = picture.resize((width, 280))
    whole = Image.new("RGB", (width, 380), (14, 18, 38))
    whole.paste(picture, (0, 0))
    pen = ImageDraw.Draw(whole)
    for x in range(width):
        peak = float(np.abs(sound[x * hop : (x + 1) * hop]).max(initial=0.0))
        pen.line([(x, 330 - peak * 44), (x, 330 + peak * 44)], fill=(120, 200, 190))
    for y in (330 - 44, 330 + 44):
        pen.line([(0, y), (width, y)], fill=(120, 60, 70))  # full scale
    for second in range(width // 60 + 1):
        pen.line([(second * 60, 280), (second * 60, 286)], fill=(230, 230, 230))
    whole.quantize(64).save(path, optimize=True)


def keep_stills(film: Path, moments: Sequence[float], folder: Path) -> list[Path]:
    """Pictures of the film at these seconds, small."""
    kept: list[Path] = []
    waiting = sorted(moments)
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            while waiting and float(frame.time or 0.0) >= waiting[0]:
                waiting.pop(0)
                picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
                height = round(picture.height * STILL_WIDTH / picture.width)
                path = folder / f"still-{len(kept) + 1}.webp"
                picture.resize((STILL_WIDTH, height), Image.Resampling.LANCZOS).save(path, quality=82)
                kept.append(path)
    return kept


def widest(openings: list[tuple[float, float]], start_s: float, end_s: float) -> float:
    """When the mouth is open most, between two times."""
    between = [(opening, at_s) for at_s, opening in openings if start_s <= at_s < end_s]
    return max(between)[1] if between else start_s


def wrong(found: Inspection, sentences: list[Sentence]) -> list[str]:
    """What is not as it should be, in words."""
    problems = []
    if found.clipped or found.true_peak_db > -0.5:
        problems.append(f"clipping: {found.clipped} samples at full scale, true peak {found.true_peak_db:.1f} dB")
    problems += [f"a hole in “{one.text}”: {one.holes}" for one in sentences if one.holes]
    problems += [f"{one.mute_s} s of “{one.text}” are missing" for one in sentences if one.mute_s > 0.05]
    if found.open_in_silence > 0.05:
        problems.append(f"the mouth is open in {found.open_in_silence:.0%} of the silent pictures")
    if found.open_in_speech < 0.7:
        problems.append(f"the mouth is open in {found.open_in_speech:.0%} of the loud pictures only")
    return problems


async def _recorded(given: argparse.Namespace) -> list[Utterance]:
    async with _place(given) as place:
        film, said = await record(place, given.seconds)
    FILM.parent.mkdir(parents=True, exist_ok=True)
    film.write(FILM)
    async with open_voices() as voices:
        return [await voices.say(line["text"], line["language"]) for line in said]


@asynccontextmanager
async def _place(given: argparse.Namespace) -> AsyncIterator[Place]:
    if not given.server:
        async with demo() as place:
            yield place
        return
    yield Place(given.server, given.show, given.token, given.guest_token)


def main() -> int:
    """Record, measure, keep, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", help="a running server instead of a demo of its own")
    parser.add_argument("--show", help="its live show")
    parser.add_argument("--token", help="its host's token, to know what is said")
    parser.add_argument("--guest-token", help="a guest's, to ask a question")
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    if given.server and not (given.show and given.guest_token):
        parser.error("--server needs --show and --guest-token")
    lines = asyncio.run(_recorded(given))
    found, sound = inspect(FILM), sound_of(FILM)
    sentences = [one for line in lines if (one := look_for_holes(sound, line)) is not None]
    openings = openings_of(FILM)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    third = found.seconds / 3
    stills = keep_stills(FILM, [widest(openings, n * third, (n + 1) * third) for n in range(3)], SCREENSHOTS)
    draw_spectrogram(sound, SCREENSHOTS / "spectrogram.png")
    for one in sentences:
        print(
            f"{one.at_s:6.2f} s  {one.seconds:5.2f} s  like {one.likeness:.2f}  missing {one.mute_s:.2f} s  {one.text}"
        )
    print(found)
    print("kept:", FILM, *stills, SCREENSHOTS / "spectrogram.png")
    problems = wrong(found, sentences)
    for problem in problems:
        print("WRONG:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
