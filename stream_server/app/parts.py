"""The features, put together on top of any ports: real ones, or fakes in tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from stream_server.app.choices import Choices
from stream_server.app.ports import Ports, open_ports
from stream_server.audience.likes import Likes
from stream_server.audience.presence import Presence
from stream_server.audience.readers import Readers
from stream_server.audience.seat_keys import SeatKeys
from stream_server.audience.tokens import Tokens
from stream_server.captions.files import CaptionFiles
from stream_server.captions.service import CaptionService
from stream_server.captions.tracks import ShowCaptionTracks
from stream_server.chat.model import ChatRooms
from stream_server.chat.service import ChatService
from stream_server.clock import Clock
from stream_server.commerce.shop import Shop, open_shop
from stream_server.commerce.terms import usual_terms
from stream_server.config import Config
from stream_server.products3d.desk import ModelDesk, open_model_desk
from stream_server.shows.clock import ShowClock
from stream_server.shows.interpreters import Interpreters
from stream_server.shows.log import EventLog
from stream_server.shows.service import ShowService
from stream_server.shows.states import ShowStates
from stream_server.signaling.caption_desk import ShowInterpreter
from stream_server.signaling.chat_reader import ChatReader
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.commerce_events import ShowCommerceEvents
from stream_server.signaling.live import LiveHub
from stream_server.signaling.show_brands import RundownBrands
from stream_server.translation.text_service import TextTranslator
from stream_server.translation.wordbook_service import Wordbooks
from stream_server.web.health import Health
from stream_server.web.media_news import MediaNews
from stream_server.web.metrics import Metrics
from stream_server.web.pictures import PictureFolder
from stream_server.web.shop_news import ShopNews, ShowsTime


@dataclass(frozen=True)
class Parts:
    """The features, open and running."""

    ports: Ports
    clock: Clock
    tokens: Tokens
    seat_keys: SeatKeys
    interpreters: Interpreters
    shows: ShowService
    chat: ChatService
    chat_translator: ChatTranslator
    wordbooks: Wordbooks
    texts: TextTranslator
    caption_files: CaptionFiles
    likes: Likes
    presence: Presence
    hub: LiveHub
    shop: Shop
    desk: ModelDesk
    pictures: PictureFolder
    metrics: Metrics
    health: Health


@asynccontextmanager
async def open_services(ports: Ports, choices: Choices) -> AsyncIterator[Parts]:
    """The features on top of any ports. Leaving the block ends them: clients first, what was decided last."""
    clock = ports.clock
    metrics = Metrics()
    tokens = Tokens(ports.secret, clock)
    show_clock = ShowClock(clock)
    states, rooms, tracks = ShowStates(show_clock), ChatRooms(), ShowCaptionTracks()
    event_log = EventLog(ports.shows, ports.bus, states, [states, rooms, tracks], clock)
    shows = ShowService(ports.shows, event_log, states, show_clock, ports.plane, clock, choices.shows)
    interpreters = Interpreters(ports.seats, ports.plane, clock)
    likes = Likes(ports.likes, ports.likes_archive, ports.limits)
    presence = Presence(ports.presence)
    async with AsyncExitStack() as stack:
        for owner in (event_log, shows, likes, interpreters):
            await stack.enter_async_context(owner.run())
        commerce_events = await stack.enter_async_context(ShowCommerceEvents(shows).run())
        shop = await stack.enter_async_context(
            open_shop(
                ports.commerce,
                ports.payments,
                ShopNews(commerce_events, metrics),
                ShowsTime(shows),
                clock,
                usual_terms(),
                choices.checkouts,
            )
        )
        desk = await stack.enter_async_context(
            open_model_desk(ports.models, shop.catalogue, shop.announcer, clock, choices.uploads, choices.model_jobs)
        )
        wordbooks = Wordbooks(ports.wordbooks, RundownBrands(shows, shop.catalogue), clock)
        texts = await stack.enter_async_context(TextTranslator(ports.texts, ports.translator, clock).run())
        reader = ChatReader(ports.translator, wordbooks)
        chat = ChatService(event_log, rooms, ports.limits, clock, choices.chat, reader)
        chat_translator = ChatTranslator(
            chat, shows, Readers(ports.readers), ports.translator, wordbooks, choices.chat_translation
        )
        await stack.enter_async_context(chat_translator.run())
        captions = CaptionService(
            event_log, states, tracks, ShowInterpreter(ports.translator, wordbooks), chat_translator, choices.captions
        )
        await stack.enter_async_context(captions.run())
        hub = LiveHub(
            *(shows, chat, chat_translator, captions, ports.tickets, likes, presence, tokens, event_log, clock),
            choices.live,
        )
        await stack.enter_async_context(hub.run())
        await stack.enter_async_context(MediaNews(ports.plane, shows, hub, metrics).run())
        yield Parts(
            ports=ports,
            clock=clock,
            tokens=tokens,
            seat_keys=SeatKeys(ports.secret),
            interpreters=interpreters,
            shows=shows,
            chat=chat,
            chat_translator=chat_translator,
            wordbooks=wordbooks,
            texts=texts,
            caption_files=CaptionFiles(shows, event_log, tracks, choices.caption_files),
            likes=likes,
            presence=presence,
            hub=hub,
            shop=shop,
            desk=desk,
            pictures=ports.pictures,
            metrics=metrics,
            health=Health(ports.probes, metrics, ports.media_figures),
        )


@asynccontextmanager
async def open_parts(config: Config, runtime_dir: Path, http_port: int | None = None) -> AsyncIterator[Parts]:
    """Everything but the web server; what a program needs that works on the shop (seeding, imports)."""
    async with open_ports(config, runtime_dir, http_port) as ports, open_services(ports, Choices.of(config)) as parts:
        yield parts
