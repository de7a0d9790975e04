"""glTF materials as UsdPreviewSurface networks, with their textures as JPEG or PNG files beside the layer.

The mapping follows the UsdPreviewSurface specification (openusd.org, release 2.x). Texture coordinates in USD run up
from the lower left corner, in glTF down from the upper left: meshes carry v flipped, and KHR_texture_transform becomes
the same scale, rotation and offset conjugated by that flip.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdShade

from ar_assets.document import Document, Json
from ar_assets.errors import StepFailed

_WRAPS = {10497: "repeat", 33071: "clamp", 33648: "mirror"}
_UNSAYABLE = {
    "KHR_materials_sheen": "the soft sheen of cloth",
    "KHR_materials_iridescence": "colours that change with the angle",
    "KHR_materials_volume": "light swallowed inside thick glass",
    "KHR_materials_specular": "tinted or weakened highlights",
    "KHR_materials_anisotropy": "brushed highlights",
    "KHR_materials_unlit": "surfaces without shading",
}


class MaterialWriter:
    """Writes materials below ``/Model/Looks`` of a stage and their pictures into ``folder``.

    ``losses`` collects sentences about what UsdPreviewSurface cannot say.
    """

    def __init__(self, document: Document, stage: Usd.Stage, folder: Path, texture_px: int) -> None:
        self._document = document
        self._stage = stage
        self._folder = folder
        self._texture_px = texture_px
        self._made: dict[int | None, UsdShade.Material] = {}
        self._files: dict[tuple[int, str, float], str] = {}
        self.losses: list[str] = []

    def material(self, index: int | None, *, has_colors: bool) -> UsdShade.Material:
        """The material of a glTF index (None: the default), written at first use."""
        if index not in self._made:
            spec = self._document.items("materials")[index] if index is not None else {}
            name = "Default" if index is None else f"Material_{index}"
            self._made[index] = _Network(self, name, spec, has_colors).material
        return self._made[index]

    def picture(self, image: int, kind: str, bumps: float = 1.0) -> str:
        """Write an image once per kind (``color``, ``alpha``: with its alpha, ``data``, ``normal``); its path.

        ``bumps`` strengthens normals in the picture itself: the node's own scale has to be 2 (UsdPreviewSurface).
        """
        key = (image, kind, bumps)
        if key in self._files:
            return self._files[key]
        try:
            with Image.open(io.BytesIO(self._document.image_bytes(image)), formats=("PNG", "JPEG", "WEBP")) as opened:
                picture = opened.convert("RGBA" if kind == "alpha" else "RGB")
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise StepFailed("usdz", f"a texture cannot be decoded: {error}") from error
        if max(picture.size) > self._texture_px:
            part = self._texture_px / max(picture.size)
            size = (max(1, round(picture.width * part)), max(1, round(picture.height * part)))
            picture = picture.resize(size, Image.Resampling.LANCZOS)
        if bumps != 1.0:
            values = np.asarray(picture, np.float32) / 127.5 - 1
            values[..., :2] *= bumps
            values /= np.maximum(np.linalg.norm(values, axis=2, keepdims=True), 1e-6)
            picture = Image.fromarray(np.round((values + 1) * 127.5).astype(np.uint8))
        number = f"_{len(self._files)}" if bumps != 1.0 else ""
        name = f"textures/{image}_{kind}{number}.{'png' if kind == 'alpha' else 'jpg'}"
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        if kind == "alpha":
            picture.save(path, "PNG", optimize=True)
        else:
            # Normals bend visibly where chroma is halved
            exact = kind in ("normal", "data")
            picture.save(path, "JPEG", quality=90 if exact else 86, subsampling=0 if exact else 2)
        self._files[key] = name
        return name

    def texture_of(self, info: Json) -> tuple[int | None, str, str]:
        """Image index and the two wraps of a textureInfo."""
        texture = self._document.items("textures")[info["index"]]
        source = texture.get("extensions", {}).get("EXT_texture_webp", {}).get("source", texture.get("source"))
        sampler = self._document.items("samplers")[texture["sampler"]] if "sampler" in texture else {}
        return source, _WRAPS[sampler.get("wrapS", 10497)], _WRAPS[sampler.get("wrapT", 10497)]

    def shader(self, path: str, kind: str) -> UsdShade.Shader:
        """A shader node of the stage."""
        shader = UsdShade.Shader.Define(self._stage, path)
        shader.CreateIdAttr(kind)
        return shader

    def define(self, path: str) -> UsdShade.Material:
        """A material of the stage."""
        return UsdShade.Material.Define(self._stage, path)


class _Network:
    """The nodes of one material."""

    def __init__(self, writer: MaterialWriter, name: str, spec: Json, has_colors: bool) -> None:
        self._writer = writer
        self._path = f"/Model/Looks/{name}"
        self.material = writer.define(self._path)
        self._surface = writer.shader(f"{self._path}/Surface", "UsdPreviewSurface")
        self.material.CreateSurfaceOutput().ConnectToSource(self._surface.ConnectableAPI(), "surface")
        self._readers: dict[str, UsdShade.Shader] = {}
        extensions = spec.get("extensions", {})
        for extension, what in _UNSAYABLE.items():
            if extension in extensions:
                sentence = f"iOS shows {spec.get('name') or 'a material'} without {what}."
                if sentence not in writer.losses:
                    writer.losses.append(sentence)
        self._colors(spec, has_colors)
        self._data(spec)
        self._layers(extensions)

    def _colors(self, spec: Json, has_colors: bool) -> None:
        pbr = spec.get("pbrMetallicRoughness", {})
        r, g, b, a = (float(value) for value in pbr.get("baseColorFactor", (1, 1, 1, 1)))
        mode = spec.get("alphaMode", "OPAQUE")
        info = pbr.get("baseColorTexture")
        diffuse = self._input("diffuseColor", Sdf.ValueTypeNames.Color3f)
        texture = self._texture("Base", info, "color" if mode == "OPAQUE" else "alpha", (r, g, b, a)) if info else None
        if texture is not None:
            diffuse.ConnectToSource(self._output(texture, "rgb", Sdf.ValueTypeNames.Float3))
        elif has_colors:
            reader = self._writer.shader(f"{self._path}/Colors", "UsdPrimvarReader_float3")
            reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("displayColor")
            diffuse.ConnectToSource(reader.CreateOutput("result", Sdf.ValueTypeNames.Float3))
        else:
            diffuse.Set(Gf.Vec3f(r, g, b))
        opacity = self._input("opacity", Sdf.ValueTypeNames.Float)
        passing = float(spec.get("extensions", {}).get("KHR_materials_transmission", {}).get("transmissionFactor", 0))
        if mode != "OPAQUE" and texture is not None:
            opacity.ConnectToSource(self._output(texture, "a", Sdf.ValueTypeNames.Float))
        elif mode != "OPAQUE":
            opacity.Set(a)
        else:
            # Glass: what passes is tinted by the base colour; a tenth stays, so that clear glass is seen at all
            opacity.Set(max(0.1, 1 - passing * (r + g + b) / 3) if passing else 1.0)
        if mode == "MASK":
            self._input("opacityThreshold", Sdf.ValueTypeNames.Float).Set(float(spec.get("alphaCutoff", 0.5)))
        strength = spec.get("extensions", {}).get("KHR_materials_emissive_strength", {}).get("emissiveStrength", 1.0)
        er, eg, eb = (float(value) * strength for value in spec.get("emissiveFactor", (0, 0, 0)))
        if er or eg or eb:
            emissive = self._input("emissiveColor", Sdf.ValueTypeNames.Color3f)
            glow = spec.get("emissiveTexture")
            node = self._texture("Emissive", glow, "color", (er, eg, eb, 1.0)) if glow else None
            if node is not None:
                emissive.ConnectToSource(self._output(node, "rgb", Sdf.ValueTypeNames.Float3))
            else:
                emissive.Set(Gf.Vec3f(er, eg, eb))

    def _data(self, spec: Json) -> None:
        pbr = spec.get("pbrMetallicRoughness", {})
        metallic, roughness = float(pbr.get("metallicFactor", 1)), float(pbr.get("roughnessFactor", 1))
        info = pbr.get("metallicRoughnessTexture")
        node = self._texture("MetallicRoughness", info, "data", (1.0, roughness, metallic, 1.0)) if info else None
        for name, channel, value in (("metallic", "b", metallic), ("roughness", "g", roughness)):
            entry = self._input(name, Sdf.ValueTypeNames.Float)
            if node is not None:
                entry.ConnectToSource(self._output(node, channel, Sdf.ValueTypeNames.Float))
            else:
                entry.Set(value)
        shade = spec.get("occlusionTexture")
        if shade and (node := self._texture("Occlusion", shade, "data", None)) is not None:
            strength = float(shade.get("strength", 1.0))
            if strength < 1:
                node.CreateInput("scale", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(strength))
                node.CreateInput("bias", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(1 - strength))
            entry = self._input("occlusion", Sdf.ValueTypeNames.Float)
            entry.ConnectToSource(self._output(node, "r", Sdf.ValueTypeNames.Float))
        bumps = spec.get("normalTexture")
        if bumps and (node := self._texture("Normal", bumps, "normal", None)) is not None:
            node.CreateInput("scale", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(2, 2, 2, 1))
            node.CreateInput("bias", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(-1, -1, -1, 0))
            entry = self._input("normal", Sdf.ValueTypeNames.Normal3f)
            entry.ConnectToSource(self._output(node, "rgb", Sdf.ValueTypeNames.Float3))

    def _layers(self, extensions: Json) -> None:
        coat = extensions.get("KHR_materials_clearcoat", {})
        if coat.get("clearcoatFactor"):
            self._input("clearcoat", Sdf.ValueTypeNames.Float).Set(float(coat["clearcoatFactor"]))
            rough = float(coat.get("clearcoatRoughnessFactor", 0.0))
            self._input("clearcoatRoughness", Sdf.ValueTypeNames.Float).Set(rough)
        if "KHR_materials_ior" in extensions:
            ior = float(extensions["KHR_materials_ior"].get("ior", 1.5))
            self._input("ior", Sdf.ValueTypeNames.Float).Set(ior)

    def _texture(
        self, name: str, info: Json, kind: str, scale: tuple[float, float, float, float] | None
    ) -> UsdShade.Shader | None:
        image, wrap_s, wrap_t = self._writer.texture_of(info)
        if image is None:
            return None
        node = self._writer.shader(f"{self._path}/{name}", "UsdUVTexture")
        bumps = float(info.get("scale", 1.0)) if kind == "normal" else 1.0
        asset = Sdf.AssetPath(self._writer.picture(image, kind, bumps))
        node.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(asset)
        space = "sRGB" if kind in ("color", "alpha") else "raw"
        node.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set(space)
        node.CreateInput("wrapS", Sdf.ValueTypeNames.Token).Set(wrap_s)
        node.CreateInput("wrapT", Sdf.ValueTypeNames.Token).Set(wrap_t)
        if scale is not None and scale != (1.0, 1.0, 1.0, 1.0):
            node.CreateInput("scale", Sdf.ValueTypeNames.Float4).Set(Gf.Vec4f(*scale))
        st = node.CreateInput("st", Sdf.ValueTypeNames.Float2)
        st.ConnectToSource(self._coordinates(name, info))
        return node

    def _coordinates(self, name: str, info: Json) -> UsdShade.Output:
        moved = info.get("extensions", {}).get("KHR_texture_transform", {})
        primvar = "st1" if int(moved.get("texCoord", info.get("texCoord", 0))) else "st"
        if primvar not in self._readers:
            reader = self._writer.shader(f"{self._path}/Reader_{primvar}", "UsdPrimvarReader_float2")
            reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set(primvar)
            reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
            self._readers[primvar] = reader
        result = self._readers[primvar].GetOutput("result")
        if not {"offset", "rotation", "scale"} & moved.keys():
            return result
        turn = float(moved.get("rotation", 0.0))
        scale = np.array(moved.get("scale", (1.0, 1.0)), float)
        offset = np.array(moved.get("offset", (0.0, 0.0)), float)
        # st' = flip(transform(flip(st))): the turn reverses with the axis, and the origin moves to the upper corner
        corner = np.array([math.sin(turn), math.cos(turn)]) * scale[1] + offset
        node = self._writer.shader(f"{self._path}/{name}_Transform", "UsdTransform2d")
        node.CreateInput("in", Sdf.ValueTypeNames.Float2).ConnectToSource(result)
        node.CreateInput("scale", Sdf.ValueTypeNames.Float2).Set(Gf.Vec2f(*scale.tolist()))
        node.CreateInput("rotation", Sdf.ValueTypeNames.Float).Set(math.degrees(turn))
        translation = Gf.Vec2f(float(corner[0]), float(1 - corner[1]))
        node.CreateInput("translation", Sdf.ValueTypeNames.Float2).Set(translation)
        return node.CreateOutput("result", Sdf.ValueTypeNames.Float2)

    def _input(self, name: str, kind: Sdf.ValueTypeName) -> UsdShade.Input:
        return self._surface.CreateInput(name, kind)

    def _output(self, node: UsdShade.Shader, name: str, kind: Sdf.ValueTypeName) -> UsdShade.Output:
        return node.CreateOutput(name, kind)
