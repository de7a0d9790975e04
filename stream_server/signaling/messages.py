"""The live channel's messages, one class each. PROTOCOL.md tells how they are used.

The TypeScript types in ``client_web/src/protocol/messages.ts`` are generated from here (`make check` sees that
they are current). JSON in snake_case; unknown fields are refused from clients; every text has a limit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from stream_server.audience.people import Role as Role
from stream_server.captions.model import MAX_CAPTION_CHARS as MAX_CAPTION_CHARS
from stream_server.captions.model import MAX_TRANSLATIONS
from stream_server.chat.model import MAX_CHAT_CHARS as MAX_CHAT_CHARS
from stream_server.chat.model import MAX_SLOW_MODE_S
from stream_server.shows.model import MAX_ANNOUNCEMENT_CHARS as MAX_ANNOUNCEMENT_CHARS
from stream_server.shows.model import MAX_PINS as MAX_PINS
from stream_server.shows.model import InvitedWay as InvitedWay
from stream_server.shows.model import Presenter as Presenter
from stream_server.shows.model import ShowStatus as ShowStatus
from stream_server.signaling.ai_desk import MAX_AI_LINE_CHARS as MAX_AI_LINE_CHARS
from stream_server.signaling.ai_desk import AiAct as AiAct
from stream_server.signaling.ai_desk import AiDesk as AiDesk
from stream_server.signaling.ai_desk import AiFinding as AiFinding
from stream_server.signaling.ai_desk import AiTicket as AiTicket
from stream_server.signaling.ai_desk import AiTicketState as AiTicketState
from stream_server.signaling.ai_desk import LineId
from stream_server.signaling.caption_lines import CaptionCue as CaptionCue
from stream_server.signaling.caption_lines import HeardCommand as HeardCommand
from stream_server.signaling.caption_lines import HostHearing as HostHearing
from stream_server.signaling.caption_lines import Marks, ShowMs
from stream_server.signaling.caption_lines import VoiceStep as VoiceStep
from stream_server.signaling.message import Message as Message
from stream_server.signaling.performed import Score as Score
from stream_server.translation.model import Trust as Trust

PROTOCOL_VERSION = 1
MAX_MESSAGE_BYTES = 16 * 1024

Id = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_\-]+$")]


# ---------------------------------------------------------------- client → server


class Resume(Message):
    """Where a reconnecting client left off."""

    epoch: str = Field(max_length=40)
    seq: int = Field(ge=0)


class Hello(Message):
    """First message of every connection. Without a token the client only watches."""

    type: Literal["hello"] = "hello"
    version: int = Field(ge=0, lt=1_000_000)
    show_id: Id
    token: str | None = Field(default=None, max_length=2048)
    language: str = Field(default="en", max_length=20)
    """What this client's person reads: chat comes translated into it."""
    resume: Resume | None = None


class Command(Message):
    """A request; answered by `Ack` or `Problem` with the same ``ref``. Repeating a ``ref`` does nothing twice."""

    ref: str = Field(min_length=1, max_length=40)


class SendChat(Command):
    """Say something in the chat."""

    type: Literal["chat.send"] = "chat.send"
    text: str = Field(min_length=1, max_length=MAX_CHAT_CHARS)
    translations: Annotated[
        dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=MAX_CHAT_CHARS)]],
        Field(max_length=MAX_TRANSLATIONS),
    ] = {}
    """From the AI host alone: language (primary subtag) → the same, made of the same facts."""


class DeleteChat(Command):
    """Moderator or host: take a chat line away."""

    type: Literal["chat.delete"] = "chat.delete"
    message_id: Id


class BlockPerson(Command):
    """Moderator or host: a person may no longer chat in this show; their lines disappear."""

    type: Literal["chat.block"] = "chat.block"
    person_id: Id


class SetSlowMode(Command):
    """Moderator or host: seconds each viewer must wait between lines; 0 turns it off."""

    type: Literal["chat.slow_mode"] = "chat.slow_mode"
    seconds: int = Field(ge=0, le=MAX_SLOW_MODE_S)


class Like(Command):
    """Applause; a client sums up the taps of a second."""

    type: Literal["like"] = "like"
    count: int = Field(ge=1, le=20)


class Pin(Command):
    """Host: show a product's card, as the newest. Beyond three the oldest goes."""

    type: Literal["pin"] = "pin"
    product_id: Id


class Unpin(Command):
    """Host: take a product's card away."""

    type: Literal["unpin"] = "unpin"
    product_id: Id


