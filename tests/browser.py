"""Finds a Chromium on this machine and drives it: for the stories, the benchmarks and the screenshots.

The order: Debian's ``chromium`` (it can encode H.264), any Chrome found, and at last the one that Playwright
downloads (without H.264: it speaks VP8 with us).
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright

PAGE_SCRIPTS = Path(__file__).parent / "page_scripts"

_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_ELSEWHERE = (
    Path("/usr/bin/chromium"),
    Path("/opt/google/chrome/chrome"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

_FLAGS = (
    "--no-sandbox",  # root in containers has no user namespaces to sandbox with
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # Several pages of one browser are on screen at once in our stories; none of them is in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # A page without a camera hides its address behind mDNS, which a container without multicast cannot resolve.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)


class NoBrowser(LookupError):
    """There is no Chromium or Chrome on this machine."""

    def __str__(self) -> str:
        return "No Chromium found: run scripts/test_environment.py, or install chromium or Chrome."


def installed_browser() -> Path | None:
    """The system's Chromium or Chrome, or None."""
    for path in _ELSEWHERE[:1]:
        if path.exists():
            return path
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((path for path in _ELSEWHERE if path.exists()), None)


def playwright_browser() -> Path | None:
    """The folder of a Chromium that Playwright has downloaded, or None."""
    for cache in (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"):
        for found in cache.glob("chromium*"):
            return found
    return None


def _executable(playwright: Playwright) -> Path:
    if found := installed_browser():
        return found
    own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    raise NoBrowser


@asynccontextmanager
async def playwright_running() -> AsyncIterator[Playwright]:
    """Playwright's driver, ended with the block."""
    async with async_playwright() as playwright:
        yield playwright


@asynccontextmanager
async def chromium(
    playwright: Playwright, *, camera: Path | None = None, flags: tuple[str, ...] = ()
) -> AsyncIterator[Browser]:
    """A headless browser process with a fake microphone and camera, closed with the block.

    Args:
        playwright: The driver.
        camera: A y4m or mjpeg file to show as the camera, in a loop; else Chromium's own test picture at 30 fps.
        flags: More command line flags.

    Raises: NoBrowser.
    """
    arguments = [*_FLAGS, "--use-fake-device-for-media-stream=fps=30", *flags]
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    browser = await playwright.chromium.launch(
        executable_path=_executable(playwright),
        args=arguments,
        # Playwright mutes headless browsers; a muted output never pulls audio, and audio levels stay at zero.
        ignore_default_args=["--mute-audio"],
    )
    try:
        yield browser
    finally:
        await browser.close()


@asynccontextmanager
async def chromium_alone(*, camera: Path | None = None, flags: tuple[str, ...] = ()) -> AsyncIterator[Browser]:
    """`chromium` with a driver of its own, where only one browser is needed."""
    async with playwright_running() as playwright, chromium(playwright, camera=camera, flags=flags) as browser:
        yield browser
