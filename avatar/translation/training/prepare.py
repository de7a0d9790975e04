"""From the sources to files that the training reads: ``MODEL.train.tsv`` (masked), ``test.json``, ``MODEL.spm``."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

import sentencepiece

from avatar.translation.masking import SYMBOLS
from avatar.translation.training.corpus import (
    Pair,
    Test,
    as_typed,
    masked_pair,
    read_tatoeba,
    shopping,
    split,
    tests_of,
)

SOURCES: Final = {"es": "spa-eng.zip", "zh": "cmn-eng.txt"}
MODELS: Final = {"en2x": False, "x2en": True}
"""Whether the model translates into English. One model serves all languages of its side; each fits 12 MB."""
TARGETS: Final = ("<2en>", "<2es>", "<2zh>")
VOCABULARY: Final = 10_000
REPEATED: Final = {("tatoeba", "zh"): 2, ("shop", "es"): 2, ("shop", "zh"): 2}
"""The smaller sources are seen more often."""


def simplifier() -> Callable[[str], str]:
    """Traditional to simplified Chinese."""
    import opencc

    converter = opencc.OpenCC("t2s")
    return lambda text: str(converter.convert(text))


def prepare(data: Path, work: Path, seed: int = 1) -> None:
    """Write everything the training needs into ``work``."""
    work.mkdir(parents=True, exist_ok=True)
    simplify = simplifier()
    parts: list[tuple[str, str, list[Pair]]] = []
    tests: dict[str, list[Test]] = {}
    for lang, name in SOURCES.items():
        pairs = list(dict.fromkeys(read_tatoeba(data / name, lang, simplify)))
        train, test = split(pairs)
        print(f"tatoeba {lang}: {len(pairs)} pairs, {len(train)} to train, {len(test)} held out")
        parts.append(("tatoeba", lang, train))
        tests[f"tatoeba en-{lang}"] = tests_of(test, to_english=False)
        tests[f"tatoeba {lang}-en"] = tests_of(test, to_english=True)
    train, test = shopping(seed)
    for lang in SOURCES:
        parts.append(("shop", lang, [pair for pair in train if pair.lang == lang]))
        chosen = [pair for pair in test if pair.lang == lang][:TEST_SHOP]
        tests[f"shop en-{lang}"] = tests_of(chosen, to_english=False)
        tests[f"shop {lang}-en"] = tests_of(chosen, to_english=True)
    written = {key: [{"source": t.source, "references": t.references} for t in found] for key, found in tests.items()}
    (work / "test.json").write_text(json.dumps(written, ensure_ascii=False, indent=0), "utf-8")
    for model, to_english in MODELS.items():
        _write_model(model, to_english, parts, work, random.Random(seed))


TEST_SHOP: Final = 600


def _write_model(
    model: str, to_english: bool, parts: list[tuple[str, str, list[Pair]]], work: Path, chance: random.Random
) -> None:
    lines: list[str] = []
    for source_name, lang, pairs in parts:
        for _ in range(REPEATED.get((source_name, lang), 1)):
            for pair in pairs:
                source, target = (pair.other, pair.en) if to_english else (pair.en, pair.other)
                if (both := masked_pair(source, target)) is not None:
                    tag = "<2en>" if to_english else f"<2{lang}>"
                    lines.append(f"{tag} {as_typed(both[0], chance)}\t{both[1]}")
    chance.shuffle(lines)
    (work / f"{model}.train.tsv").write_text("\n".join(lines), "utf-8")
    text = work / f"{model}.spm.txt"
    text.write_text("\n".join(side.partition("> ")[2] or side for line in lines for side in line.split("\t")), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(work / model),
        vocab_size=VOCABULARY,
        model_type="unigram",
        character_coverage=0.9995,
        byte_fallback=True,
        user_defined_symbols=[*TARGETS, *SYMBOLS],
        unk_id=0,
        eos_id=1,
        bos_id=-1,
        pad_id=-1,
        num_threads=2,
        minloglevel=2,
    )
    print(f"{model}: {len(lines)} lines")