class MarkSoldOut(Command):
    """Host: mark a product sold out (or not) whatever the stock says."""

    type: Literal["sold_out"] = "sold_out"
    product_id: Id
    sold_out: bool


class Announce(Command):
    """Host: set the announcement strip; an empty text removes it."""

    type: Literal["announce"] = "announce"
    text: str = Field(max_length=MAX_ANNOUNCEMENT_CHARS)


class InviteToTryOn(Command):
    """Host: "everyone try this": every viewer is offered to try the product on, or to turn it in 3D."""

    type: Literal["try_on.invite"] = "try_on.invite"
    product_id: Id
    way: InvitedWay = "try_on"


class ShowTheOffer(Command):
    """Host: show an offer of the plan to every viewer now; one that is over is refused."""

    type: Literal["offer.show"] = "offer.show"
    offer_id: Id


class DirectAi(Command):
    """Host: tell the AI host what to do, within a fifth of a second; ``say`` goes before all it has planned.

    What it makes of ``say``, ``edit`` and lines that are gone comes as `AiVerdict`.
    """

    type: Literal["ai.direct"] = "ai.direct"
    act: AiAct
    text: str = Field(default="", max_length=MAX_AI_LINE_CHARS)
    """What to ``say``, or the new words of an ``edit``."""
    line_id: LineId | None = None
    """The coming line to ``edit`` or ``skip``; without it ``skip`` means what is being said."""
    ticket_id: str | None = Field(default=None, min_length=1, max_length=60)
    """The ticket that ``say`` answers or that ``dismiss`` takes away."""
    insist: bool = False
    """Say it although the guard objects; the log keeps who wanted it."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.act in ("say", "edit") and not self.text.strip():
            raise ValueError(f"{self.act} needs words")
        if self.act == "edit" and self.line_id is None:
            raise ValueError("edit needs a line")
        if self.act == "dismiss" and self.ticket_id is None:
            raise ValueError("dismiss needs a ticket")
        return self


class TellAiLine(Command):
    """The AI host alone: what it says now, or held back and why, with the facts it rests on. Kept with the show."""

    type: Literal["ai.line"] = "ai.line"
    text: str = Field(min_length=1, max_length=MAX_AI_LINE_CHARS)
    language: str = Field(max_length=20)
    beat: str = Field(max_length=20)
    source: Literal["template", "seller", "operator", "model"]
    product_id: str | None = Field(default=None, max_length=80)
    fact_ids: Annotated[list[Annotated[str, Field(max_length=160)]], Field(max_length=50)]
    question: str = Field(default="", max_length=500)
    """The viewer's words that it answers."""
    held_back: str = Field(default="", max_length=500)


class TellAiVerdict(Command):
    """The AI host alone: whether it takes an operator's order, and what the guard found in the words."""

    type: Literal["ai.verdict"] = "ai.verdict"
    order: str = Field(min_length=1, max_length=40)
    """The order's ``ref``."""
    accepted: bool
    findings: Annotated[list[AiFinding], Field(max_length=20)]


class TellAiTicket(Command):
    """The AI host alone: a question needs a person, or does no longer. Kept with the show."""

    type: Literal["ai.ticket"] = "ai.ticket"
    ticket: AiTicket
    state: AiTicketState
    answer: str = Field(default="", max_length=MAX_AI_LINE_CHARS)
    """What the person answered."""


class TellAiState(Command):
    """The AI host alone: its desk, whenever it changes and every few seconds."""

    type: Literal["ai.state"] = "ai.state"
    desk: AiDesk


class SetLanguage(Command):
    """Anybody: read in another language from now on; the last lines follow in it as `ChatTranslations`."""

    type: Literal["language.set"] = "language.set"
    language: str = Field(min_length=2, max_length=20)


class FollowPerformance(Command):
    """Be told (or no more) what the AI host does with face and hands, to draw the host oneself."""

    type: Literal["performance.follow"] = "performance.follow"
    is_on: bool


class Perform(Command):
    """AI host: what face and hands do from now on, ahead of the sound."""

    type: Literal["ai.perform"] = "ai.perform"
    score: Score


class PrepareCaption(Command):
    """Whoever captions the show: this will be said soon, so that translating has a head start."""

    type: Literal["caption.prepare"] = "caption.prepare"
    utterance_id: Id
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=MAX_CAPTION_CHARS)
    translations: Annotated[
        dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=MAX_CAPTION_CHARS)]],
        Field(max_length=MAX_TRANSLATIONS),
    ] = {}
    """Language (primary subtag) → the same, where the speaker's script knows it."""


