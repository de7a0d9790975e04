"""Learn which letters speak for which language, for `avatar.translation.identify`.

A softmax regression over character n-grams (1 to 4, within words) of short pieces of Tatoeba sentences (CC-BY 2.0 FR)
typed as people type: without capitals, often without accents. Portuguese comes from the project's own texts. Pinyin,
romaji and mashed keys are drawn by chance and stand for "no language". Seeded; a few CPU minutes. Every fiftieth
sentence is held out (`is_held_out`).
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from avatar.translation.letters import features, folded_line

ROOT = Path(__file__).parent.parent
CORPORA = {"es": "spa-eng.zip", "fr": "fra-eng.zip", "de": "deu-eng.zip"}
CLASSES = ("en", "es", "fr", "de", "pt", "und")
HAN = ("zh", "ja")
PIECES = 16_000
"""Per language."""
KEPT = 9_000
SCALE = 16
"""Weights are kept as whole sixteenths."""
PINYIN_WORDS = (
    "zhe ge duo shao qian wo xiang mai yi jian hong se de you ma ni hao xie xie hen hao kan tai gui le pian yi dian "
    "shen me shi hou fa huo ke yi tui ma zhi liang zen me yang"
)
ROMAJI_WORDS = (
    "kore wa ikura desu ka arigatou gozaimasu kawaii konnichiwa suki da hoshii onegai shimasu sugoi ne watashi mo "
    "itsu todoku sumimasen doko kaeru"
)
PINYIN, ROMAJI = PINYIN_WORDS.split(), ROMAJI_WORDS.split()


def is_held_out(sentence: str) -> bool:
    """The same sentences every time."""
    return hashlib.sha256(sentence.encode()).digest()[0] < 5


def read_pairs(file: Path) -> list[tuple[str, str]]:
    """English and other of a Tatoeba file."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            name = max(
                (n for n in archive.namelist() if n.endswith(".txt")), key=lambda n: archive.getinfo(n).file_size
            )
            lines = list(io.StringIO(archive.read(name).decode("utf-8")))
    else:
        lines = file.read_text("utf-8").splitlines()
    rows = [line.rstrip("\n").split("\t") for line in lines]
    return [(row[0], row[1]) for row in rows if len(row) > 1]


def sentences(data: Path) -> dict[str, list[str]]:
    """Distinct sentences per language."""
    found: dict[str, list[str]] = {lang: [] for lang in (*CLASSES, *HAN)}
    for lang, name in CORPORA.items():
        pairs = read_pairs(data / name)
        found[lang] = list(dict.fromkeys(other for _, other in pairs))
        found["en"] += [english for english, _ in pairs]
    found["en"] = list(dict.fromkeys(found["en"]))
    found["zh"] = list(dict.fromkeys(other for _, other in read_pairs(data / "cmn-eng.txt")))
    found["ja"] = list(dict.fromkeys(other for _, other in read_pairs(data / "jpn-eng.zip")))
    own = (ROOT / "avatar/wording/texts/pt.toml", ROOT / "avatar/answers/lexicon/pt.toml")
    found["pt"] = [
        re.sub(r"\{\w+\}", "", text) for file in own for text in re.findall(r'"([^"]+)"', file.read_text("utf-8"))
    ]
    # the project's own phrases, so that shopping words count
    for line in (ROOT / "avatar/translation/data/phrases.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            cells = line.split("\t")
            for lang, cell in (("en", cells[0]), ("es", cells[1]), ("fr", cells[4]), ("de", cells[5])):
                found[lang] += [text for text in cell.split(" | ") for _ in range(6)]
    return found


def piece(sentence: str, chance: random.Random) -> str:
    """A few words as typed."""
    words = folded_line(sentence).split()
    size = chance.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8))
    start = chance.randrange(max(1, len(words) - size + 1))
    text = " ".join(words[start : start + size])
    if chance.random() < 0.35:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if chance.random() < 0.08 and len(text) > 6:
        at = chance.randrange(len(text))
        text = text[:at] + text[at + 1 :]
    return text


def nonsense(chance: random.Random) -> str:
    """What has Latin letters and is in none of the languages."""
    if chance.random() < 0.7:
        syllables = chance.choice((PINYIN, ROMAJI))
        return " ".join(chance.choice(syllables) for _ in range(chance.randint(1, 6)))
    return "".join(chance.choice("asdfghjklqwertzuiopyxcvbnm") for _ in range(chance.randint(4, 12)))


def learn(samples: list[str], labels: list[int], known: dict[str, int], classes: int) -> np.ndarray:
    """Weights, n-gram by class, of a softmax regression with an L2 penalty."""
    rows, columns = [], []
    for n, sample in enumerate(samples):
        for feature in features(sample):
            if feature in known:
                rows.append(n)
                columns.append(known[feature])
    counts = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(samples), len(known)))
    wanted = np.eye(classes, dtype=np.float32)[labels]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(known), classes).astype(np.float32)
        scores = counts @ weights
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        fit = -np.log(np.maximum((shares * wanted).sum(axis=1), 1e-9)).sum()
        gradient = counts.T @ (shares - wanted) + 0.3 * weights
        return float(fit + 0.15 * (weights**2).sum()), gradient.astype(np.float64).ravel()

    found = minimize(loss, np.zeros(len(known) * classes), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return np.asarray(found.x).reshape(len(known), classes)


def chosen_features(samples: list[str], at_least: int) -> dict[str, int]:
    """Those that come often enough."""
    counts = Counter(feature for sample in samples for feature in set(features(sample)))
    return {feature: n for n, feature in enumerate(sorted(f for f, c in counts.items() if c >= at_least))}


def write_letters(data: Path, out: Path) -> None:
    """Learn on ``data`` and write the table."""
    chance = random.Random(1)
    found = sentences(data)
    samples: list[str] = []
    labels: list[int] = []
    for n, lang in enumerate(CLASSES):
        pool = [text for text in found[lang] if not is_held_out(text)]
        for _ in range(PIECES if lang not in ("pt", "und") else PIECES // 4):
            samples.append(nonsense(chance) if lang == "und" else piece(chance.choice(pool), chance))
            labels.append(n)
    known = chosen_features(samples, 12)
    weights = learn(samples, labels, known, len(CLASSES))
    names = sorted(known, key=lambda feature: known[feature])
    strongest = np.argsort(-np.abs(weights).max(axis=1))[:KEPT]
    known = {names[i]: n for n, i in enumerate(sorted(strongest))}
    weights = learn(samples, labels, known, len(CLASSES))
    lines = ["# n-gram, then its weight for " + " ".join(CLASSES) + f" in {SCALE}ths; scripts/language_letters.py"]
    for feature, n in known.items():
        row = np.clip(np.round(weights[n] * SCALE), -127, 127).astype(int)
        if row.any():
            lines.append("\t".join((feature.replace(" ", "_"), *map(str, row))))
    # Characters of Chinese and Japanese without kana: how much more often one has them than the other
    counts = {lang: Counter(c for text in found[lang] for c in text if "\u3400" <= c <= "\u9fff") for lang in HAN}
    totals = {lang: sum(counts[lang].values()) for lang in HAN}
    for character in sorted(set(counts["zh"]) | set(counts["ja"])):
        if counts["zh"][character] + counts["ja"][character] >= 6:
            odds = np.log((counts["ja"][character] + 0.5) / totals["ja"]) - np.log(
                (counts["zh"][character] + 0.5) / totals["zh"]
            )
            lines.append(f"{character}\t{round(float(odds) * SCALE)}")
    out.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} rows, {out.stat().st_size} bytes")
