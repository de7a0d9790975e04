"""Trains one Marian transformer on the prepared files; stops after a time and goes on from its checkpoint.

Warm-up, then a constant rate; `finish` (a last stretch with the rate falling to nothing) may follow at any time, so the
training need not know beforehand how long it will be allowed to run. bf16 where it is faster.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from transformers import MarianConfig, MarianMTModel

Line = tuple[list[int], list[int]]


@dataclass(frozen=True)
class Recipe:
    """Sizes and rates; written into the checkpoint and the model card."""

    d_model: int = 192
    ffn: int = 768
    encoder_layers: int = 3
    decoder_layers: int = 1
    heads: int = 4
    dropout: float = 0.1
    label_smoothing: float = 0.1
    peak_rate: float = 1.5e-3
    warm_up_steps: int = 800
    tokens_per_batch: int = 4000
    longest: int = 96
    seed: int = 1


class Vocabulary:
    """SentencePiece's pieces and, last, the padding: CTranslate2 takes the last row of a Marian model for it."""

    def __init__(self, file: Path) -> None:
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(file))
        self.end: int = self.pieces.eos_id()
        self.pad: int = self.pieces.get_piece_size()

    def __len__(self) -> int:
        return self.pad + 1

    def encode(self, text: str) -> list[int]:
        """Ids with the end of the sentence."""
        return [*self.pieces.encode(text), self.end]


def read_lines(file: Path, vocabulary: Vocabulary, longest: int) -> list[Line]:
    """The training lines as ids; a few too long ones are left out."""
    lines = []
    for row in file.read_text("utf-8").split("\n"):
        source, target = row.split("\t")
        ids = vocabulary.encode(source), vocabulary.encode(target)
        if max(map(len, ids)) <= longest:
            lines.append(ids)
    return lines


def batches(lines: list[Line], tokens: int, chance: random.Random) -> Iterator[list[Line]]:
    """An epoch: lines of like length together, the batches in random order."""
    order = sorted(range(len(lines)), key=lambda i: (max(map(len, lines[i])) + chance.random() * 3, chance.random()))
    found: list[list[Line]] = []
    batch: list[Line] = []
    width = 0
    for index in order:
        width = max(width, len(lines[index][0]) + len(lines[index][1]))
        if batch and width * (len(batch) + 1) > tokens:
            found.append(batch)
            batch, width = [], len(lines[index][0]) + len(lines[index][1])
        batch.append(lines[index])
    found.append(batch)
    chance.shuffle(found)
    yield from found


def padded(rows: list[list[int]], pad: int) -> torch.Tensor:
    """Rows of one length."""
    width = max(map(len, rows))
    return torch.tensor([row + [pad] * (width - len(row)) for row in rows])


