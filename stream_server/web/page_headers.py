"""The security headers of pages: what they may load, who may frame them, which devices they may use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")

Framing = Literal["nobody", "ourselves", "shops"]
Devices = Literal["none", "camera", "microphone", "camera and microphone"]
"""What a page may ask people for: the player's mirror wants their camera and never hears them."""


@dataclass(frozen=True)
class PageOptions:
    """What depends on the installation."""

    shop_origins: Sequence[str] = ("*",)
    """Origins that may embed the player, and so frame the payment page."""
    payment_frames: Sequence[str] = ()
    """Origins of a payment provider whose authentication pages are shown in a frame."""


def page_headers(
    options: PageOptions, host: str | None, *, framing: Framing, devices: Devices = "none"
) -> dict[str, str]:
    """Headers for one HTML page.

    ``host`` is the request's Host header: Safari does not count WebSockets of our own host as ``'self'``, so it
    is named. ``devices`` are those that the page may ask for.
    """
    sockets = f" ws://{host} wss://{host}" if host and _HOST.fullmatch(host) else ""
    ancestors = {
        "nobody": "'none'",
        "ourselves": "'self'",
        "shops": "*" if "*" in options.shop_origins else " ".join(["'self'", *options.shop_origins]),
    }[framing]
    frames = " ".join(["'self'", *options.payment_frames])
    policy = "; ".join(
        [
            "default-src 'self'",
            # decoders of 3D models and the face mesh of the mirror are WebAssembly
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            # textures inside a model are read back from blobs
            f"connect-src 'self' blob:{sockets}",
            "img-src 'self' blob: data:",
            "media-src 'self' blob: mediastream:",
            "font-src 'self'",
            # texture decoders make their workers out of blobs
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            f"frame-src {frames}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )
    camera = "(self)" if devices in ("camera", "camera and microphone") else "()"
    microphone = "(self)" if devices in ("microphone", "camera and microphone") else "()"
    headers = {
        "Content-Security-Policy": policy,
        "Permissions-Policy": f"camera={camera}, microphone={microphone}, geolocation=(), payment=(), usb=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
    if framing == "nobody":
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"
    return headers
