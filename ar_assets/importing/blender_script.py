"""Run by `blender.to_glb` in a process of its own: ``python blender_script.py SOURCE OUT``."""

from __future__ import annotations

import sys


def main(source: str, out: str) -> None:
    """Import an FBX or USDZ into an empty scene and export all of it as GLB."""
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    if source.endswith(".fbx"):
        bpy.ops.wm.fbx_import(filepath=source)
    else:
        bpy.ops.wm.usd_import(filepath=source)
    bpy.ops.export_scene.gltf(filepath=out, export_format="GLB", export_yup=True, export_extras=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
