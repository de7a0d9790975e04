"""What each published file may weigh and how far it may differ from what the brand uploaded.

The limits follow the Khronos 3D Commerce publishing targets (3 MB, 100,000 triangles, 2048 px and fewer than 20 draw
calls for a mobile product page; a third of that where a camera and a face mesh run beside it).
"""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Profile:
    """Limits of one published file.

    ``min_psnr_db`` and ``min_ssim`` bound the difference between rendered views of the input and of the result, on
    the pixels the product covers; the worst view counts. Sizes in bytes, lengths of texture sides in pixels.
    """

    name: str
    max_bytes: int
    max_triangles: int
    max_texture_px: int
    max_draw_calls: int
    min_psnr_db: float
    min_ssim: float
    detail: float = 1.0
    """At most this part of the input's triangles, for levels of detail."""

    @property
    def worth_bytes_per_db(self) -> float:
        """What a decibel more of likeness may cost: 4 % of the limit (126 kB for the web), nothing for a level."""
        return 0.04 * self.max_bytes if self.detail == 1.0 else 0.0


WEB = Profile("web", 3 * MB, 100_000, 2048, 20, min_psnr_db=36.0, min_ssim=0.96)
"""The player's 3D sheet, rooms (Scene Viewer, WebXR) and the console."""

TRY_ON = Profile("try_on", 1 * MB, 40_000, 1024, 20, min_psnr_db=32.0, min_ssim=0.93)
"""Worn in front of a camera: small, few triangles, beside a face mesh on a phone."""

USDZ = Profile("usdz", 8 * MB, 100_000, 2048, 20, min_psnr_db=32.0, min_ssim=0.93)
"""Quick Look on iOS: no mesh compression there, so a wider limit."""

LEVELS = (
    Profile("lod1", 1 * MB, 30_000, 1024, 20, min_psnr_db=28.0, min_ssim=0.88, detail=0.5),
    Profile("lod2", 300 * 1024, 8_000, 512, 20, min_psnr_db=22.0, min_ssim=0.75, detail=0.15),
)
"""Levels of detail for slow networks and for a product seen small among others."""
