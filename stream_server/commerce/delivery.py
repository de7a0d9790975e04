"""Ways to send the goods, and what they and the tax inside the price come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stream_server.commerce.catalogue import Texts
from stream_server.commerce.errors import UnknownDelivery


@dataclass(frozen=True)
class Address:
    """Where it goes. Field names follow HTML autofill."""

    name: str
    email: str
    street_address: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True)
class DeliveryMethod:
    """One way to send, as the shop defines it; offered only in currencies it has a price for."""

    delivery_option_id: str
    label: Texts
    price_minor: Mapping[str, int]
    """Currency → price."""
    days_min: int
    days_max: int
    free_from_minor: Mapping[str, int] = field(default_factory=dict)
    """Currency → value of goods from which it costs nothing."""


@dataclass(frozen=True)
class DeliveryOption:
    """One way to send one purchase."""

    delivery_option_id: str
    label: Texts
    price_minor: int
    days_min: int
    days_max: int


@dataclass(frozen=True)
class Totals:
    """All costs, before paying. Tax is inside the prices, never on top."""

    items_minor: int
    delivery_minor: int
    tax_included_minor: int

    @property
    def total_minor(self) -> int:
        """What the buyer pays."""
        return self.items_minor + self.delivery_minor


@dataclass(frozen=True)
class Terms:
    """How a shop delivers and which tax its prices include."""

    methods: Sequence[DeliveryMethod]
    tax_basis_points: Mapping[str, int] = field(default_factory=dict)
    """Country (ISO 3166-1) → included tax, 1900 for 19 %."""

    def options(self, items_minor: int, currency: str) -> tuple[DeliveryOption, ...]:
        """The ways to send goods of this value, cheapest first."""
        offered = [
            DeliveryOption(
                method.delivery_option_id,
                method.label,
                0 if _is_free(method, items_minor, currency) else method.price_minor[currency],
                method.days_min,
                method.days_max,
            )
            for method in self.methods
            if currency in method.price_minor
        ]
        return tuple(sorted(offered, key=lambda option: option.price_minor))

    def option(self, items_minor: int, currency: str, delivery_option_id: str) -> DeliveryOption:
        """One of the options. Raises: UnknownDelivery."""
        for option in self.options(items_minor, currency):
            if option.delivery_option_id == delivery_option_id:
                return option
        raise UnknownDelivery(delivery_option_id)

    def totals(self, items_minor: int, option: DeliveryOption | None, country: str | None) -> Totals:
        """What it all comes to; before the address is known no tax is stated."""
        delivery_minor = option.price_minor if option else 0
        rate = self.tax_basis_points.get(country, 0) if country else 0
        return Totals(items_minor, delivery_minor, included_tax(items_minor + delivery_minor, rate))


def included_tax(total_minor: int, basis_points: int) -> int:
    """The tax inside a price, rounded half up, in integers only."""
    divisor = 10_000 + basis_points
    return (2 * total_minor * basis_points + divisor) // (2 * divisor)


def _is_free(method: DeliveryMethod, items_minor: int, currency: str) -> bool:
    threshold = method.free_from_minor.get(currency)
    return threshold is not None and items_minor >= threshold
