"""The real ports: what lies outside of the features, opened as the settings say."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from stream_server.app.addresses import database_url, valkey_url
from stream_server.app.models import model_ports
from stream_server.app.translation import open_translator, translation_options
from stream_server.audience.ports import LikeArchive, LikeCounter, PresenceStore, RateLimits, ReaderStore
from stream_server.clock import Clock, SystemClock
from stream_server.commerce.ports import PaymentProvider
from stream_server.commerce.shop import CommerceStores
from stream_server.config import Config, media_socket, signing_secret
from stream_server.media.fleet import MediaFleet
from stream_server.payments.builtin import BuiltinPayments
from stream_server.payments.webhook_sender import HttpWebhookSender
from stream_server.products3d.desk import ModelPorts
from stream_server.shows.interpreters import SeatStore
from stream_server.shows.ports import EventBus, ShowStore
from stream_server.shows.tickets import TicketStore
from stream_server.signaling.media_plane import MediaPlane, MediaUnavailable
from stream_server.stores.builtin_payments import SqlBuiltinPaymentStore
from stream_server.stores.commerce import commerce_stores
from stream_server.stores.live.audience import ValkeyLikes, ValkeyPresence, ValkeyReaders
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.event_bus import ValkeyEventBus
from stream_server.stores.live.rate_limits import ValkeyRateLimits
from stream_server.stores.seats import SqlSeatStore
from stream_server.stores.shows import SqlShowStore
from stream_server.stores.sql.database import Database, open_database
from stream_server.stores.sql.migrate import migrate
from stream_server.stores.tickets import SqlTicketStore
from stream_server.stores.translation import SqlTextStore, SqlWordbookStore
from stream_server.translation.ports import TextStore, Translator, WordbookStore
from stream_server.web.health import MediaFigures, Probe
from stream_server.web.pictures import PictureFolder


@dataclass(frozen=True)
class Ports:
    """What the features stand on. Tests hand in fakes."""

    clock: Clock
    secret: str
    shows: ShowStore
    tickets: TicketStore
    seats: SeatStore
    likes_archive: LikeArchive
    bus: EventBus
    likes: LikeCounter
    presence: PresenceStore
    readers: ReaderStore
    translator: Translator
    wordbooks: WordbookStore
    texts: TextStore
    limits: RateLimits
    commerce: CommerceStores
    models: ModelPorts
    payments: PaymentProvider
    plane: MediaPlane
    pictures: PictureFolder
    probes: Mapping[str, Probe]
    media_figures: MediaFigures


@asynccontextmanager
async def open_ports(config: Config, runtime_dir: Path, http_port: int | None = None) -> AsyncIterator[Ports]:
    """The real ports: database (brought to the newest schema), Valkey, payment provider, media process.

    ``http_port`` is where this process listens, when it is not the port of the settings.
    Raises: MissingSecret, Unavailable, and what the database says when it cannot be opened.
    """
    clock = SystemClock()
    secret = signing_secret(config)
    url = database_url(config)
    await migrate(url)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(url))
        valkey = await stack.enter_async_context(open_valkey(valkey_url(config, runtime_dir)))
        payments = await stack.enter_async_context(
            open_payments(config, database, secret, clock, http_port or config.http_port)
        )
        sockets = [runtime_dir / media_socket(index) for index in range(config.media_process_count)]
        translator = await stack.enter_async_context(open_translator(translation_options(config)))
        plane = await stack.enter_async_context(MediaFleet(sockets, clock).run())

        async def media_answers() -> None:
            if not plane.is_connected:
                raise MediaUnavailable(retry_after_s=1)

        async def database_answers() -> None:
            await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())

        store = SqlShowStore(database)
        yield Ports(
            clock=clock,
            secret=secret,
            shows=store,
            tickets=SqlTicketStore(database),
            seats=SqlSeatStore(database),
            likes_archive=store,
            bus=ValkeyEventBus(valkey),
            likes=ValkeyLikes(valkey),
            presence=ValkeyPresence(valkey),
            readers=ValkeyReaders(valkey),
            translator=translator,
            wordbooks=SqlWordbookStore(database, clock),
            texts=SqlTextStore(database),
            limits=ValkeyRateLimits(valkey),
            commerce=commerce_stores(database),
            models=model_ports(config, database, valkey),
            payments=payments,
            plane=plane,
            pictures=PictureFolder(config.data_dir / "pictures"),
            probes={"database": database_answers, "valkey": valkey.ping, "media": media_answers},
            media_figures=plane.metrics,
        )


@asynccontextmanager
async def open_payments(
    config: Config, database: Database, secret: str, clock: Clock, http_port: int
) -> AsyncIterator[PaymentProvider]:
    """Stripe when there is a key, else the built-in test provider, which sends us webhooks like a real one."""
    if config.stripe_key is not None:
        from stream_server.payments.stripe import StripePayments

        webhook_secret = config.stripe_webhook_secret.get_secret_value() if config.stripe_webhook_secret else ""
        done = f"{config.base_url}/payments/done"
        async with StripePayments(config.stripe_key.get_secret_value(), webhook_secret, clock, done) as stripe:
            yield stripe
        return
    host = "127.0.0.1" if config.http_host in ("0.0.0.0", "::") else config.http_host
    webhook_secret = hmac.new(secret.encode(), b"webhooks of the test provider", hashlib.sha256).hexdigest()
    async with httpx2.AsyncClient(trust_env=False) as client:
        sender = HttpWebhookSender(client, f"http://{host}:{http_port}/webhooks/payments")
        async with BuiltinPayments(SqlBuiltinPaymentStore(database), sender, webhook_secret, clock) as builtin:
            yield builtin
