"""A small shop to test the mind of the AI host with."""

from __future__ import annotations

from typing import Any

from avatar.model import ProductFacts
from avatar.product_file import read_product

MUG: dict[str, Any] = {
    "product_id": "mug",
    "brand_name": "Lumen & Loom",
    "title": {"en": "Tide stoneware mug", "zh-CN": "潮汐炻器马克杯", "es": "Taza de gres Tide"},
    "summary": {"en": "A generous mug with a handle for three fingers.", "es": "Una taza generosa con asa."},
    "facts": [
        {"key": "capacity", "label": {"en": "Holds", "zh-CN": "容量"}, "value": {"en": "350 ml", "zh-CN": "350 毫升"}},
        {"key": "weight", "label": {"en": "Weight"}, "value": {"en": "340 g", "es": "340 g"}},
        {"key": "material", "label": {"en": "Material"}, "value": {"en": "Stoneware, fired at 1,240 °C"}},
        {
            "key": "dishwasher",
            "label": {"en": "Dishwasher and microwave", "zh-CN": "洗碗机与微波炉"},
            "value": {"en": "Both, yes", "zh-CN": "均适用"},
        },
        {"key": "glaze", "label": {"en": "Glaze"}, "value": {"en": "Lead-free, food-safe, satin"}},
    ],
    "variants": [
        {
            "label": {"en": "Sand", "zh-CN": "沙色", "es": "Arena"},
            "left": 18,
            "prices": [{"currency": "USD", "amount_minor": 2400}],
        },
        {
            "label": {"en": "Charcoal", "zh-CN": "炭黑", "es": "Carbón"},
            "left": 7,
            "prices": [{"currency": "USD", "amount_minor": 1900, "lowest_30d_minor": 2400}],
        },
    ],
    "delivery": {"en": "Arrives in 3–6 days by parcel.", "zh-CN": "包裹 3–6 天送达。"},
    "returns": {"en": "30 days to send it back.", "zh-CN": "30 天内可退。", "es": "30 días para devolverlo."},
    "provenance": {"en": "Thrown in Caldas da Rainha, Portugal."},
}

HAT: dict[str, Any] = {
    "product_id": "hat",
    "brand_name": "Maren Ost",
    "title": {"en": "Vela wool felt hat", "zh-CN": "Vela 羊毛毡帽", "es": "Sombrero de fieltro Vela"},
    "facts": [
        {"key": "material", "label": {"en": "Material"}, "value": {"en": "100 % wool felt", "zh-CN": "100% 羊毛毡"}},
        {"key": "fit", "label": {"en": "Fit", "zh-CN": "尺码"}, "value": {"en": "56–59 cm, adjustable inside"}},
    ],
    "variants": [{"label": {"en": "Camel"}, "left": 3, "prices": [{"currency": "USD", "amount_minor": 8500}]}],
}

BARE: dict[str, Any] = {"product_id": "bare", "title": {"en": "A thing nobody described"}}


def products() -> dict[str, ProductFacts]:
    """Mug, hat, and one without facts, in USD."""
    read = (read_product(resource, "USD") for resource in (MUG, HAT, BARE))
    return {product.product_id: product for product in read}
