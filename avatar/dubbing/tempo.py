"""An utterance faster or slower at the same pitch, by FFmpeg's ``atempo`` (WSOLA, Verhelst & Roelands 1993)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import av
import numpy as np
from av.filter import Graph

from avatar.speech.ports import SAMPLE_RATE, Mouth, Pcm, Utterance, Word

CLOSE_ENOUGH = 0.02
"""A difference of two percent is not worth a filter."""


def at_tempo(utterance: Utterance, tempo: float) -> Utterance:
    """The utterance at ``tempo`` (0.5 to 2, above 1 faster), its words and mouth moved with it."""
    if abs(tempo - 1) < CLOSE_ENOUGH or not len(utterance.pcm):
        return utterance
    pcm = _stretched(utterance.pcm, tempo)
    scale = len(pcm) / len(utterance.pcm)
    return replace(
        utterance,
        pcm=pcm,
        words=tuple(Word(word.start_s * scale, word.end_s * scale, word.text) for word in utterance.words),
        visemes=tuple(Mouth(mouth.at_s * scale, mouth.viseme, mouth.weight) for mouth in utterance.visemes),
    )


def _stretched(pcm: Pcm, tempo: float) -> Pcm:
    graph: Any = Graph()
    source = graph.add_abuffer(format="s16", sample_rate=SAMPLE_RATE, layout="mono")
    filtered = graph.add("atempo", f"{tempo:.4f}")
    sink = graph.add("abuffersink")
    source.link_to(filtered)
    filtered.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), "s16", "mono")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = 0
    source.push(frame)
    source.push(None)
    parts: list[Pcm] = []
    while True:
        try:
            parts.append(sink.pull().to_ndarray().reshape(-1))
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return np.concatenate(parts).astype(np.int16) if parts else np.zeros(0, np.int16)
