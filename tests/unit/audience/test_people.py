from __future__ import annotations

import pytest

from stream_server.audience.people import (
    BadName,
    Person,
    guest,
    may_control,
    may_create_show,
    may_edit_product,
    may_moderate,
    require,
    required,
)
from stream_server.errors import Forbidden, Unauthenticated
from stream_server.ids import BrandId, PersonId, ShowId


class Clay:
    show_id = ShowId("show_clay")
    host_id = PersonId("host_1")


CLAY = Clay()
BRAND = BrandId("brand_kiln")
HOST = Person(PersonId("host_1"), "Maya", "host")
OTHER_HOST = Person(PersonId("host_2"), "Noor", "host")
MODERATOR = Person(PersonId("mod_1"), "Mo", "moderator", show_ids=frozenset({CLAY.show_id}))
OTHER_MODERATOR = Person(PersonId("mod_2"), "Mia", "moderator", show_ids=frozenset({ShowId("show_x")}))
MAKER = Person(PersonId("brand_1"), "Kiln", "brand", brand_id=BRAND)
OTHER_MAKER = Person(PersonId("brand_2"), "Loom", "brand", brand_id=BrandId("brand_loom"))
ADMIN = Person(PersonId("admin_1"), "Ada", "admin")
VIEWER = Person(PersonId("host_1"), "Impostor", "viewer")  # the same id does not make a host
EVERYBODY = [None, VIEWER, HOST, OTHER_HOST, MODERATOR, OTHER_MODERATOR, MAKER, OTHER_MAKER, ADMIN]


def those(may: object, *arguments: object) -> list[Person | None]:
    assert callable(may)
    return [person for person in EVERYBODY if may(person, *arguments)]


def test_show_is_controlled_by_its_host_and_admins() -> None:
    assert those(may_control, CLAY) == [HOST, ADMIN]


def test_show_is_moderated_by_its_own_moderators_too() -> None:
    assert those(may_moderate, CLAY) == [HOST, MODERATOR, ADMIN]


def test_shows_are_planned_by_hosts_and_admins() -> None:
    assert those(may_create_show) == [HOST, OTHER_HOST, ADMIN]


def test_products_are_edited_by_their_brand_and_admins() -> None:
    assert those(may_edit_product, BRAND) == [MAKER, ADMIN]


def test_refusal_tells_strangers_from_people_without_the_right() -> None:
    assert require(True, HOST) is HOST
    with pytest.raises(Forbidden):
        require(False, VIEWER)
    with pytest.raises(Unauthenticated):
        require(False, None)
    with pytest.raises(Unauthenticated):
        required(None)


def test_guest_gets_an_id_and_a_clean_name() -> None:
    ann = guest(" Ann\u202e \u200b")
    assert (ann.name, ann.role) == ("Ann", "viewer")
    assert ann.id.startswith("guest_")
    assert guest("Ann").id != ann.id


@pytest.mark.parametrize("name", ["", " \u200b", "x" * 41])
def test_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(BadName) as refused:
        guest(name)
    assert str(refused.value).endswith(".")
