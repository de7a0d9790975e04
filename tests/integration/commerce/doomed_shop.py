"""A process that reserves, begins to pay, says so, and waits to be killed."""

from __future__ import annotations

import asyncio
import sys

from stream_server.ids import PersonId, VariantId
from stream_server.lifeline import die_with_parent
from stream_server.stores.commerce import commerce_stores
from stream_server.stores.sql.database import open_database
from tests.fakes.commerce import open_trial_shop


async def main(url: str, variant_id: VariantId) -> None:
    async with open_database(url) as database, open_trial_shop(commerce_stores(database)) as trial:
        await trial.reserve(variant_id, 4)
        paying = await trial.reserve(variant_id, 3, PersonId("person_two"))
        await trial.pay(paying, "pm_test_slow")
        sys.stdout.write("reserved 4, paying 3\n")
        sys.stdout.flush()
        await asyncio.sleep(60)


if __name__ == "__main__":
    die_with_parent()
    asyncio.run(main(sys.argv[1], VariantId(sys.argv[2])))
