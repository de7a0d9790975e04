"""Generated lines of a show, full of what translation must not touch; and whether it did."""

from __future__ import annotations

import random
from collections.abc import Iterator

from avatar.translation.cleaning import clean
from avatar.translation.masking import mask
from avatar.translation.training.shopping_lines import ShoppingGrammar

KEPT = ("TideWorks", "Nordlicht", "山河", "O'Neil")


def _item(roll: random.Random) -> str:
    amount = f"{roll.randint(1, 9999)}"
    cents = f"{roll.randint(0, 99):02}"
    return roll.choice(
        (
            f"${amount}.{cents}",
            f"{amount},{cents} €",
            f"¥{amount}",
            f"US${roll.randint(1, 9)},{roll.randint(100, 999)}.{cents}",
            f"{amount} CNY",
            f"{roll.randint(1, 90)}%",
            roll.choice(("S", "M", "XL", "XXL", "38", "42.5")),
            f"{roll.randint(1, 300)} {roll.choice(('cm', 'kg', 'ml', 'g', 'W', 'mAh'))}",
            f"SKU-{amount}",
            f"B0{roll.randint(10, 99)}X{roll.randint(1, 9)}",
            f"{roll.randint(0, 23)}:{roll.randint(0, 59):02}",
            roll.choice(("@ana", "@li_wei", "@maria.88", "@山河店")),
            roll.choice(("😍", "🔥🔥", "👩‍👩‍👧", "❤️", "👍🏽", "🇪🇸")),
            roll.choice(KEPT),
            f"https://shop.example/p/{amount}?v={cents}",
        )
    )


def generated(count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Language, line, target language."""
    roll = random.Random(seed)
    grammar = ShoppingGrammar(seed)
    for _ in range(count):
        number, language = roll.choice(((0, "en"), (1, "es"), (2, "zh")))
        line = grammar.draw()[number]
        for _ in range(roll.choice((0, 1, 1, 2, 4, 12))):
            places = [0, len(line)] if language == "zh" else [n for n, c in enumerate(line) if c == " "] or [0]
            at = roll.choice(places)
            line = f"{line[:at]} {_item(roll)} {line[at:]}"
        yield language, line, roll.choice([other for other in ("en", "es", "zh") if other != language])


def is_untouched(line: str, translated: str) -> bool:
    """Every masked item of the line is in the translation, and no digit beside them."""
    items = mask(clean(line), KEPT).items
    for item in sorted(items, key=len, reverse=True):
        if item not in translated:
            return False
        translated = translated.replace(item, "\x00", 1)
    return not any(c.isdigit() for c in translated)
