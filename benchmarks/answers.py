"""Does the AI host understand viewers' questions, and does its guard know true from false?

Questions are in ``questions/tuned.tsv`` (looked at while the lexicons were tuned) and ``questions/heldout.tsv``
(written before the lexicons, its results never used for tuning). The same hand wrote both and the lexicons, about the
demo shop's products: real viewers will do worse. A question counts when language, intent and named product are all
right; what is no question about a product counts when nothing is answered.
``questions/guard.tsv`` holds sentences that claim false or true things about cited facts.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from avatar.answers.answering import Answerer
from avatar.answers.products import ProductIndex
from avatar.answers.understanding import understand
from avatar.guard import Guard
from avatar.live_facts import live_facts
from avatar.model import ProductFacts
from avatar.product_file import read_product
from avatar.wording.variation import Variation
from benchmarks.harness.figures import conclude, percentile, show_table
from stream_server.demo.shop import load_shop

QUESTIONS = Path(__file__).parent / "questions"
HALVES = ("tuned", "heldout")
MARKETS = {"zh": "cn", "en": "us"}
ON_SCREEN = "tide-mug"


def rows(name: str) -> list[dict[str, str]]:
    """The lines of a set of questions."""
    with (QUESTIONS / f"{name}.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def shop_products() -> dict[str, ProductFacts]:
    """The demo shop as the host sees it."""
    shop = load_shop()
    brands = {brand.slug: brand.name for brand in shop.brands}
    resources = (
        {**entry.product.model_dump(), "product_id": entry.product.slug, "brand_name": brands[entry.brand]}
        for entry in shop.products
    )
    products = (read_product(resource, "USD") for resource in resources)
    return {product.product_id: product for product in products}


def judge_half(
    half: str, products: Mapping[str, ProductFacts]
) -> tuple[dict[str, float], dict[str, int], float, list[float]]:
    """Accuracy and number per language, share of refusals among what must be refused, milliseconds per answer."""
    index = ProductIndex(products.values())
    answerer = Answerer(Variation(1))
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    refused = to_refuse = 0
    took_ms: list[float] = []
    for row in rows(half):
        began = time.perf_counter()
        understood = understand(row["question"], index, "en", ON_SCREEN)
        answer = answerer.answer(understood, products[understood.product_id or ON_SCREEN])
        took_ms.append((time.perf_counter() - began) * 1000)
        asked[row["lang"]] += 1
        if row["intent"] == "none":
            is_right = answer is None or answer.outcome in ("out_of_scope", "unknown")
            to_refuse += 1
            refused += is_right
        else:
            named = understood.product_id or "-"
            is_right = (understood.lang, understood.intent, named) == (row["lang"], row["intent"], row["product"])
        right[row["lang"]] += is_right
    return {lang: right[lang] / asked[lang] for lang in asked}, dict(asked), refused / to_refuse, took_ms


def judge_guard(products: Mapping[str, ProductFacts]) -> tuple[float, float, int]:
    """Share of false claims stopped, share of true ones passed, and how many claims there were."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows("guard"):
        product = products[row["product"]]
        facts = {fact.id.split("/", 1)[1]: fact for fact in [*product.facts, *live_facts(product)]}
        cited = [facts[key] for key in row["facts"].split(",") if key in facts]
        guard = Guard(MARKETS.get(row["lang"], "de")).for_products(products)
        passed = guard.check(row["text"], row["lang"], cited).passed
        total[row["claim"]] += 1
        right[row["claim"]] += passed == (row["claim"] == "true")
    return right["false"] / total["false"], right["true"] / total["true"], sum(total.values())


def main() -> None:
    """Print the table of both halves and the figures of the held-out one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the same: it takes a second")
    parser.parse_args()
    products = shop_products()
    judged = {half: judge_half(half, products) for half in HALVES}
    languages = list(judged["heldout"][0])
    show_table(
        "Language, intent and product right",
        ["language", "tuned", "held out", "questions each"],
        [
            [lang, judged["tuned"][0][lang], judged["heldout"][0][lang], judged["heldout"][1][lang]]
            for lang in languages
        ],
    )
    stopped, passed, claims = judge_guard(products)
    accuracy, _, refusal_rate, took_ms = judged["heldout"]
    figures = {f"heldout_accuracy_{lang}": accuracy[lang] for lang in languages}
    figures |= {"refusal_rate": refusal_rate, "false_claims_stopped": stopped, "true_claims_passed": passed}
    figures["answer_p95_ms"] = percentile(took_ms, 0.95)
    conclude("answers", figures, {"questions": sum(judged["heldout"][1].values()), "claims": claims})


if __name__ == "__main__":
    main()
