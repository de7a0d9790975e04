"""Buying over real HTTP, as the player does it, with what the host and other viewers see meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from stream_server.audience.people import Person
from tests.integration.web.conformance import refused
from tests.integration.web.server import HOST, Server, person, running_server
from tests.integration.web.shop import ADDRESS, LiveClient, SmallShop, stocked


class Buyer:
    """Somebody with a token and the player's calls."""

    def __init__(self, server: Server, shop: SmallShop, who: Person) -> None:
        self._http = server.http
        self._shop = shop
        self._auth = server.auth(who)
        self._keys = 0

    async def call(self, method: str, path: str, body: Any = None, *, key: bool = False) -> Any:
        headers = dict(self._auth)
        if key:
            self._keys += 1
            headers["Idempotency-Key"] = f"key-{self._keys}"
        response = await self._http.request(method, f"/api{path}", json=body, headers=headers)
        assert response.is_success, response.text
        return response.json()

    async def checkout(self, quantity: int = 1) -> dict[str, Any]:
        line = f"/shows/{self._shop.show_id}/cart/{self._shop.variant_id}"
        await self.call("PUT", line, {"quantity": quantity, "currency": "USD"})
        opened = await self.call("POST", f"/shows/{self._shop.show_id}/checkouts", {"currency": "USD"}, key=True)
        assert isinstance(opened, dict)
        return opened

    async def pay(self, checkout: dict[str, Any], method: str) -> dict[str, Any]:
        body = {"address": ADDRESS, "delivery_option_id": "standard", "payment_method": method}
        state = await self.call("POST", f"/checkouts/{checkout['checkout_id']}/payment", body, key=True)
        assert isinstance(state, dict)
        return state

    async def settled(self, checkout: dict[str, Any]) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                state = await self.call("GET", f"/checkouts/{checkout['checkout_id']}/payment")
                assert isinstance(state, dict)
                if state["status"] in ("succeeded", "declined"):
                    return state
                await asyncio.sleep(0.05)


async def _answer_bank(server: Server, url: str, answer: str) -> httpx2.Response:
    return await server.http.post(
        url, content=f"answer={answer}", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )


async def test_a_card_that_needs_the_bank_ends_in_an_order_that_host_and_viewers_hear_of() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        buyer = Buyer(server, shop, shop.buyer)
        async with LiveClient(server, shop.show_id, HOST) as host, LiveClient(server, shop.show_id) as viewer:
            checkout = await buyer.checkout(quantity=2)
            assert checkout["totals"]["items_minor"] == 9800
            assert 0 < checkout["seconds_left"] <= 120
            held = await viewer.hear_type("stock")
            assert {"variant_id": shop.variant_id, "left": 3} in held["variants"]

            state = await buyer.pay(checkout, "pm_test_authenticate")
            assert state["status"] == "requires_action"
            bank = await server.http.get(state["action_url"], headers={"Accept-Language": "es-MX,es;q=0.9"})
            assert bank.status_code == 200
            assert "Confirma tu pago" in bank.text
            assert "USD 98.00" in bank.text
            done = await _answer_bank(server, state["action_url"], "complete")
            assert 'parent.postMessage({vitrine:"payment_action_done"}' in done.text

            settled = await buyer.settled(checkout)
            assert settled["status"] == "succeeded"
            order = await buyer.call("GET", f"/orders/{settled['order_id']}")
            assert order["address"]["city"] == "London"
            slip = await host.hear_type("order")
            assert (slip["order_id"], slip["total_minor"]) == (settled["order_id"], 9800)
        product = (await server.http.get(f"/api/products/{shop.product.product_id}")).json()
        assert product["variants"][0]["left"] == 3
        assert "vitrine_orders_total 1.0" in (await server.http.get("/metrics")).text


async def test_the_bank_says_no_and_another_card_works() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        buyer = Buyer(server, shop, shop.buyer)
        checkout = await buyer.checkout()
        state = await buyer.pay(checkout, "pm_test_authenticate")
        page = await _answer_bank(server, state["action_url"], "fail")
        assert "payment_action_done" in page.text
        assert (await buyer.settled(checkout))["decline_code"] == "authentication_failed"
        again = await server.http.get(state["action_url"])
        assert "no longer waiting" in again.text
        assert (await buyer.pay(checkout, "pm_test_declined"))["status"] == "declined"
        assert (await buyer.pay(checkout, "pm_test_ok"))["status"] == "succeeded"


