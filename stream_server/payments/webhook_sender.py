"""Sends the built-in provider's webhooks over HTTP, like a provider far away would."""

from __future__ import annotations

import logging

import httpx2

from stream_server.payments.signature import HEADER

logger = logging.getLogger(__name__)

TIMEOUT_S = 10.0


class HttpWebhookSender:
    """Posts to one address. The client belongs to whoever made it and is closed there."""

    def __init__(self, client: httpx2.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def send(self, body: bytes, signature: str) -> bool:
        """True for a 2xx answer; redirects are not followed."""
        headers = {HEADER: signature, "Content-Type": "application/json"}
        try:
            response = await self._client.post(
                self._url, content=body, headers=headers, timeout=TIMEOUT_S, follow_redirects=False
            )
        except httpx2.HTTPError as error:
            logger.info("a webhook was not taken: %s", type(error).__name__)
            return False
        return response.is_success