class Training:
    """A model with its optimiser, and where it stands."""

    def __init__(self, work: Path, name: str, recipe: Recipe, device: str = "cpu") -> None:
        torch.manual_seed(recipe.seed)
        torch.set_num_threads(1)
        self.recipe = recipe
        self.vocabulary = Vocabulary(work / f"{name}.model")
        self.lines = read_lines(work / f"{name}.train.tsv", self.vocabulary, recipe.longest)
        self.device = device
        self.model = MarianMTModel(configuration(recipe, self.vocabulary)).to(device)
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=0.0, betas=(0.9, 0.98), weight_decay=0.01)
        self.half = device != "cpu"
        self.file = work / f"{name}.checkpoint.pt"
        self.step = 0
        self.tokens = 0
        self.cpu_s = 0.0
        self.epoch = 0
        self.batch = 0
        """Batches of this epoch that are done."""
        if self.file.exists():
            state = torch.load(self.file, weights_only=True, map_location=device)
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step, self.tokens, self.cpu_s, self.epoch = (state[k] for k in ("step", "tokens", "cpu_s", "epoch"))
            self.batch = state.get("batch", 0)

    def run(self, steps: int, save_every_s: float = 120, fall_over_steps: int | None = None) -> None:
        """Train up to so many steps in all, or ``fall_over_steps`` more with a falling rate."""
        if fall_over_steps is None and self.step >= steps:
            return
        self.half = self._is_half_faster()
        self.model.train()
        began = time.process_time()
        before_s = self.cpu_s
        saved = began
        first = self.step
        loss_sum = 0.0
        while True:
            chance = random.Random(self.recipe.seed * 1000 + self.epoch)
            for batch in islice(batches(self.lines, self.recipe.tokens_per_batch, chance), self.batch, None):
                if fall_over_steps is None:
                    rate = self.recipe.peak_rate * min(1.0, (self.step + 1) / self.recipe.warm_up_steps)
                else:
                    rate = self.recipe.peak_rate * (1 - math.sqrt((self.step - first) / fall_over_steps))
                loss_sum += self._step(batch, rate)
                self.batch += 1
                self.cpu_s = before_s + time.process_time() - began
                if self.step % 100 == 0:
                    print(
                        json.dumps(
                            {
                                "step": self.step,
                                "loss": round(loss_sum / 100, 3),
                                "epoch": self.epoch,
                                "tokens": self.tokens,
                                "cpu_s": round(self.cpu_s),
                            }
                        ),
                        flush=True,
                    )
                    loss_sum = 0.0
                done = self.step - first >= fall_over_steps if fall_over_steps else self.step >= steps
                if done or time.process_time() - saved > save_every_s:
                    self.save()
                    saved = time.process_time()
                if done:
                    return
            self.epoch, self.batch = self.epoch + 1, 0

    def _is_half_faster(self) -> bool:
        """Whether bf16 pays on this processor: 1.6 times faster on one with it in silicon, half as fast on another."""
        if self.device != "cpu":
            return True
        batch = next(batches(self.lines[:2000], self.recipe.tokens_per_batch // 2, random.Random(0)))
        spent = {}
        for self.half in (False, True, False, True):
            began = time.process_time()
            with torch.no_grad():
                self._loss(batch)
            self._loss(batch).backward()
            self.optimiser.zero_grad(set_to_none=True)
            spent[self.half] = time.process_time() - began
        return spent[True] < spent[False]

    def _loss(self, batch: list[Line]) -> torch.Tensor:
        pad = self.vocabulary.pad
        source = padded([line[0] for line in batch], pad).to(self.device)
        target = padded([line[1] for line in batch], pad).to(self.device)
        given = torch.cat([torch.full_like(target[:, :1], pad), target[:, :-1]], dim=1)
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.half):
            out = self.model(input_ids=source, attention_mask=source != pad, decoder_input_ids=given)
            return torch.nn.functional.cross_entropy(
                out.logits.flatten(0, 1).float(),
                target.flatten(),
                ignore_index=pad,
                label_smoothing=self.recipe.label_smoothing,
            )

    def _step(self, batch: list[Line], rate: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss = self._loss(batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        # CTranslate2 begins decoding from a zero vector, so the row of the padding, which begins here, must stay zero
        with torch.no_grad():
            self.model.get_input_embeddings().weight[self.vocabulary.pad].zero_()
        self.step += 1
        self.tokens += sum(len(line[0]) + len(line[1]) for line in batch)
        return float(loss.detach())

    def save(self) -> None:
        """Write the checkpoint in one move."""
        part = self.file.with_suffix(".part")
        state: dict[str, Any] = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "tokens": self.tokens,
            "cpu_s": self.cpu_s,
            "epoch": self.epoch,
            "batch": self.batch,
            "recipe": asdict(self.recipe),
        }
        torch.save(state, part)
        part.replace(self.file)


def configuration(recipe: Recipe, vocabulary: Vocabulary) -> MarianConfig:
    """As OPUS-MT's: what CTranslate2 converts."""
    return MarianConfig(
        vocab_size=len(vocabulary),
        d_model=recipe.d_model,
        encoder_layers=recipe.encoder_layers,
        decoder_layers=recipe.decoder_layers,
        encoder_attention_heads=recipe.heads,
        decoder_attention_heads=recipe.heads,
        encoder_ffn_dim=recipe.ffn,
        decoder_ffn_dim=recipe.ffn,
        dropout=recipe.dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        activation_function="relu",
        max_position_embeddings=256,
        pad_token_id=vocabulary.pad,
        eos_token_id=vocabulary.end,
        decoder_start_token_id=vocabulary.pad,
        forced_eos_token_id=vocabulary.end,
        scale_embedding=True,
        tie_word_embeddings=True,
        share_encoder_decoder_embeddings=True,
        static_position_embeddings=True,
        normalize_before=False,
        normalize_embedding=False,
        add_final_layer_norm=False,
    )