async def test_a_slow_payment_is_finished_by_a_signed_webhook() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        buyer = Buyer(server, shop, shop.buyer)
        checkout = await buyer.checkout()
        assert (await buyer.pay(checkout, "pm_test_slow"))["status"] == "processing"
        async with LiveClient(server, shop.show_id, HOST) as host:
            slip = await host.hear_type("order")
        assert (await buyer.settled(checkout))["order_id"] == slip["order_id"]


async def test_giving_up_gives_the_goods_back() -> None:
    async with running_server() as server:
        shop = await stocked(server, stock=1)
        first, second = Buyer(server, shop, shop.buyer), Buyer(server, shop, person("viewer"))
        checkout = await first.checkout()
        line = f"/api/shows/{shop.show_id}/cart/{shop.variant_id}"
        refusal = await server.http.put(line, json={"quantity": 1, "currency": "USD"}, headers=second._auth)
        assert refused(refusal, 409) == "out_of_stock"
        cancelled = await first.call("DELETE", f"/checkouts/{checkout['checkout_id']}")
        assert cancelled["state"] == "cancelled"
        assert (await second.checkout())["state"] == "open"


async def test_everybody_sees_the_orders_that_are_theirs() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        buyer = Buyer(server, shop, shop.buyer)
        paid = await buyer.pay(await buyer.checkout(), "pm_test_ok")
        order_id = paid["order_id"]

        async def seen(who: Person) -> list[dict[str, Any]]:
            answer = await server.http.get("/api/orders", headers=server.auth(who))
            found: list[dict[str, Any]] = answer.json()
            return found

        for who, with_address in ((shop.buyer, True), (shop.brand, True), (HOST, False), (person("admin"), True)):
            orders = await seen(who)
            assert [order["order_id"] for order in orders] == [order_id], who.role
            assert (orders[0]["address"] is not None) == with_address, who.role
        for stranger in (person("viewer"), person("host"), person("moderator", None, shop.show_id)):
            assert await seen(stranger) == []
            answer = await server.http.get(f"/api/orders/{order_id}", headers=server.auth(stranger))
            assert refused(answer, 404) == "not_found"

        async def move(who: Person, state: str) -> httpx2.Response:
            path = f"/api/orders/{order_id}/state"
            return await server.http.post(path, json={"state": state}, headers=server.auth(who))

        assert (await move(shop.brand, "packed")).json()["state"] == "packed"
        assert refused(await move(shop.brand, "delivered"), 409) == "order_state"
        assert refused(await move(HOST, "shipped"), 403) == "forbidden"
        assert refused(await move(person("brand", shop.brand.brand_id), "paid"), 409) == "order_state"


async def test_a_brand_keeps_its_products_and_viewers_hear_of_it() -> None:
    async with running_server() as server:
        shop = await stocked(server)
        auth = server.auth(shop.brand)
        body = {
            "slug": "lamp",
            "category": "home",
            "title": {"en": "Lamp", "es": "Lámpara"},
            "variants": [
                {
                    "variant_id": variant.variant_id,
                    "sku": variant.sku,
                    "label": dict(variant.label),
                    "prices": [{"currency": "USD", "amount_minor": 3900}],
                    "stock": 0,
                }
                for variant in shop.product.variants
            ],
        }
        async with LiveClient(server, shop.show_id) as viewer:
            path = f"/api/products/{shop.product.product_id}"
            changed = (await server.http.put(path, json=body, headers=auth)).json()
            assert changed["title"]["es"] == "Lámpara"
            assert changed["variants"][0]["prices"][0] == {
                "currency": "USD",
                "amount_minor": 3900,
                "lowest_30d_minor": 4900,
            }
            assert changed["variants"][0]["left"] == 5
            assert (await viewer.hear_type("product"))["product_id"] == shop.product.product_id
            stock = await server.http.post(f"/api/variants/{shop.variant_id}/stock", json={"change": 10}, headers=auth)
            assert stock.json()["variants"][0]["left"] == 15
            assert (await viewer.hear_type("stock"))["variants"][0]["left"] == 15
        listed = (
            await server.http.get("/api/products", params={"ids": f"{shop.product.product_id},product_none"})
        ).json()
        assert [product["product_id"] for product in listed] == [shop.product.product_id]
        other = person("brand")
        assert refused(await server.http.put(path, json=body, headers=server.auth(other)), 403)
