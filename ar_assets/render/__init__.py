"""Pictures of a GLB without a browser: rays by Embree, shading by NumPy, the same pixels on every run.

For posters, thumbnails, turntables and for judging whether an optimised file still looks like the input.
"""

from __future__ import annotations

from ar_assets.render.develop import Picture
from ar_assets.render.pictures import Frame, frame_of, poster, scene_of, turntable, views, webp, webp_loop

__all__ = ["Frame", "Picture", "frame_of", "poster", "scene_of", "turntable", "views", "webp", "webp_loop"]
