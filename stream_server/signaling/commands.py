"""What each command of the live channel does, and who may give it: the one place that connects rights to features."""

from __future__ import annotations

from dataclasses import dataclass

from stream_server.audience.likes import Likes
from stream_server.audience.people import may_control, may_moderate, require, required
from stream_server.audience.tokens import SignIn
from stream_server.chat.model import LineTranslation, Speaker
from stream_server.chat.service import ChatService
from stream_server.clock import Clock
from stream_server.errors import Forbidden
from stream_server.ids import MessageId, PersonId, ProductId
from stream_server.shows.events import FOLLOWERS, STAFF, Aside, Change
from stream_server.shows.model import ShowEnded, ShowRecord
from stream_server.shows.service import ShowService
from stream_server.shows.tickets import Ticket, TicketStore
from stream_server.signaling.caption_desk import CaptionDesk
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.encoding import clock_now
from stream_server.signaling.messages import (
    Ack,
    Announce,
    BlockPerson,
    DeleteChat,
    DirectAi,
    GrowCaption,
    InviteToTryOn,
    Like,
    MarkSoldOut,
    Perform,
    Pin,
    Ping,
    PrepareCaption,
    SendChat,
    SetListening,
    SetSlowMode,
    ShowCommand,
    ShowTheOffer,
    StopCaption,
    TellAiLine,
    TellAiState,
    TellAiTicket,
    TellAiVerdict,
    TellCaption,
    TellHeardCommand,
    TellListening,
    Unpin,
)
from stream_server.translation.model import KEPT_LANGUAGES


@dataclass(frozen=True)
class Commander:
    """Who gives commands, and in which show."""

    sign_in: SignIn | None
    record: ShowRecord
    language: str | None = None
    """What they read."""


class Commands:
    """Carries out commands. Every refusal is a `VitrineError`."""

    def __init__(
        self,
        shows: ShowService,
        chat: ChatService,
        translations: ChatTranslator,
        likes: Likes,
        clock: Clock,
        captions: CaptionDesk,
        tickets: TicketStore,
    ) -> None:
        self._shows = shows
        self._chat = chat
        self._translations = translations
        self._likes = likes
        self._clock = clock
        self._captions = captions
        self._tickets = tickets

    async def carry(self, command: ShowCommand, by: Commander) -> Ack:
        """Check the rights and do it. Raises: VitrineError."""
        if isinstance(command, Ping):
            show_ms = await self._shows.position_ms(by.record.show_id)
            return Ack(ref=command.ref, clock=clock_now(self._clock, show_ms))
        if by.sign_in is not None:
            by.sign_in.check(self._clock.now())
        match command:
            case SendChat() | Like():
                await self._take_part(command, by)
            case DeleteChat() | BlockPerson() | SetSlowMode():
                await self._moderate(command, by)
            case PrepareCaption() | TellCaption() | GrowCaption() | StopCaption() | SetListening():
                person = by.sign_in.person if by.sign_in else None
                require(may_control(person, by.record), person)
                await self._captions.carry(by.record.show_id, command)
            case TellListening() | TellHeardCommand():
                person = by.sign_in.person if by.sign_in else None
                if not require(may_control(person, by.record), person).is_ai:
                    raise Forbidden
                self._captions.tell(by.record.show_id, command)
            case DirectAi() | TellAiLine() | TellAiVerdict() | TellAiTicket() | TellAiState() | Perform():
                await self._direct(command, by)
            case _:
                await self._control(command, by)
        return Ack(ref=command.ref)

    async def _take_part(self, command: SendChat | Like, by: Commander) -> None:
        person = required(by.sign_in.person if by.sign_in else None)
        show_id = by.record.show_id
        if (await self._shows.state(show_id)).status == "ended":
            raise ShowEnded(show_id)
        if isinstance(command, Like):
            await self._likes.add(show_id, person.id, command.count)
            return
        speaker = Speaker(person.id, person.name, person.role, may_moderate(person, by.record), by.language)
        if command.translations and not person.is_ai:
            raise Forbidden
        message_id = await self._chat.say(show_id, speaker, command.text)
        for language in sorted(command.translations.keys() & (KEPT_LANGUAGES | self._translations.languages(show_id))):
            made = LineTranslation(message_id, command.translations[language], "template")
            await self._chat.translated(show_id, language, [made])
        self._translations.said(show_id, message_id)

    async def _moderate(self, command: DeleteChat | BlockPerson | SetSlowMode, by: Commander) -> None:
        person = by.sign_in.person if by.sign_in else None
        moderator = require(may_moderate(person, by.record), person)
        show_id = by.record.show_id
        match command:
            case DeleteChat():
                await self._chat.delete(show_id, MessageId(command.message_id))
            case BlockPerson():
                protected = (by.record.host_id, moderator.id)
                await self._chat.block(show_id, PersonId(command.person_id), protected)
            case _:
                await self._chat.set_slow_mode(show_id, command.seconds)

    async def _direct(
        self, command: DirectAi | TellAiLine | TellAiVerdict | TellAiTicket | TellAiState | Perform, by: Commander
    ) -> None:
        """What the AI host was told and said becomes rows of the show's log, and stays with the show."""
        person = by.sign_in.person if by.sign_in else None
        known = require(may_control(person, by.record), person)
        show_id = by.record.show_id
        payload = command.model_dump(exclude={"type", "ref"})
        if isinstance(command, DirectAi):
            await self._shows.tell(show_id, Change("ai_directed", {**payload, "order": command.ref}, STAFF))
            return
        if not known.is_ai:
            raise Forbidden
        match command:
            case TellAiState():
                self._shows.tell_aside(Aside(show_id, "ai_state", STAFF, payload))
            case Perform():
                self._shows.tell_aside(Aside(show_id, "performance", FOLLOWERS, payload))
            case TellAiTicket():
                now = self._clock.now()
                closed_at = None if command.state == "open" else now
                content, ticket_id = command.ticket.model_dump(), command.ticket.ticket_id
                await self._tickets.put(
                    Ticket(show_id, ticket_id, content, now, command.state, command.answer, closed_at)
                )
            case TellAiVerdict():
                await self._shows.tell(show_id, Change("ai_verdict", payload, STAFF))
            case _:
                await self._shows.tell(show_id, Change("ai_line", payload, STAFF))

    async def _control(
        self, command: Pin | Unpin | MarkSoldOut | Announce | InviteToTryOn | ShowTheOffer, by: Commander
    ) -> None:
        person = by.sign_in.person if by.sign_in else None
        require(may_control(person, by.record), person)
        show_id = by.record.show_id
        match command:
            case Pin():
                await self._shows.pin(show_id, ProductId(command.product_id))
            case Unpin():
                await self._shows.unpin(show_id, ProductId(command.product_id))
            case MarkSoldOut():
                await self._shows.mark_sold_out(show_id, ProductId(command.product_id), command.sold_out)
            case InviteToTryOn():
                await self._shows.invite_to_try_on(show_id, ProductId(command.product_id), command.way)
            case ShowTheOffer():
                await self._shows.show_offer(show_id, command.offer_id)
            case _:
                await self._shows.announce(show_id, command.text)