class TellCaption(Command):
    """Whoever captions the show: this is being said, and when each of its words is heard. Kept with the show."""

    type: Literal["caption.said"] = "caption.said"
    utterance_id: Id
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=MAX_CAPTION_CHARS)
    marks: Marks
    """Pairs of a character of the text and the show clock at which it is spoken from there on; the first is 0."""
    end_ms: ShowMs
    is_heard: bool = False
    """Recognised from a voice: what it says is over already, and may be misheard."""


class GrowCaption(Command):
    """Whoever captions the show: so much was said so far; fields as in `TellCaption`, which follows. Not kept."""

    type: Literal["caption.grow"] = "caption.grow"
    utterance_id: Id
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(min_length=1, max_length=MAX_CAPTION_CHARS)
    marks: Marks
    end_ms: ShowMs


class StopCaption(Command):
    """Whoever captions the show: the speaker was interrupted; what was to come after ``until_ms`` is not said."""

    type: Literal["caption.stop"] = "caption.stop"
    utterance_id: Id
    until_ms: ShowMs


class SetListening(Command):
    """Host: caption what I say, in this language, or do not."""

    type: Literal["listening.set"] = "listening.set"
    is_on: bool
    language: str = Field(default="", max_length=20)
    """What is spoken; empty: the first language of the show's title."""


class TellListening(Command):
    """The listener alone: how the host is listened to, whenever it changes and every few seconds."""

    type: Literal["listening.state"] = "listening.state"
    hearing: HostHearing


class TellHeardCommand(Command):
    """The listener alone: the host said something to the studio, and it was done."""

    type: Literal["voice.heard"] = "voice.heard"
    heard: HeardCommand
    product_id: str | None = Field(default=None, max_length=40)
    """What it was done to; None: there was nothing to do it to."""
    undo: Annotated[list[VoiceStep], Field(max_length=4)] = []
    """What takes it back, in this order; empty where nothing can."""


class Ping(Command):
    """Keep-alive and clock question; the `Ack` carries the show clock."""

    type: Literal["ping"] = "ping"


ShowCommand = (
    SendChat
    | DeleteChat
    | BlockPerson
    | SetSlowMode
    | Like
    | Pin
    | Unpin
    | MarkSoldOut
    | Announce
    | InviteToTryOn
    | ShowTheOffer
    | DirectAi
    | TellAiLine
    | TellAiVerdict
    | TellAiTicket
    | TellAiState
    | Perform
    | PrepareCaption
    | TellCaption
    | GrowCaption
    | StopCaption
    | SetListening
    | TellListening
    | TellHeardCommand
    | Ping
)
"""What is said to the show; the rest is about the client's own connection."""
ClientCommand = Annotated[ShowCommand | SetLanguage | FollowPerformance, Field(discriminator="type")]

# ---------------------------------------------------------------- server → client


class Author(Message):
    """Who said something."""

    id: str
    name: str
    role: Role


class PinnedProduct(Message):
    """One open card, with the show clock at which it was pinned."""

    product_id: str
    at_ms: int


class TranslatedLine(Message):
    """A line of chat as readers of another language get it. The original stays in `ChatLine`."""

    message_id: str
    text: str
    trust: Trust


class ChatLine(Message):
    """One line of chat."""

    message_id: str
    author: Author
    text: str
    at_ms: int
    sent_at: str
    """ISO 8601, UTC."""
    language: str = "und"
    """Primary subtag of what it is written in; ``und`` when that cannot be told."""
    translation: TranslatedLine | None = None
    """In your language, when it is there already (in `ShowState` only; later it comes as `ChatTranslated`)."""


class VariantStock(Message):
    """How many of a variant can still be reserved."""

    variant_id: str
    left: int


class ShowState(Message):
    """Everything a late joiner needs; the fold of all events up to ``Welcome.seq``."""

    show_id: str
    title: dict[str, str]
    """Language tag → text."""
    host_name: str
    host_picture_url: str | None
    status: ShowStatus
    starts_at: str | None
    pins: list[PinnedProduct]
    """In order of pinning, newest last."""
    sold_out: list[str]
    """Product ids marked by the host."""
    announcement: str
    slow_mode_s: int
    blocked: bool
    """True when you may not chat in this show."""
    likes: int
    viewers: int
    chat: list[ChatLine]
    """The last 50 lines that were not deleted, oldest first."""
    rundown: list[str]
    """Product ids in the planned order."""
    presenter: Presenter = "human"
    """Who is in the picture."""


