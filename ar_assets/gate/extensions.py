"""Which glTF extensions the pipeline understands: requiring another is refused, merely using it loses it."""

from __future__ import annotations

DRACO = "KHR_draco_mesh_compression"
INSTANCING = "EXT_mesh_gpu_instancing"

KNOWN = frozenset(
    {
        DRACO,
        INSTANCING,
        "EXT_meshopt_compression",
        "EXT_texture_webp",
        "KHR_lights_punctual",
        "KHR_materials_anisotropy",
        "KHR_materials_clearcoat",
        "KHR_materials_diffuse_transmission",
        "KHR_materials_dispersion",
        "KHR_materials_emissive_strength",
        "KHR_materials_ior",
        "KHR_materials_iridescence",
        "KHR_materials_sheen",
        "KHR_materials_specular",
        "KHR_materials_transmission",
        "KHR_materials_unlit",
        "KHR_materials_variants",
        "KHR_materials_volume",
        "KHR_mesh_quantization",
        "KHR_meshopt_compression",
        "KHR_texture_transform",
        "KHR_xmp_json_ld",
    }
)
