"""The shop's stores on a database."""

from __future__ import annotations

from stream_server.commerce.shop import CommerceStores
from stream_server.stores.commerce_carts import SqlCartStore
from stream_server.stores.commerce_catalogue import SqlCatalogueStore
from stream_server.stores.commerce_checkouts import SqlCheckoutStore
from stream_server.stores.commerce_orders import SqlOrderStore
from stream_server.stores.commerce_stock import SqlStockStore
from stream_server.stores.sql.database import Database


def commerce_stores(database: Database) -> CommerceStores:
    """Everything `stream_server.commerce.shop.open_shop` keeps, in one database."""
    return CommerceStores(
        catalogue=SqlCatalogueStore(database),
        stock=SqlStockStore(database),
        carts=SqlCartStore(database),
        checkouts=SqlCheckoutStore(database),
        orders=SqlOrderStore(database),
    )