class Clock(Message):
    """The show clock now; its 90 kHz form is the outgoing video RTP timestamp."""

    show_ms: int
    server_time: str


class You(Message):
    """Who the server takes you for."""

    id: str
    name: str
    role: Role
    owns_show: bool
    """True for this show's host and for admins: pins, announcements and orders are yours."""
    moderates: bool


class Welcome(Message):
    """Answer to `Hello`: the whole state, or (``resumed``) nothing but what you missed, sent right after as events."""

    type: Literal["welcome"] = "welcome"
    version: int
    epoch: str
    """Changes when earlier sequence numbers mean nothing any more; resume only within one epoch."""
    seq: int
    resumed: bool
    clock: Clock
    you: You
    state: ShowState | None
    """None when resumed."""
    whep_url: str


class Event(Message):
    """Base of everything that happened in the show: ``seq`` rises (not always by one); apply at ``at_ms``."""

    seq: int
    at_ms: int


class StatusChanged(Event):
    """The show went live, away or ended."""

    type: Literal["status"] = "status"
    status: ShowStatus


class PresenterChanged(Event):
    """Somebody else is in the picture from now on: the host, or the AI host that stands in."""

    type: Literal["presenter"] = "presenter"
    presenter: Presenter


class PinsChanged(Event):
    """The open cards from now on."""

    type: Literal["pins"] = "pins"
    pins: list[PinnedProduct]


class SoldOutChanged(Event):
    """The products marked sold out from now on."""

    type: Literal["sold_out_list"] = "sold_out_list"
    product_ids: list[str]


class AnnouncementChanged(Event):
    """The announcement strip from now on; empty hides it."""

    type: Literal["announcement"] = "announcement"
    text: str


class InvitedToTryOn(Event):
    """The host asks everybody to try a product on, now: an old one that comes late means nothing any more."""

    type: Literal["try_on"] = "try_on"
    product_id: str
    way: InvitedWay = "try_on"


class OfferShown(Event):
    """An offer that holds now. Whoever comes late reads in ``ends_at`` whether it still does."""

    type: Literal["offer"] = "offer"
    offer_id: str
    product_id: str
    text: dict[str, str]
    """Language tag → the seller's words."""
    ends_at: str | None


class AiDirected(Event):
    """The AI host was told to do something (sent to the show's host, admins, and the AI host itself)."""

    type: Literal["ai_directed"] = "ai_directed"
    act: AiAct
    text: str
    line_id: int | None = None
    ticket_id: str | None = None
    insist: bool = False
    order: str = ""
    """The command's ``ref``, by which the verdict names it."""


class AiLine(Event):
    """What the AI host says now, or held back (sent to the show's host and to admins); fields as in `TellAiLine`."""

    type: Literal["ai_line"] = "ai_line"
    text: str
    language: str
    beat: str
    source: str
    product_id: str | None
    fact_ids: list[str]
    question: str
    held_back: str


class AiVerdict(Event):
    """What the AI host makes of an order (sent to the show's host and to admins); fields as in `TellAiVerdict`."""

    type: Literal["ai_verdict"] = "ai_verdict"
    order: str
    accepted: bool
    findings: list[AiFinding]


class CaptionSaid(Event):
    """What is said now, in one language. The spoken one is everybody's, a translation goes to those who read it.

    Shown by the times of its cues, whenever it comes.
    """

    type: Literal["caption"] = "caption"
    utterance_id: str
    language: str
    """Primary subtag of the language that it is in."""
    is_spoken: bool
    trust: Trust
    cues: list[CaptionCue]
    is_heard: bool = False
    """Recognised from a voice: it comes after its words, and is shown by when it came."""


class ListeningSet(Event):
    """Whether the host is listened to from now on (sent to the show's host and to admins)."""

    type: Literal["listening"] = "listening"
    is_on: bool
    language: str


class CaptionCut(Event):
    """The speaker was interrupted: captions of that utterance end at ``until_ms``, in every language."""

    type: Literal["caption_cut"] = "caption_cut"
    utterance_id: str
    until_ms: int


class SlowModeChanged(Event):
    """Seconds between two lines of one viewer from now on."""

    type: Literal["slow_mode"] = "slow_mode"
    seconds: int


class ChatSaid(Event):
    """A new line of chat."""

    type: Literal["chat"] = "chat"
    line: ChatLine


class ChatTranslated(Event):
    """Lines said a moment ago, for those who read ``language``. Under a flood some lines never get theirs."""

    type: Literal["chat_translated"] = "chat_translated"
    language: str
    """Primary subtag."""
    lines: list[TranslatedLine]


