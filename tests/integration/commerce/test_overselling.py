"""Two hundred buyers and ten pieces: exactly ten are sold, on both engines, whatever happens around it."""

from __future__ import annotations

import asyncio
import itertools
import sys
from asyncio.subprocess import PIPE

import pytest
from sqlalchemy import Connection, select, update

from stream_server.clock import ManualClock
from stream_server.commerce.errors import OutOfStock
from stream_server.commerce.order import OrderFilter
from stream_server.errors import Unavailable
from stream_server.ids import PersonId, VariantId
from stream_server.stores.commerce import commerce_stores
from stream_server.stores.sql.commerce_schema import stock
from stream_server.stores.sql.database import Database, open_database
from tests.fakes.commerce import SHOW, TrialShop, draft, open_trial_shop

# Hundreds of buyers at once: on a busy machine with one core to spare this takes its time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]

BUYERS = 200
PIECES = 10


async def test_the_last_ten_pieces_are_sold_to_exactly_ten_of_two_hundred(database_url: str) -> None:
    async with open_database(database_url) as database, open_trial_shop(commerce_stores(database)) as trial:
        variant = await trial.variant(PIECES)
        outcomes = await _everybody(trial, variant.variant_id, pays=True)
        assert outcomes.count("bought") == PIECES
        assert outcomes.count("sold out") == BUYERS - PIECES
        assert await trial.left(variant.variant_id) == 0
        orders = await trial.stores.orders.list_orders(OrderFilter(), BUYERS)
        assert len({order.buyer_id for order in orders}) == PIECES
        await trial.shop.announcer.settle()
        assert trial.events.stock[-1][1] == {variant.variant_id: 0}
        assert len(trial.events.orders) == PIECES
        # All were sold, none is reserved: the level can be raised and lowered by exactly what is added.
        assert (await trial.stores.stock.change(variant.variant_id, 1)).left == 1


async def test_what_nobody_paid_comes_back_and_is_sold_again(database_url: str) -> None:
    async with open_database(database_url) as database, open_trial_shop(commerce_stores(database)) as trial:
        variant = await trial.variant(PIECES)
        held = await _everybody(trial, variant.variant_id, pays=False)
        assert held.count("bought") == PIECES
        trial.clock.advance(120)
        # Nobody sweeps: who finds nothing left looks for reservations whose time is over.
        again = await _everybody(trial, variant.variant_id, pays=True)
        assert again.count("bought") == PIECES
        assert await trial.left(variant.variant_id) == 0
        assert len(await trial.stores.orders.list_orders(OrderFilter(), BUYERS)) == PIECES


async def test_a_server_killed_between_reserving_and_paying_loses_no_stock(database_url: str) -> None:
    async with open_database(database_url) as database, open_trial_shop(commerce_stores(database)) as trial:
        variant_id = (await trial.variant(PIECES)).variant_id
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.commerce.doomed_shop", database_url, variant_id, stdout=PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"reserved 4, paying 3\n"
    child.kill()
    await child.communicate()
    clock = ManualClock()
    async with open_database(database_url) as database:
        assert await _left(database, variant_id) == 3
        # A new process. Its provider has forgotten the intent, so the payment is held a little longer, not for ever.
        clock.advance(600 + 5 * 60)
        async with open_trial_shop(commerce_stores(database), clock) as trial:
            await trial.shop.checkouts.end_reservations()
            await trial.shop.checkouts.end_payments()
            assert await trial.left(variant_id) == PIECES


async def test_reading_and_then_writing_would_oversell(database_url: str) -> None:
    """The negative test: without the guard in the statement, both engines sell more than there is."""
    async with open_database(database_url) as database, open_trial_shop(commerce_stores(database)) as trial:
        variant_id = (await trial.variant(PIECES)).variant_id

        def look(connection: Connection) -> int:
            return int(connection.execute(select(stock.c.on_hand).where(stock.c.variant_id == variant_id)).scalar_one())

        def write(connection: Connection, on_hand: int) -> None:
            connection.execute(update(stock).where(stock.c.variant_id == variant_id).values(on_hand=on_hand))

        async def buy_naively() -> bool:
            on_hand = await database.read(look)
            if on_hand < 1:
                return False
            await database.write(write, on_hand - 1)
            return True

        sold = await asyncio.gather(*(buy_naively() for _ in range(BUYERS)))
        assert sum(sold) > PIECES


async def test_buyers_of_several_things_in_any_order_never_wait_for_each_other_in_a_circle(database_url: str) -> None:
    async with open_database(database_url) as database, open_trial_shop(commerce_stores(database)) as trial:
        products = [await trial.product(draft(slug, 48, sku=slug)) for slug in ("a", "b", "c")]
        variant_ids = [product.variants[0].variant_id for product in products]

        async def buy(number: int, order: tuple[VariantId, ...]) -> bool:
            buyer_id = PersonId(f"person_{number}")
            for variant_id in order:
                await trial.shop.carts.set_line(SHOW, buyer_id, variant_id, 1, "USD")
            try:
                checkout = await trial.shop.checkouts.open(SHOW, buyer_id, "x", "USD", f"key-{number}")
            except OutOfStock:
                return False
            if number % 3 == 0:
                await trial.shop.checkouts.cancel(checkout.checkout_id, buyer_id)
                return False
            return (await trial.pay(checkout)).status == "succeeded"

        orders = itertools.islice(itertools.cycle(itertools.permutations(variant_ids)), 48)
        bought = await asyncio.gather(*(buy(number, order) for number, order in enumerate(orders)))
        assert sum(bought) == 32
        for variant_id in variant_ids:
            assert await trial.left(variant_id) == 48 - 32


async def _everybody(trial: TrialShop, variant_id: VariantId, pays: bool) -> list[str]:
    shop = trial.shop

    async def buy(number: int) -> str:
        buyer_id = PersonId(f"person_{number}")
        key = trial.key()
        while True:
            try:
                await trial.stores.carts.set_line(SHOW, buyer_id, variant_id, 1, "USD", trial.clock.now())
                checkout = await shop.checkouts.open(SHOW, buyer_id, "Ada", "USD", key)
                if pays:
                    assert (await trial.pay(checkout, key=key)).status == "succeeded"
            except OutOfStock:
                return "sold out"
            except Unavailable:
                continue  # a very slow machine: do as a client does, the same again with the same key
            return "bought"

    return list(await asyncio.gather(*(buy(number) for number in range(BUYERS))))


async def _left(database: Database, variant_id: VariantId) -> int:
    product = (await commerce_stores(database).catalogue.of_variants([variant_id]))[variant_id]
    return product.variants[0].left
