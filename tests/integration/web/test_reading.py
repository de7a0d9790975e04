"""Products, shows and words over real HTTP, for readers of other languages."""

from __future__ import annotations

from typing import Any

from stream_server.audience.people import Person
from stream_server.commerce.catalogue import Fact, ProductDraft, VariantDraft
from stream_server.ids import BrandId
from tests.fakes.translator import MarkingTranslator
from tests.integration.web.conformance import refused
from tests.integration.web.server import Server, person, running_server


async def get(server: Server, path: str, who: Person | None = None) -> Any:
    response = await server.http.get(f"/api{path}", headers=server.auth(who) if who else {})
    assert response.status_code == 200, response.text
    return response.json()


async def goods(server: Server) -> BrandId:
    catalogue = server.parts.shop.catalogue
    brand = await catalogue.put_brand("nordlicht", "Nordlicht")
    for slug, title in (("lamp", {"en": "Lamp"}), ("cup", {"en": "Cup", "es": "Taza"})):
        draft = ProductDraft(
            slug=slug,
            category="home",
            title=title,
            summary={"en": f"A {slug} for every day"},
            facts=(Fact("weight", {"en": "Weight"}, {"en": "350 g"}),),
            variants=(VariantDraft(f"{slug}-1", {"en": "Oak"}, {"EUR": 4500}),),
        )
        await catalogue.create(brand.brand_id, draft)
    return brand.brand_id


async def test_a_product_comes_translated_where_the_seller_wrote_nothing() -> None:
    async with running_server(translator=MarkingTranslator()) as server:
        await goods(server)
        lamp, cup = await get(server, "/products?language=es-MX")
        texts = lamp["translation"]["texts"]
        variant = lamp["variants"][0]["variant_id"]
        assert (lamp["title"], lamp["translation"]["language"], lamp["translation"]["is_complete"]) == (
            {"en": "Lamp"},
            "es",
            True,
        )
        assert (texts["title"], texts["facts.0.label"], texts[f"variants.{variant}.label"]) == (
            "[es] Lamp",
            "[es] Weight",
            "[es] Oak",
        )
        assert "title" not in cup["translation"]["texts"]
        assert cup["translation"]["texts"]["summary"] == "[es] A cup for every day"
        assert (await get(server, "/products?language=en"))[0]["translation"] is None
        assert (await get(server, "/products"))[0]["translation"] is None
        assert (await get(server, f"/products/{lamp['product_id']}?language=zh"))["translation"]["texts"]["title"] == (
            "[zh] Lamp"
        )


async def test_products_are_found_in_any_language_they_were_written_in_or_translated_into() -> None:
    async with running_server(translator=MarkingTranslator()) as server:
        await goods(server)
        for language in ("es", "zh"):
            await get(server, f"/products?language={language}")
        for search, found in (("taza", ["cup"]), ("[zh] LAMP", ["lamp"]), ("oak", ["lamp", "cup"]), ("nothing", [])):
            assert [each["slug"] for each in await get(server, f"/products?search={search}")] == found
        assert len(await get(server, "/products?search=")) == 2


async def test_a_shows_title_comes_in_the_readers_language() -> None:
    async with running_server(translator=MarkingTranslator()) as server:
        show = await server.show(title={"en": "Evening show"})
        assert (await get(server, f"/shows/{show.show_id}?language=es"))["translation"]["texts"] == {
            "title": "[es] Evening show"
        }
        assert (await get(server, "/shows?language=zh-CN"))[0]["translation"]["texts"] == {"title": "[zh] Evening show"}


async def test_a_brand_keeps_its_words_and_they_reach_the_translator() -> None:
    translator = MarkingTranslator()
    async with running_server(translator=translator) as server:
        brand = person("brand", await goods(server))
        admin, viewer = person("admin"), person("viewer")
        assert await get(server, "/wordbook", brand) == {"terms": [], "keep": [], "blocked": []}
        words = {"terms": [{"term": "Lamp", "said": {"es": "Lámpara"}}], "keep": ["Nordlicht "], "blocked": ["scam"]}
        written = await server.http.put("/api/wordbook", json=words, headers=server.auth(brand))
        assert written.json() == {**words, "keep": ["Nordlicht"]}
        assert await get(server, "/wordbook", brand) == written.json()
        assert await get(server, f"/wordbook?brand_id={brand.brand_id}", admin) == written.json()
        assert (await get(server, "/wordbook", admin))["keep"] == []
        await get(server, "/products?language=es")
        assert translator.words[-1].terms == {"Lamp": {"es": "Lámpara"}}
        assert refused(await server.http.get("/api/wordbook", headers=server.auth(viewer)), 403) == "forbidden"
        assert refused(await server.http.get("/api/wordbook"), 401) == "unauthenticated"
        wrong = {"terms": [{"term": "Lamp", "said": {}}]}
        response = await server.http.put("/api/wordbook", json=wrong, headers=server.auth(brand))
        assert refused(response, 422) == "invalid_wordbook"