class ChatDeleted(Event):
    """Lines to take away."""

    type: Literal["chat_deleted"] = "chat_deleted"
    message_ids: list[str]


class PersonBlocked(Event):
    """A person may no longer chat here (sent to that person and to moderators)."""

    type: Literal["blocked"] = "blocked"
    person_id: str


class StockChanged(Event):
    """True stock of a product's variants after a reservation, release or sale."""

    type: Literal["stock"] = "stock"
    product_id: str
    variants: list[VariantStock]


class ProductChanged(Event):
    """A product's price, texts or pictures changed: fetch it again."""

    type: Literal["product"] = "product"
    product_id: str


class OrderPlaced(Event):
    """Somebody bought (sent to the show's host, moderators excluded, and to admins)."""

    type: Literal["order"] = "order"
    order_id: str
    product_ids: list[str]
    total_minor: int
    currency: str
    buyer_name: str


class ChatTranslations(Message):
    """After `SetLanguage`: what is known of the last lines in the new language; not sequenced."""

    type: Literal["chat_translations"] = "chat_translations"
    language: str
    lines: list[TranslatedLine]


class Counters(Message):
    """Likes and viewers, at most once a second; not sequenced, the newest counts."""

    type: Literal["counters"] = "counters"
    likes: int
    viewers: int
    clock: Clock


class Ingest(Message):
    """To the host: how the picture arrives at the server; not sequenced."""

    type: Literal["ingest"] = "ingest"
    bitrate_bps: int
    loss: float
    width_px: int
    height_px: int
    fps: float


class CaptionGrowing(Message):
    """What was said so far of an utterance that goes on; `CaptionSaid` follows. Not sequenced, the newest counts."""

    type: Literal["caption_growing"] = "caption_growing"
    utterance_id: str
    language: str
    is_spoken: bool
    trust: Trust
    cues: list[CaptionCue]
    is_heard: bool


class ListeningNow(Message):
    """To the show's host and admins: how the host is listened to; not sequenced, the newest counts."""

    type: Literal["listening_state"] = "listening_state"
    hearing: HostHearing


class VoiceCommandDone(Message):
    """To the show's host and admins: what was heard and done; fields as in `TellHeardCommand`. Not sequenced."""

    type: Literal["voice_command"] = "voice_command"
    heard: HeardCommand
    product_id: str | None
    undo: list[VoiceStep]


class Performance(Message):
    """To those who follow it: what the AI host does; not sequenced, the newest counts from its ``at_ms`` on."""

    type: Literal["performance"] = "performance"
    score: Score


class AiState(Message):
    """To the show's host and admins: the AI host's desk; not sequenced, the newest counts."""

    type: Literal["ai_state"] = "ai_state"
    desk: AiDesk


class Ack(Message):
    """A command was carried out."""

    type: Literal["ack"] = "ack"
    ref: str
    clock: Clock | None = None


class Problem(Message):
    """A command, or the whole connection (``ref`` null), was refused. Same body as a REST error."""

    type: Literal["problem"] = "problem"
    ref: str | None
    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


class Closing(Message):
    """The server is about to go away; come back after ``retry_after_s`` and resume."""

    type: Literal["closing"] = "closing"
    retry_after_s: float


_AnyEvent = (
    StatusChanged
    | PresenterChanged
    | PinsChanged
    | SoldOutChanged
    | AnnouncementChanged
    | InvitedToTryOn
    | OfferShown
    | AiDirected
    | AiLine
    | AiVerdict
    | CaptionSaid
    | CaptionCut
    | ListeningSet
    | SlowModeChanged
    | ChatSaid
    | ChatTranslated
    | ChatDeleted
    | PersonBlocked
    | StockChanged
    | ProductChanged
    | OrderPlaced
)

ShowEvent = Annotated[_AnyEvent, Field(discriminator="type")]
ServerMessage = Annotated[
    Welcome
    | _AnyEvent
    | CaptionGrowing
    | ListeningNow
    | VoiceCommandDone
    | ChatTranslations
    | Counters
    | Ingest
    | Performance
    | AiState
    | Ack
    | Problem
    | Closing,
    Field(discriminator="type"),
]

hello_adapter: TypeAdapter[Hello] = TypeAdapter(Hello)
command_adapter: TypeAdapter[ClientCommand] = TypeAdapter(ClientCommand)
event_adapter: TypeAdapter[ShowEvent] = TypeAdapter(ShowEvent)
server_adapter: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
