"""The media process, as the command line starts it; apart from the web's, so that it starts without loading it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from stream_server.config import Config, media_socket, trunk_socket
from stream_server.media.process import MediaOptions
from stream_server.media.process import serve_media as serve_media_process
from stream_server.web.logging import configure_logging


async def serve_media(
    config: Config, runtime_dir: Path, index: int, stop: asyncio.Event, *, owns_process: bool = False
) -> None:
    """Run one of the media processes until ``stop`` is set. Raises: OSError when its port is taken."""
    configure_logging(config.log_format, config.log_level)
    options = MediaOptions(
        socket_path=runtime_dir / media_socket(index),
        index=index,
        trunk_paths=tuple(runtime_dir / trunk_socket(number) for number in range(config.media_process_count)),
        port=config.media_port + index if config.media_port else 0,
        public_address=config.public_address,
        owns_process=owns_process,
    )
    await serve_media_process(options, stop)
