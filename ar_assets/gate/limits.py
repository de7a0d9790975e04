"""What an upload may hold. Measured against the sample products with a factor of at least five in hand."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds of the gate; a file that meets them is examined in at most 2 s and 512 MB."""

    file_bytes: int = 100 * MB
    json_bytes: int = 16 * MB
    inline_json_bytes: int = 64 * MB
    """The same for a .gltf that carries buffers and pictures as text inside; what is no text counts as above."""
    json_depth: int = 64
    json_values: int = 500_000
    nodes: int = 10_000
    node_depth: int = 64
    objects: int = 10_000
    """Meshes, primitives, materials, accessors, buffer views, textures, samplers, skins, animations, variants: each."""
    images: int = 64
    image_px: int = 8192
    pixels: int = 200_000_000
    triangles: int = 2_000_000
    drawn_triangles: int = 4_000_000
    """Counting a mesh once per node that shows it."""
    decoded_bytes: int = 512 * MB
    """Sum of all that accessors and compressed buffer views say they unfold to."""
    decoded_ratio: int = 400
    """The same per byte of file; meshopt and Draco stay below 100 on real products."""
    decoded_floor_bytes: int = 4 * MB
    """Below this the ratio does not matter."""
    zip_entries: int = 200
    zip_total_bytes: int = 300 * MB
    zip_ratio: int = 100
    zip_ratio_floor_bytes: int = 1 * MB
    text_lines: int = 6_000_000
    """Lines of an OBJ, MTL or text STL or PLY file."""
    name_chars: int = 200
