"""What the settings decide about features and edges; the features themselves never see the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stream_server.app.listening import hearers
from stream_server.captions.files import FilePolicy
from stream_server.captions.listening import Hearer
from stream_server.captions.service import CaptionOptions
from stream_server.chat.service import ChatOptions
from stream_server.commerce.checkout import CheckoutLimits
from stream_server.config import Config
from stream_server.products3d.job import JobLimits
from stream_server.products3d.upload import UploadLimits
from stream_server.shows.service import ShowOptions
from stream_server.signaling.chat_translation import ChatTranslationOptions
from stream_server.signaling.live_options import LiveOptions
from stream_server.web.ice_servers import TurnOptions
from stream_server.web.live import LiveEdgeOptions
from stream_server.web.throttle import Rates
from stream_server.web.webrtc_http import EdgeOptions

STRIPE_FRAMES = ("https://hooks.stripe.com", "https://*.stripe.com")


@dataclass(frozen=True)
class Choices:
    """What the settings decide about features and edges."""

    shows: ShowOptions = ShowOptions()
    checkouts: CheckoutLimits = CheckoutLimits()
    uploads: UploadLimits = UploadLimits()
    model_jobs: JobLimits = JobLimits()
    live: LiveOptions = LiveOptions()
    chat: ChatOptions = ChatOptions()
    chat_translation: ChatTranslationOptions = ChatTranslationOptions()
    captions: CaptionOptions = CaptionOptions()
    caption_files: FilePolicy = "while_live"
    hearers: Sequence[Hearer] = ()
    turn: TurnOptions = TurnOptions()
    origins: Sequence[str] = ("*",)
    payment_frames: Sequence[str] = ()
    rates: Rates = Rates()
    joins_at_once: int = EdgeOptions.joins_at_once
    slow_bytes: int = LiveEdgeOptions.slow_bytes

    @classmethod
    def of(cls, config: Config) -> Choices:
        """The choices that the settings make."""
        return cls(
            shows=ShowOptions(host_grace_s=config.host_grace_s),
            checkouts=CheckoutLimits(reservation_s=config.reservation_s),
            caption_files=config.caption_files,
            hearers=hearers(config) if config.listeners > 0 else (),
            turn=TurnOptions(
                urls=tuple(config.turn_urls),
                secret=config.turn_secret.get_secret_value() if config.turn_secret else None,
            ),
            origins=tuple(config.allowed_origins),
            payment_frames=STRIPE_FRAMES if config.stripe_key else (),
        )
