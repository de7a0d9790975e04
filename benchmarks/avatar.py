"""What the AI host costs and how quickly it stops: CPU per frame, cores per host, barge-in, sound against picture.

    python -m benchmarks.avatar [--seconds 40] [--hours 24]

`answer_p95_ms` and `av_offset_30min_ms` need a show on air: they are the last that was measured there.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from avatar.encoder import Encoder, EncoderOptions
from avatar.live import AHEAD_S, Player, SystemTimepiece
from avatar.model import Gesture
from avatar.performance import CHUNK_S, Performance, Spoken, Step
from avatar.speech.ports import SAMPLE_RATE, Mouth, Utterance, Viseme
from avatar.speech.voices import open_voices
from avatar.stage.stage import Stage, StageOptions
from benchmarks.harness.figures import RESULTS, conclude, show_table

LINES = (
    ("Hello and welcome. I am the AI host of this show.", "wave"),
    ("This lamp is $129.00, and it comes with a two year warranty.", "point_product"),
    ("The glass is blown by hand, so each one is a little different.", "idle"),
    ("Ask me anything in the chat, and I will answer right away.", "listen"),
)
FPS = 25
WARM_S = 60.0


async def utterances() -> list[tuple[Utterance, Gesture]]:
    async with open_voices() as voices:
        return [(await voices.say(text, "en"), gesture) for text, gesture in LINES]  # type: ignore[misc]


def cost(seconds: float, lines: list[tuple[Utterance, Gesture]]) -> dict[str, float]:
    """Draw and encode as on air (720p25, H.264 and Opus), as fast as it goes: CPU seconds per second of show.

    Once with everything yet to be painted for the first time, then as a host is who has been on air for a while.
    """
    performance, stage, n = Performance(FPS), Stage(StageOptions(fps=FPS)), 0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.mkv"
        with Encoder(str(target), EncoderOptions(fps=FPS, live=True, format="matroska")) as encoder:
            player = Player(performance, stage, encoder)

            def play(seconds: float) -> float:
                nonlocal n
                began = time.process_time()
                for _ in range(round(seconds / CHUNK_S)):
                    if performance.is_quiet:
                        utterance, gesture = lines[n % len(lines)]
                        performance.say(Spoken(utterance, gesture=gesture, key=n, pause_after_s=0.6))
                        n += 1
                    player.play_step()
                return time.process_time() - began

            first, used = play(WARM_S) / WARM_S, play(seconds) / seconds
        kbit_s = target.stat().st_size * 8 / 1000 / (WARM_S + seconds)
    return {
        "cpu_ms_frame": used / FPS * 1000,
        "cores_per_host": used,
        "cores_first_minute": first,
        "kbit_s": kbit_s,
    }


def speech_cost(lines: list[tuple[Utterance, Gesture]]) -> float:
    """CPU seconds per second of speech, espeak's or Flite's share included where it runs in this process."""
    began = time.process_time()
    again = asyncio.run(utterances())
    del lines
    return (time.process_time() - began) / sum(utterance.seconds for utterance, _ in again)


def barge_in(rounds: int, lines: list[tuple[Utterance, Gesture]]) -> float:
    """Real time from `interrupt` until the last sample of the old line has been due at the listener, p95 in ms."""
    waits: list[float] = []
    performance, stage, clock = Performance(FPS), Stage(StageOptions(fps=FPS)), SystemTimepiece()
    stop = threading.Event()
    cut = threading.Event()
    heard_until = [0.0]
    started = clock.monotonic_s()

    def on_step(step: Step) -> None:
        if step.ended is not None and step.ended.interrupted:
            # The fade is in this step; it is heard when its samples are due.
            heard_until[0] = started + step.first_sample / SAMPLE_RATE + CHUNK_S
            cut.set()

    with (
        tempfile.TemporaryDirectory() as folder,
        Encoder(str(Path(folder) / "out.mkv"), EncoderOptions(fps=FPS, live=True, format="matroska")) as encoder,
    ):
        player = Player(performance, stage, encoder)
        thread = threading.Thread(target=player.play_live, args=(clock, stop.wait, on_step))
        thread.start()
        for n in range(rounds):
            performance.say(Spoken(lines[n % len(lines)][0]))
            time.sleep(0.45 + 0.037 * (n % 7))
            cut.clear()
            asked = clock.monotonic_s()
            performance.interrupt()
            cut.wait(2.0)
            waits.append((heard_until[0] - asked) * 1000)
        stop.set()
        thread.join()
    return float(np.percentile(waits, 95))


def marked(seconds: float) -> Utterance:
    """Samples that say where in the utterance they are."""
    count = int(seconds * SAMPLE_RATE)
    pcm = (np.arange(count) // 48 + 1).astype(np.int16)
    return Utterance("", "en", pcm, (), (Mouth(0.0, Viseme.AA, 1.0), Mouth(seconds, Viseme.SIL, 1.0)), "marked")


def offset(hours: float) -> tuple[float, float]:
    """(largest offset in the last minute, in any minute) between the sound of a frame and its mouth, in ms.

    A day compressed in time: lines of odd lengths, interruptions, and a machine that sleeps now and then.
    """
    performance = Performance(FPS)
    line = [marked(seconds) for seconds in (1.013, 2.477, 3.391, 7.123)]
    end, at, n = hours * 3600.0, 0.0, 0
    worst = last = 0.0
    while at < end:
        if performance.queued < 2:
            performance.say(Spoken(line[n % 4], pause_after_s=0.013 * (n % 31)))
            n += 1
            if n % 17 == 0:
                performance.interrupt()
            if n % 1009 == 0:
                performance.jump_to(round((at + 3.0) / CHUNK_S) * round(CHUNK_S * SAMPLE_RATE))
        step = performance.step()
        at = step.first_sample / SAMPLE_RATE
        moment = step.moment
        if moment is None or moment.now is None or not step.pcm[0]:
            continue
        heard_s = (int(step.pcm[0]) - 1) / 1000
        # The frame begins within this step: where its own sample lies is known.
        shown_s = moment.since_s - (moment.at_s - at)
        off = abs(shown_s - heard_s) * 1000
        worst = max(worst, off)
        if at > end - 60:
            last = max(last, off)
    return last, worst


def live_figures() -> dict[str, float]:
    """What only a show on air can tell: the last results of `benchmarks.avatar_live` and `benchmarks.avatar_soak`."""
    found: dict[str, float] = {}
    for bench, key in (("avatar_live", "answer_p95_ms"), ("avatar_soak", "av_offset_30min_ms")):
        with (RESULTS / f"{bench}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        if rows:
            found[key] = float(rows[-1][key])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    lines = asyncio.run(utterances())
    row = cost(options.seconds, lines)
    row["speech_cpu_per_s"] = speech_cost(lines)
    row["barge_in_p95_ms"] = barge_in(options.rounds, lines)
    row["av_offset_24h_ms"], row["av_offset_24h_worst_ms"] = offset(options.hours)
    row["ahead_ms"] = AHEAD_S * 1000
    row |= live_figures()
    show_table("The AI host at 1280 × 720, 25 pictures a second", ("figure", "value"), list(row.items()))
    conclude("avatar", row, {"seconds": options.seconds, "hours": options.hours})


if __name__ == "__main__":
    main()
