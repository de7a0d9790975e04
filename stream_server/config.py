"""The settings, read once from the environment (``VITRINE_*``); nobody else looks at it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from stream_server.captions.files import FilePolicy

MAX_MEDIA_PROCESSES = 64
_MEDIA_PROCESSES_BY_DEFAULT = 8
_AI_HOSTS_PER_CORE = 4


def media_socket(index: int) -> str:
    """Name of the control socket of one media process in the runtime directory."""
    return f"media-{index}.sock"


def trunk_socket(index: int) -> str:
    """Name of the socket on which the other media processes hear this one's shows."""
    return f"trunk-{index}.sock"


class Config(BaseSettings):
    """Every setting of the server. Wrong values are reported all at once at start."""

    model_config = SettingsConfigDict(
        env_prefix="VITRINE_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
    )

    mode: Literal["development", "production"] = "development"
    """In production a missing secret stops the start; in development one is made and kept in the data directory."""
    http_host: str = "127.0.0.1"
    """Address the HTTP server listens on; 0.0.0.0 for all."""
    http_port: int = Field(default=8080, ge=0, le=65535)
    """Port of pages, API, WebSocket, WHIP and WHEP."""
    media_port: int = Field(default=8880, ge=0, le=65535)
    """Port of the first media process, UDP and TCP (for viewers whose network lets no UDP through); the others have
    the ports that follow."""
    media_processes: int | None = Field(default=None, ge=1, le=MAX_MEDIA_PROCESSES)
    """How many media processes share the shows; default: one for each core but one, 8 at most, and 1 for the demo."""
    public_address: str | None = None
    """Address (IP or name) that browsers can reach for media; default: this machine's own addresses."""
    public_url: str | None = None
    """Base URL under which people open the pages, e.g. https://live.example; default http://localhost:PORT."""
    data_dir: Path = Path("data")
    """Where the SQLite file, uploads and the development secret are kept."""
    database_url: SecretStr | None = None
    """PostgreSQL, e.g. postgresql+asyncpg://user:password@host/name; default: SQLite in the data directory."""
    s3_bucket: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    """Bucket for uploads and finished 3D models (extra `s3`); default: folders in the data directory."""
    s3_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    """Where the bucket is, e.g. https://minio.example; default: AWS."""
    s3_region: str = "us-east-1"
    """Region of the bucket; most others than AWS do not mind."""
    s3_key_id: SecretStr | None = None
    """Access key id for the bucket; default: the role of this machine."""
    s3_secret: SecretStr | None = None
    """Secret access key for the bucket."""
    redis_url: SecretStr | None = None
    """Redis or Valkey, e.g. redis://host:6379/0; default: an embedded Valkey."""
    secret: SecretStr | None = Field(default=None, min_length=32)
    """Signs tokens and webhooks; at least 32 characters."""
    turn_urls: list[str] = Field(default_factory=list)
    """TURN servers given to browsers, e.g. ["turn:turn.example:3478?transport=udp"]."""
    turn_secret: SecretStr | None = None
    """The shared secret of the TURN servers (coturn static-auth-secret)."""
    stripe_key: SecretStr | None = None
    """Stripe secret key; default: the built-in test payments."""
    stripe_webhook_secret: SecretStr | None = None
    """Secret with which Stripe signs its webhooks."""
    allowed_origins: list[str] = Field(default_factory=lambda: ["*"])
    """Origins whose pages may embed the player and publish by WHIP."""
    trusted_proxies: list[str] = Field(default_factory=lambda: ["127.0.0.1", "::1"])
    """Addresses or networks of reverse proxies that tell the client's address truly (X-Forwarded-For)."""
    asset_jobs: int = Field(default=1, ge=0, le=32)
    """How many 3D models are worked on at once by this server; 0 leaves them to `vitrine model-worker` elsewhere."""
    ai_hosts: int | None = Field(default=None, ge=0, le=256)
    """How many AI hosts this server keeps at most; default: four for each core, 0 leaves them to other servers."""
    mood_model: Path | None = None
    """Directory of a sentiment classifier that AI hosts read the room with; default: the built-in lexicon."""
    reservation_s: float = Field(default=120, gt=0, le=3600)
    """How long a checkout holds the goods."""
    host_grace_s: float = Field(default=120, gt=0, le=3600)
    """How long a show waits for its host to come back before it ends."""
    caption_files: FilePolicy = "while_live"
    """When captions can be had as WebVTT files: while_live (and after), after_show, or never."""
    listeners: int = Field(default=2, ge=0, le=64)
    """How many hosts this server listens to at once, for captions and voice commands (a good part of a core each); 0
    leaves them to `vitrine listen` elsewhere."""
    listening_folder: Path | None = None
    """A Whisper model for faster-whisper; without one, PocketSphinx understands English roughly."""
    translation_folder: Path | None = None
    """Translation weights (folders en2x and x2en) instead of those that come with the server."""
    translation_models: list[dict[str, Any]] = Field(default_factory=list)
    """Translation models of your own, before ours, e.g. [{"kind": "folder", "place": "/models/opus-en-fr",
    "directions": ["en-fr"]}]; or kind "endpoint", with the address up to /v1 as place, and "model"."""
    log_format: Literal["console", "json"] = "console"
    """Console for people, JSON lines for machines."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe level that is written."""

    @property
    def media_process_count(self) -> int:
        """How many media processes there are: as many as are set, or as this machine has cores for."""
        if self.media_processes is not None:
            return self.media_processes
        return max(1, min(_cores() - 1, _MEDIA_PROCESSES_BY_DEFAULT))

    @property
    def ai_host_count(self) -> int:
        """How many AI hosts there may be: as many as are set, or as this machine has cores for."""
        return _AI_HOSTS_PER_CORE * _cores() if self.ai_hosts is None else self.ai_hosts

    @property
    def local_url(self) -> str:
        """Where this machine's own processes reach the web process."""
        host = "127.0.0.1" if self.http_host in {"0.0.0.0", "::"} else self.http_host
        return f"http://{host}:{self.http_port}"

    @property
    def base_url(self) -> str:
        """Where people open the pages, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.http_port}").rstrip("/")


def _cores() -> int:
    """Cores that this process may use; where the system does not say, all there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux has it
        return os.cpu_count() or 1


class MissingSecret(ValueError):
    """Production mode has no ``VITRINE_SECRET``."""

    def __str__(self) -> str:
        return "Set VITRINE_SECRET to at least 32 random characters (production mode does not make one up)."


def signing_secret(config: Config) -> str:
    """The secret that signs tokens; in development one is made once and kept in the data directory (mode 0600).

    Every process of a server calls this, so the file is created atomically: the first writer wins.

    Raises: MissingSecret.
    """
    if config.secret is not None:
        return config.secret.get_secret_value()
    if config.mode == "production":
        raise MissingSecret
    path = config.data_dir / "secret"
    config.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
