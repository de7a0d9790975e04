from __future__ import annotations

from importlib.resources.abc import Traversable

import pytest
from PIL import Image

from stream_server.demo.shop import HOST_PICTURE_SIZE_PX, PICTURE_SIZE_PX, POSTER_SIZE_PX, load_shop, packaged

SHOP = load_shop()
WANTED = {
    **{picture.url: (PICTURE_SIZE_PX,) * 2 for entry in SHOP.products for picture in entry.product.pictures},
    **{person.picture: (HOST_PICTURE_SIZE_PX,) * 2 for person in SHOP.people if person.picture},
    **{show.poster: POSTER_SIZE_PX for show in SHOP.shows},
}


def lying() -> list[Traversable]:
    return [file for file in packaged("pictures").iterdir() if file.name.endswith(".webp")]


@pytest.mark.parametrize(("name", "size"), WANTED.items())
def test_every_named_picture_is_a_webp_of_the_right_size(name: str, size: tuple[int, int]) -> None:
    with packaged("pictures", name).open("rb") as file, Image.open(file) as picture:
        assert picture.format == "WEBP"
        assert picture.size == size


def test_no_picture_lies_unused() -> None:
    assert {file.name for file in lying()} == set(WANTED)


def test_pictures_are_light() -> None:
    sizes = [len(file.read_bytes()) for file in lying()]
    assert max(sizes) < 160_000
    assert sum(sizes) < 4_000_000
