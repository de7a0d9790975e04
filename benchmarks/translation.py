"""How good, how exact and how costly is the embedded translation?

The test sentences are held out again by the rule of the training (`avatar.translation.training.corpus`): about a
thousand English sentences of Tatoeba per language with all their translations, and lines of the project's shopping
grammar. The grammar is ours, so shopping lines say that the model has learned what it was taught, not how it would do
on a stranger's. The phrase memory is measured without the rows whose English was held out.

Columns: *model* — every draft whose placeholders came back (the ``chrf_…`` figures); *shown* — what viewers get:
phrases first, drafts judged, the original where none is good enough; *phrases* and *copy* — the two baselines.
Languages of chat lines are told on Tatoeba sentences that the letters were not learned from, beside py3langid and
lingua where they are installed.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import sacrebleu

from avatar.translation.embedded import DIRECTIONS, SHIPPED
from avatar.translation.engine import Direction
from avatar.translation.identify import identify
from avatar.translation.masking import is_for_the_model, mask, restore
from avatar.translation.phrases import PhraseMemory
from avatar.translation.pivot import route
from avatar.translation.translator import Translator
from benchmarks.harness.figures import conclude, show_table
from benchmarks.harness.translations import (
    CORPORA,
    ChatLine,
    Test,
    chat_lines,
    is_in_the_test,
    shopping_tests,
    tatoeba_tests,
)
from tests.unit.avatar.translation.lines import is_untouched

GOALS = {
    "tatoeba_en_es": 58,
    "tatoeba_es_en": 58,
    "tatoeba_en_zh": 22,
    "tatoeba_zh_en": 42,
    "shop_en_es": 75,
    "shop_es_en": 75,
    "shop_en_zh": 45,
    "shop_zh_en": 75,
}
WARM_LINES = 200
BATCH = 16


def scores(said: Sequence[str], tests: Sequence[Test], target: str) -> tuple[float, float, str]:
    """BLEU, chrF and their signatures."""
    most = max(len(test.references) for test in tests)
    references = [[t.references[i] if i < len(t.references) else None for t in tests] for i in range(most)]
    bleu = sacrebleu.BLEU(tokenize="zh" if target == "zh" else "13a")
    chrf = sacrebleu.CHRF()
    bleu_score, chrf_score = bleu.corpus_score(said, references), chrf.corpus_score(said, references)
    return bleu_score.score, chrf_score.score, f"{bleu.get_signature()} {chrf.get_signature()}"


def by_model(translator: Translator, tests: Sequence[Test], direction: Direction) -> list[str]:
    """Drafts as the model makes them, unjudged; the source where placeholders were lost."""
    engine = translator.engines[direction]
    masked = [mask(test.source) for test in tests]
    drafts = []
    for start in range(0, len(masked), BATCH):
        some = masked[start : start + BATCH]
        drafts += engine.translate([m.text for m in some], direction, [m.items for m in some])
    said = []
    for test, m, draft in zip(tests, masked, drafts, strict=True):
        text = restore(draft.text, m) if draft is not None and is_for_the_model(m) else None
        said.append(test.source if text is None else text)
    return said


def judge(
    translator: Translator, memory: Translator, tests: dict[str, list[Test]]
) -> tuple[dict[str, float], list[list[object]], set[str], tuple[int, int]]:
    """Figures, rows of the table, signatures, and how many shown lines of how many have all items untouched."""
    figures: dict[str, float] = {}
    rows: list[list[object]] = []
    signatures: set[str] = set()
    exact = shown_lines = 0
    for key, lines in tests.items():
        source, target = key.split("_")[1:]
        sources = [test.source for test in lines]
        has_model = bool(route(translator.engines, source, target))
        results = translator.translate(sources, source, target)
        phrases = memory.translate(sources, source, target)
        model = by_model(translator, lines, (source, target)) if (source, target) in translator.engines else sources
        row: list[object] = [key, len(lines)]
        for name, said in (
            ("model", model),
            ("shown", [r.text for r in results]),
            ("phrases", [r.text for r in phrases]),
            ("copy", sources),
        ):
            bleu, chrf, signature = scores(said, lines, target)
            signatures.add(signature)
            row.append(f"{bleu:.1f} / {chrf:.1f}")
            if name == "model" and has_model:
                figures |= {f"chrf_{key}": chrf, f"bleu_{key}": bleu}
            if name == "shown":
                figures[f"chrf_shown_{key}"] = chrf
        translated = [(test.source, r.text) for test, r in zip(lines, results, strict=True) if r.is_translation]
        exact += sum(is_untouched(line, text) for line, text in translated)
        shown_lines += len(translated)
        row += [f"{100 * len(translated) / len(lines):.0f} %", GOALS.get(key, "")]
        rows.append(row)
    return figures, rows, signatures, (exact, shown_lines)


def cost(translator: Translator, tests: dict[str, list[Test]]) -> tuple[float, float]:
    """CPU milliseconds per sentence through the whole translator: one by one, and sixteen at once."""
    by_way = {
        (source, target): [test.source for key in tests if key.endswith(f"_{source}_{target}") for test in tests[key]]
        for source, target in translator.engines
    }
    lines = [(way, line) for way, sources in by_way.items() for line in dict.fromkeys(sources)]
    if not lines:
        return 0.0, 0.0
    random.Random(3).shuffle(lines)
    for way, line in lines[:WARM_LINES]:
        translator.translate([line], *way)
    translator.forget()
    gc.collect()
    began = time.process_time()
    for way, line in lines:
        translator.translate([line], *way)
    single_ms = (time.process_time() - began) * 1000 / len(lines)
    translator.forget()
    began = time.process_time()
    for way in by_way:
        mine = [line for other, line in lines if other == way]
        for start in range(0, len(mine), BATCH):
            translator.translate(mine[start : start + BATCH], *way)
    return single_ms, (time.process_time() - began) * 1000 / len(lines)


def identifiers() -> dict[str, Callable[[str], str]]:
    """Ours and, where they are installed, two libraries held to the same languages."""
    found: dict[str, Callable[[str], str]] = {"ours": lambda text: identify(text).language}
    tags = ["en", "es", "zh", "ja", "fr", "de", "ko", "pt"]
    try:
        py3langid = importlib.import_module("py3langid")
        py3langid.set_languages(tags)
        found["py3langid"] = lambda text: str(py3langid.classify(text)[0])
    except ImportError:
        pass
    try:
        lingua = importlib.import_module("lingua")
        codes = [lingua.IsoCode639_1.from_str(tag) for tag in tags]
        detector = lingua.LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
        found["lingua"] = lambda text: (
            language.iso_code_639_1.name.lower() if (language := detector.detect_language_of(text)) else ""
        )
    except ImportError:
        pass
    return found


def judge_identification(lines: Sequence[ChatLine]) -> tuple[dict[str, float], list[list[object]]]:
    """Share of lines whose language is told, per identifier and language."""
    figures: dict[str, float] = {}
    rows: list[list[object]] = []
    languages = sorted({line.language for line in lines})
    asked = Counter(line.language for line in lines)
    for name, identifier in identifiers().items():
        began = time.process_time()
        right = Counter(line.language for line in lines if identifier(line.text) == line.language)
        us = (time.process_time() - began) * 1e6 / len(lines)
        share = sum(right.values()) / len(lines)
        rows.append([name, *(f"{100 * right[lang] / asked[lang]:.1f}" for lang in languages), f"{100 * share:.2f}", us])
        if name == "ours":
            figures = {"identified_share": share, "identify_cpu_us": us}
    return figures, [["", *languages, "all", "CPU µs"], *rows]


def main() -> None:
    """Make the test sets, translate them every way, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the sentences")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/parallel"), help="the Tatoeba files")
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    chosen = parser.parse_args()
    tests = shopping_tests()
    if all((chosen.data / name).is_file() for name in CORPORA.values()):
        tests = tatoeba_tests(chosen.data) | tests
    else:
        print(f"No Tatoeba in {chosen.data}: shopping lines alone.")
    if chosen.quick:
        tests = {key: lines[::5] for key, lines in tests.items()}
    memory = PhraseMemory.shipped(leave_out=is_in_the_test)
    translator = Translator.open(chosen.weights, memory=memory)
    for direction, reason in translator.problems.items():
        print(f"{direction}: no model ({reason})")
    figures, rows, signatures, (exact, shown) = judge(translator, Translator(memory=memory), tests)
    columns = ["test", "lines", "model", "shown", "phrases", "copy", "kept", "goal"]
    show_table("BLEU / chrF, greedy, int8, one thread", columns, rows)
    print("\n".join(sorted(signatures)))
    single_ms, batch_ms = cost(translator, tests)
    figures |= {
        "masked_exact": exact / max(1, shown),
        "cpu_ms_sentence": single_ms,
        "cpu_ms_sentence_in_batches": batch_ms,
        "lines_s_core": 1000 / batch_ms if batch_ms else 0.0,
    }
    lines = chat_lines(chosen.data)
    if lines:
        told, (head, *body) = judge_identification(lines)
        show_table(f"Language told, % of {len(lines)} short chat lines", [str(cell) for cell in head], body)
        figures |= told
    cards = {name: (chosen.weights / name / "card.json").is_file() for name in DIRECTIONS}
    conclude("translation", figures, {"quick": chosen.quick, "lines": sum(map(len, tests.values())), "cards": cards})


if __name__ == "__main__":
    main()
