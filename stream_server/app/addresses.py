"""Where database and Valkey are, as the settings say."""

from __future__ import annotations

from pathlib import Path

from stream_server.config import Config
from stream_server.stores.live.embedded import embedded_valkey_url


def database_url(config: Config) -> str:
    """The database of the settings, or the file in the data directory."""
    if config.database_url is not None:
        return config.database_url.get_secret_value()
    return f"sqlite:///{config.data_dir.resolve() / 'vitrine.db'}"


def valkey_url(config: Config, runtime_dir: Path) -> str:
    """The Valkey of the settings, or the embedded one of the runtime directory."""
    return config.redis_url.get_secret_value() if config.redis_url is not None else embedded_valkey_url(runtime_dir)
