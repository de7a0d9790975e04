"""From a checkpoint to what the server loads: int8 weights for CTranslate2, vocabulary, and the model's card.

Parity is checked on the way: the converted model must say what the trained one says (the format wants the padding in
the last row, and begins decoding from a zero vector).
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import ctranslate2
import sacrebleu
import torch

from avatar.translation.masking import is_for_the_model, mask, restore
from avatar.translation.training.train import Recipe, Training

ENGLISH_TOKENIZER = "13a"


class NotTheSame(Exception):
    """The converted model differs from the trained one."""


def convert(training: Training, work: Path, name: str, out: Path) -> None:
    """Write ``out/model.bin`` (int8), its vocabulary and ``out/pieces.model``."""
    from ctranslate2.converters import TransformersConverter
    from transformers import MarianTokenizer

    folder = work / f"{name}.hf"
    shutil.rmtree(folder, ignore_errors=True)
    training.model.save_pretrained(folder)
    pieces = training.vocabulary.pieces
    vocabulary = {pieces.id_to_piece(i): i for i in range(pieces.get_piece_size())} | {"<pad>": training.vocabulary.pad}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    for side in ("source.spm", "target.spm"):
        shutil.copy(work / f"{name}.model", folder / side)
    MarianTokenizer(
        source_spm=str(folder / "source.spm"), target_spm=str(folder / "target.spm"), vocab=str(folder / "vocab.json")
    ).save_pretrained(folder)
    TransformersConverter(str(folder)).convert(str(out), quantization="int8", force=True)
    shutil.copy(work / f"{name}.model", out / "pieces.model")


def said_by_the_trained(training: Training, sources: list[str]) -> list[list[str]]:
    """Greedy output of the model as trained, as pieces; never empty, as CTranslate2 decodes by default."""
    vocabulary = training.vocabulary
    training.model.eval()
    greedy = {"num_beams": 1, "do_sample": False, "min_new_tokens": 1, "max_new_tokens": 60}
    said = []
    for source in sources:
        ids = torch.tensor([vocabulary.encode(source)])
        with torch.no_grad():
            out = training.model.generate(input_ids=ids, **greedy)[0].tolist()
        said.append([vocabulary.pieces.id_to_piece(i) for i in out if i not in (vocabulary.pad, vocabulary.end)])
    return said


def check_parity(training: Training, out: Path, sources: list[str]) -> float:
    """Share of sources on which both say the same in float32; raises NotTheSame below 97 %."""
    translator = ctranslate2.Translator(str(out), compute_type="float32", intra_threads=1)
    pieces = training.vocabulary.pieces
    rows = [[*pieces.encode(source, out_type=str), "</s>"] for source in sources]
    converted = [r.hypotheses[0] for r in translator.translate_batch(rows, beam_size=1, max_decoding_length=60)]
    trained = said_by_the_trained(training, sources)
    same: float = sum(a == b for a, b in zip(converted, trained, strict=True)) / len(sources)
    if same < 0.97:
        raise NotTheSame(f"{same:.0%} alike; first: {converted[0]} and {trained[0]}")
    return same


def scores(out: Path, tests: dict[str, list[dict[str, object]]], *, to_english: bool) -> dict[str, dict[str, float]]:
    """BLEU and chrF per test set of this model's directions, through the masking that the server uses."""
    import sentencepiece

    translator = ctranslate2.Translator(str(out), compute_type="int8", intra_threads=1)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(out / "pieces.model"))
    found = {}
    for key, lines in tests.items():
        source_lang, target_lang = key.split()[1].split("-")
        if (target_lang == "en") != to_english:
            continue
        masked = [mask(str(line["source"])) for line in lines]
        rows = [[*pieces.encode(f"<2{target_lang}> {m.text}", out_type=str), "</s>"] for m in masked]
        results = translator.translate_batch(rows, beam_size=1, max_batch_size=64, max_decoding_length=80)
        said = []
        for m, line, result in zip(masked, lines, results, strict=True):
            text = restore(pieces.decode(result.hypotheses[0]), m) if is_for_the_model(m) else None
            said.append(text if text is not None else str(line["source"]))
        most = max(len(line["references"]) for line in lines)  # type: ignore[arg-type]
        references = [
            [line["references"][i] if i < len(line["references"]) else None for line in lines]  # type: ignore[index,arg-type]
            for i in range(most)
        ]
        bleu = sacrebleu.corpus_bleu(said, references, tokenize="zh" if target_lang == "zh" else ENGLISH_TOKENIZER)
        chrf = sacrebleu.corpus_chrf(said, references)
        found[key] = {"bleu": round(bleu.score, 1), "chrf": round(chrf.score, 1), "lines": len(lines)}
    return found


def finish(work: Path, name: str, out: Path, fall_over_steps: int, *, to_english: bool) -> dict[str, object]:
    """The last stretch, conversion, parity, scores; writes ``out/card.json``."""
    training = Training(work, name, Recipe())
    if fall_over_steps:
        training.run(0, fall_over_steps=fall_over_steps)
    training.model.float()
    convert(training, work, name, out)
    tests = json.loads((work / "test.json").read_text("utf-8"))
    own = [key for key in tests if key.endswith("-en") == to_english]
    sample = [f"<2{key.split()[1].split('-')[1]}> {mask(t['source']).text}" for key in own for t in tests[key][:50]]
    card = {
        "name": name,
        "recipe": asdict(training.recipe),
        "training_lines": len(training.lines),
        "licence": "Apache-2.0 (weights); trained on Tatoeba (CC-BY 2.0 FR) and the project's shopping grammar",
        "steps": training.step,
        "tokens": training.tokens,
        "cpu_s": round(training.cpu_s),
        "parameters": sum(p.numel() for p in training.model.parameters()),
        "parity": check_parity(training, out, sample),
        "scores": scores(out, tests, to_english=to_english),
        "signature": "sacrebleu chrF2, BLEU 13a/zh, greedy, int8",
    }
    (out / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), "utf-8")
    return card
