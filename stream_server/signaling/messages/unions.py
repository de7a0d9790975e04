"""Everything either side may say, as unions by ``type``, and what reads them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from stream_server.signaling.messages.ai_host import (
    AiDirected,
    AiLine,
    AiState,
    AiVerdict,
    DirectAi,
    FollowPerformance,
    Perform,
    Performance,
    TellAiLine,
    TellAiState,
    TellAiTicket,
    TellAiVerdict,
)
from stream_server.signaling.messages.captions import (
    CaptionCut,
    CaptionGrowing,
    CaptionSaid,
    GrowCaption,
    PrepareCaption,
    StopCaption,
    TellCaption,
)
from stream_server.signaling.messages.chat import (
    BlockPerson,
    ChatDeleted,
    ChatSaid,
    ChatTranslated,
    ChatTranslations,
    DeleteChat,
    PersonBlocked,
    SendChat,
    SetSlowMode,
    SlowModeChanged,
)
from stream_server.signaling.messages.commerce import (
    InvitedToTryOn,
    InviteToTryOn,
    MarkSoldOut,
    OfferShown,
    OrderPlaced,
    Pin,
    PinsChanged,
    ProductChanged,
    ShowTheOffer,
    SoldOutChanged,
    StockChanged,
    Unpin,
)
from stream_server.signaling.messages.connection import Ack, Closing, Hello, Ping, Problem, SetLanguage, Welcome
from stream_server.signaling.messages.listening import (
    ListeningNow,
    ListeningSet,
    SetListening,
    TellHeardCommand,
    TellListening,
    VoiceCommandDone,
)
from stream_server.signaling.messages.show import (
    Announce,
    AnnouncementChanged,
    Counters,
    Ingest,
    Like,
    PresenterChanged,
    StatusChanged,
)

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
