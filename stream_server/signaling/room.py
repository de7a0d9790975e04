"""One show in one web process: the clients that are connected here, and what each of them is sent."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from stream_server.audience.people import Person, may_control, may_moderate
from stream_server.audience.tokens import SignIn
from stream_server.ids import ShowId
from stream_server.shows.events import ALL, FOLLOWERS, Aside, Event, sees
from stream_server.shows.model import ShowRecord
from stream_server.signaling.encoding import aside_text, event_text
from stream_server.signaling.live_ports import Connection
from stream_server.signaling.messages import Message
from stream_server.signaling.problems import CloseCode
from stream_server.translation.model import reading_language

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Client:
    """One connection that was welcomed."""

    connection: Connection
    sign_in: SignIn | None
    controls: bool
    moderates: bool
    language: str
    """Primary subtag of what its person reads; changed by the person."""
    follows: bool = False
    """Draws the AI host itself; changed by the person."""

    @classmethod
    def of(cls, connection: Connection, sign_in: SignIn | None, record: ShowRecord, language: str) -> Client:
        """A client with the rights that its person has in the show. ``language`` is any tag."""
        person = sign_in.person if sign_in else None
        reads = reading_language(language)
        return cls(connection, sign_in, may_control(person, record), may_moderate(person, record), reads)

    @property
    def person(self) -> Person | None:
        """Who it is; None for somebody without a token."""
        return self.sign_in.person if self.sign_in else None

    def sees(self, event: Event | Aside) -> bool:
        """Whether the event is for this client."""
        person_id = self.sign_in.person.id if self.sign_in else None
        rights = {"controls": self.controls, "moderates": self.moderates}
        return sees(event.audience, person_id, **rights, language=self.language, follows=self.follows)


class LiveRoom:
    """The clients of one show. Every method is immediate: nobody is ever waited for."""

    def __init__(self, record: ShowRecord, read_at_s: float, likes: int) -> None:
        self.record = record
        """The show as it was kept at ``read_at_s``. Host and epoch never change."""
        self.read_at_s = read_at_s
        self.likes = likes
        self.viewers = 0
        """Over all processes, as last counted."""
        self.clients: set[Client] = set()
        self._performance: str | None = None
        """What the AI host does, as last told."""
        self.visits = 0
        """Conversations that keep the room open: clients, and those about to be."""

    @property
    def show_id(self) -> ShowId:
        """The show."""
        return self.record.show_id

    @property
    def watching(self) -> int:
        """How many watch through this process: whoever runs or moderates the show is not its audience."""
        return sum(not client.moderates for client in self.clients)

    @property
    def languages(self) -> frozenset[str]:
        """What is read through this process, by viewers and by those who run the show."""
        return frozenset(client.language for client in self.clients)

    def tell(self, event: Event) -> None:
        """Send an event to those who may see it; the show's log calls this in order, without gaps, once each."""
        text = event_text(event)
        for client in list(self.clients):
            if event.audience == ALL or client.sees(event):
                self.send(client, text)

    def tell_aside(self, aside: Aside) -> None:
        """Send what is neither kept nor numbered to those who may see it."""
        text = aside_text(aside)
        if aside.audience == FOLLOWERS:
            self._performance = text
        for client in list(self.clients):
            if client.sees(aside):
                self.send(client, text)

    def follow(self, client: Client, is_on: bool) -> None:
        """Tell a client what the AI host does, beginning with what it does now; or no more."""
        begins = is_on and not client.follows
        client.follows = is_on
        if begins and self._performance is not None:
            self.send(client, self._performance)

    def broadcast(self, message: Message, *, staff_only: bool = False) -> None:
        """Send an unsequenced message."""
        text = message.model_dump_json()
        for client in list(self.clients):
            if client.controls or not staff_only:
                self.send(client, text)

    def send(self, client: Client, text: str) -> None:
        """Send to one client, or drop it when it does not keep up."""
        if client.connection.is_slow:
            log.info("slow client dropped", show_id=self.show_id)
            self.dismiss(client, CloseCode.TOO_SLOW)
        else:
            client.connection.send_text(text)

    def dismiss(self, client: Client, code: CloseCode) -> None:
        """Close a client's connection."""
        self.clients.discard(client)
        client.connection.close(code)
