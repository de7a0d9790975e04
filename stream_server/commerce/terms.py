"""The terms a shop starts with: two ways to deliver and the usual consumption taxes of its markets.

The tax rates are the general ones a shop would start from and has to check for its goods; where tax is added on top
by custom (US) nothing is included.
"""

from __future__ import annotations

from stream_server.commerce.delivery import DeliveryMethod, Terms

STANDARD = DeliveryMethod(
    delivery_option_id="standard",
    label={
        "en": "Standard",
        "zh-CN": "标准配送",
        "es": "Estándar",
        "ar": "توصيل عادي",
        "de": "Standard",
        "fr": "Standard",
        "ja": "通常配送",
        "ko": "일반 배송",
    },
    price_minor={"USD": 490, "EUR": 490, "GBP": 390, "CNY": 1200, "JPY": 600, "MXN": 9900},
    days_min=3,
    days_max=6,
    free_from_minor={"USD": 7500, "EUR": 7500, "GBP": 6500, "CNY": 50000, "JPY": 10000, "MXN": 150000},
)
EXPRESS = DeliveryMethod(
    delivery_option_id="express",
    label={
        "en": "Express",
        "zh-CN": "加急配送",
        "es": "Urgente",
        "ar": "توصيل سريع",
        "de": "Express",
        "fr": "Express",
        "ja": "お急ぎ便",
        "ko": "빠른 배송",
    },
    price_minor={"USD": 1290, "EUR": 1290, "GBP": 990, "CNY": 3000, "JPY": 1500, "MXN": 24900},
    days_min=1,
    days_max=2,
)
TAX_BASIS_POINTS = {
    "AT": 2000,
    "BE": 2100,
    "CN": 1300,
    "DE": 1900,
    "DK": 2500,
    "ES": 2100,
    "FR": 2000,
    "GB": 2000,
    "IE": 2300,
    "IT": 2200,
    "JP": 1000,
    "MX": 1600,
    "NL": 2100,
    "PL": 2300,
    "PT": 2300,
    "SE": 2500,
}


def usual_terms() -> Terms:
    """Standard and express delivery; tax by country."""
    return Terms((STANDARD, EXPRESS), TAX_BASIS_POINTS)
