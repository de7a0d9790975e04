"""Changes of a plan while the host is on air: found, put together with the products, put on between two lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from avatar.direction import Director, MemorySpeechLog
from avatar.direction.ports import ManualHostClock
from avatar.live_facts import RehearsalShop
from avatar.speech.voices import Voices
from avatar.stage.look import Look
from avatar.wardrobe import OUTFITS
from stream_server.clock import ManualClock
from stream_server.signaling.resources import AiHostBlock, AiHostSettings, Show, ShowOffer
from stream_server.virtual_host.backstage import Backstage, stage_show
from stream_server.virtual_host.host_clock import ShowClock

START = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
MONDAY = 0


def product(product_id: str, minor: int = 4200) -> dict[str, Any]:
    variant = {"variant_id": f"var_{product_id}", "label": {}, "left": 9, "prices": []}
    variant["prices"] = [{"currency": "USD", "amount_minor": minor}]
    picture = {"url": f"/pictures/{product_id}.webp"}
    return {"product_id": product_id, "title": {"en": product_id.title()}, "variants": [variant], "pictures": [picture]}


class Door:
    """A `ShopDoor` whose shop is the test's."""

    def __init__(self, show: Show) -> None:
        self.planned = show
        self.products = {name: product(name) for name in ("cup", "bowl", "vase")}
        self.reads = 0

    async def show(self, show_id: str) -> Show:
        return self.planned

    async def product(self, product_id: str) -> dict[str, Any]:
        self.reads += 1
        return self.products[product_id]

    async def picture(self, url: str) -> bytes:
        if "vase" in url:
            raise OSError("there is none")
        return url.encode()


class House:
    """A host's backstage, with a stage that only remembers."""

    def __init__(self, **settings: Any) -> None:
        ai_host = AiHostSettings(mode="always", **settings)
        show = Show(
            show_id="show_a",
            title={"en": "Clay"},
            host_id="maya",
            host_name="Maya",
            host_picture_url=None,
            poster_url=None,
            status="live",
            starts_at=None,
            started_at=None,
            rundown=["cup", "bowl"],
            currency="USD",
            ai_host=ai_host,
        )
        self.door = Door(show)
        self.time = ManualClock(START)
        self.hung: list[str] = []
        self.worn: list[Look] = []

    async def begin(self) -> Backstage:
        door: Any = self.door
        staging = await stage_show(door, self.door.planned, self.time.now())
        shop = RehearsalShop(dict(staging.products))
        log = MemorySpeechLog()
        self.host_clock = ManualHostClock(START)
        self.director = Director(staging.rundown, staging.products, shop, self.host_clock, log)
        self.voices = Voices(())
        clock = ShowClock(self.time)
        return Backstage(
            *(door, "show_a", staging, self.director, self.voices, "en", clock),
            lambda product_id, data: self.hung.append(product_id),
            self.worn.append,
        )

    def change(self, **show: Any) -> None:
        self.door.planned = self.door.planned.model_copy(update=show)

    def setting(self, **settings: Any) -> None:
        self.change(ai_host=self.door.planned.ai_host.model_copy(update=settings))

    def coming(self) -> set[str | None]:
        return {preview.product_id for preview in self.director.upcoming()}


async def test_outfit_voice_and_place_are_put_on_when_nothing_is_said() -> None:
    house = House()
    backstage = await house.begin()
    house.setting(outfit="ink", time_zone="Asia/Tokyo", voice="espeak")
    await backstage.look()
    assert not house.worn
    backstage.change_over()
    assert house.worn == [OUTFITS["ink"]]
    backstage.change_over()
    house.setting(outfit="a name there is not")
    await backstage.look()
    backstage.change_over()
    assert house.worn == [OUTFITS["ink"], OUTFITS[""]]


async def test_another_rundown_comes_with_its_products_and_pictures() -> None:
    house = House()
    backstage = await house.begin()
    assert house.coming() <= {"cup", None}
    house.change(rundown=["vase", "bowl", "cup"])
    await backstage.look()
    # What has no picture is presented without one; the others hang already.
    assert house.hung == []
    house.door.products["cup"]["pictures"] = [{"url": "/pictures/other.webp"}]
    await backstage.look(even_unchanged=True)
    assert house.hung == ["cup"]
    house.change(rundown=["bowl"])
    await backstage.look()
    backstage.change_over()
    assert house.coming() <= {"bowl", None}


async def test_an_offer_is_told_once_it_is_in_the_plan_and_the_same_plan_is_not_read_twice() -> None:
    house = House()
    backstage = await house.begin()
    house.director.upcoming()
    end = (START + timedelta(hours=1)).isoformat()
    house.change(offers=[ShowOffer(offer_id="saucer", product_id="cup", text={"en": "A saucer too."}, ends_at=end)])
    await backstage.look()
    backstage.change_over()
    assert [preview for preview in house.director.upcoming() if "A saucer too." in preview.text]
    reads = house.door.reads
    house.change(viewers=7, status="away")
    await backstage.look()
    assert house.door.reads == reads


async def test_the_block_of_the_week_that_holds_says_what_is_presented() -> None:
    evening = AiHostBlock(begins="20:00", ends="02:00", rundown=["bowl", "not_in_the_show"], weekdays=[MONDAY])
    house = House(time_zone="Europe/Madrid", blocks=[evening])  # 19:00 UTC is 20:00 there
    backstage = await house.begin()
    assert house.coming() <= {"bowl", None}
    house.time.advance(6 * 3600)
    await backstage.look()
    backstage.change_over()
    said = set()
    for _ in range(20):
        line = await house.director.next_line()
        house.host_clock.advance(10)
        said.add(line.product_id if line else None)
    assert {"bowl", "cup"} <= said
