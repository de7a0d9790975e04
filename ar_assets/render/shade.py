"""What a surface sends to the eye: glTF's metallic-roughness model and its extensions under the studio's light.

Approximations, on purpose: thin transmission without bending, thin-film colours at three wavelengths without coherence,
sheen and clearcoat as layers without energy passed between more than two of them, no anisotropy, no dispersion, no
light from one part of the product onto another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Floats
from ar_assets.render.light import Studio
from ar_assets.render.scene import Material, Scene
from ar_assets.render.vectors import dot, largest, length, unit

_RED_GREEN_BLUE_NM = np.array([612.0, 549.0, 464.0], np.float32)


@dataclass(frozen=True)
class Hits:
    """Where rays met triangles: ``face`` (n,), barycentric ``u``, ``v`` (n,), ray ``towards`` (n, 3), ``reach`` (n,).

    ``reach`` is the width of one sample at the hit, in units of the scene.
    """

    face: NDArray[np.int64]
    u: Floats
    v: Floats
    towards: Floats
    reach: Floats


@dataclass(frozen=True)
class Surface:
    """What hits look like. Colours linear, already weighted by coverage.

    ``soft`` (n, 3) is light that things nearby can take away (ambient occlusion), ``sharp`` (n, 3) all other light but
    mirrored, ``mirrored`` (n, 3) what a smooth surface reflects from ``reflect`` (n, 3); ``through`` (n, 3) is the part
    of what lies behind that passes; ``normal`` (n, 3) as shaded.
    """

    soft: Floats
    sharp: Floats
    mirrored: Floats
    through: Floats
    normal: Floats
    reflect: Floats


def shade(scene: Scene, studio: Studio, hits: Hits, upright: Floats) -> Surface:
    """Shade all hits; ``upright`` (3, 3) turns scene directions into the studio's frame."""
    count = len(hits.face)
    out = Surface(*(np.zeros((count, 3), np.float32) for _ in range(6)))
    kinds = scene.material[hits.face]
    for kind in np.unique(kinds):
        chosen = np.flatnonzero(kinds == kind)
        part = Hits(hits.face[chosen], hits.u[chosen], hits.v[chosen], hits.towards[chosen], hits.reach[chosen])
        done = _Shading(scene, studio, scene.materials[kind], part, upright).result()
        for name in ("soft", "sharp", "mirrored", "through", "normal", "reflect"):
            getattr(out, name)[chosen] = getattr(done, name)
    return out


class _Shading:
    """The hits of one material."""

    def __init__(self, scene: Scene, studio: Studio, material: Material, hits: Hits, upright: Floats) -> None:
        self.studio, self.material, self.hits, self.upright = studio, material, hits, upright
        self.corners = scene.faces[hits.face]
        self.weights = (1 - hits.u - hits.v, hits.u, hits.v)
        self.scene = scene
        self.toward_eye = -hits.towards
        self.flat = scene.flat[hits.face]
        self.is_front = dot(self.flat, self.toward_eye) > 0
        slant = np.maximum(np.abs(dot(self.flat, self.toward_eye)), np.float32(0.08))
        # The footprint grows along the slant only: its mean side, lest grazing surfaces blur away
        self.reach = hits.reach / np.sqrt(slant)
        self._uvs: dict[int, tuple[Floats, Floats]] = {}
        self._texels: dict[tuple[object, ...], Floats] = {}

    def between(self, values: Floats) -> Floats:
        a, b, c = (values[self.corners[:, i]] * self.weights[i][:, None] for i in range(3))
        return np.asarray(a + b + c, np.float32)

    def texel(self, name: str) -> Floats | None:
        texture = self.material.textures.get(name)
        if texture is None:
            return None
        which = min(texture.uv_set, 1)
        if which not in self._uvs:
            self._uvs[which] = (
                self.between(self.scene.uvs[which]),
                np.asarray(self.scene.density[which][self.hits.face] * self.reach, np.float32),
            )
        # Roughness and occlusion are often two channels of one picture
        if texture.place not in self._texels:
            self._texels[texture.place] = texture(*self._uvs[which])
        return self._texels[texture.place]

    def normal(self) -> Floats:
        smooth = self.between(self.scene.normals)
        long = length(smooth)
        smooth = np.where(long > 1e-3, smooth / np.maximum(long, 1e-6), self.flat)
        # A back face shows the same bumps from behind
        side = np.where(self.is_front, 1, -1).astype(np.float32)[:, None]
        bumps = self.texel("normal")
        if bumps is not None:
            which = min(self.material.textures["normal"].uv_set, 1)
            tangent = self.scene.face_tangents[which][self.hits.face]
            if self.scene.has_tangents:
                stored = self.between(self.scene.tangents)
                tangent = np.where(np.abs(stored[:, 3:]) > 0.5, stored, tangent)
            along = tangent[:, :3] - smooth * dot(tangent[:, :3], smooth)[:, None]
            along = unit(along)
            over = np.cross(smooth, along) * np.sign(tangent[:, 3:])
            local = bumps[:, :3] * 2 - 1
            scale = np.float32(self.material.normal_scale)
            bent = along * local[:, :1] * scale + over * local[:, 1:2] * scale + smooth * local[:, 2:]
            # The green axis of glTF points up in the picture while v points down: over = bitangent as given
            smooth = unit(np.where(length(along) > 0.5, bent, smooth))
        return np.asarray(smooth * side, np.float32)

    def result(self) -> Surface:
        m = self.material
        base, alpha = self.base()
        zero = np.zeros_like(base)
        if m.is_unlit:
            through = np.repeat(1 - alpha[:, None], 3, 1)
            return Surface(zero, base * alpha[:, None], zero, through, self.flat, self.flat)
        metallic, roughness = self.metal_and_roughness()
        normal = self.normal()
        eye = self.toward_eye
        facing = np.clip(dot(normal, eye), 0.001, 1)
        reflect = 2 * facing[:, None] * normal - eye
        # Bumps may turn a mirror into the surface: lift it out again
        outward = np.where(self.is_front[:, None], self.flat, -self.flat)
        below = np.minimum(dot(reflect, outward), 0)[:, None]
        reflect = unit(reflect - 1.02 * below * outward)
        around, mirror = normal @ self.upright.T, reflect @ self.upright.T
        arriving = self.studio.diffuse(around)[:, None]
        seen = self.studio.reflected(mirror, roughness)[:, None]

        f0, f90 = self.reflectance(base, metallic, facing)
        a, b = _environment_terms(roughness, facing)
        gloss = f0 * a[:, None] + f90 * b[:, None]
        # Light that bounced more than once inside a rough surface (Fdez-Agüera, JCGT 2019)
        single = (a + b)[:, None]
        gloss = gloss * (1 + f0 * (1 / np.maximum(single, 0.05) - 1))
        matte = base * (1 - metallic[:, None]) * (1 - np.clip(largest(gloss)[:, None], 0, 1))
        occlusion = self.occlusion()
        passing = self.transmission() * (1 - metallic)
        soft = matte * (1 - passing[:, None]) * arriving * occlusion
        wet = gloss * seen * np.minimum(1, occlusion + (1 - roughness[:, None]) * 0.5)
        through = matte * passing[:, None] * m.attenuation
        if m.sheen.any():
            fuzz, kept = self.sheen(facing)
            soft = soft * kept + fuzz * arriving * occlusion
            wet, through = wet * kept, through * kept
        emitted = self.emitted()
        if m.clearcoat > 0:
            coat_texel = self.texel("clearcoat")
            strength = m.clearcoat * (coat_texel[:, 0] if coat_texel is not None else 1.0)
            coat = strength * (0.04 + 0.96 * (1 - facing) ** 5)
            smooth = np.full_like(roughness, m.clearcoat_roughness)
            kept_under = (1 - coat)[:, None]
            soft, wet, through = soft * kept_under, wet * kept_under, through * kept_under
            wet = wet + coat[:, None] * self.studio.reflected(mirror, smooth)[:, None]
            emitted = emitted * kept_under
        blend = alpha[:, None]
        # Very rough surfaces gather from everywhere, so what is near darkens them as it darkens matte light
        dull = (roughness**0.5)[:, None]
        visible = np.float32(1.0) if m.is_double_sided else np.where(self.is_front, 1, 0).astype(np.float32)[:, None]
        return Surface(
            (soft + wet * dull) * blend * visible,
            emitted * blend * visible,
            wet * (1 - dull) * blend * visible,
            (1 - visible) + visible * ((1 - blend) + through * blend),
            normal,
            reflect,
        )

    def base(self) -> tuple[Floats, Floats]:
        m = self.material
        color = np.broadcast_to(m.base, (len(self.hits.face), 4))
        if self.scene.has_colors:
            color = color * self.between(self.scene.colors)
        texel = self.texel("base")
        if texel is not None:
            color = color * np.concatenate([linear(texel[:, :3]), texel[:, 3:]], 1)
        alpha = np.clip(color[:, 3], 0, 1)
        if m.mode == "OPAQUE":
            alpha = np.ones_like(alpha)
        elif m.mode == "MASK":
            alpha = (alpha >= m.cutoff).astype(np.float32)
        return np.clip(color[:, :3], 0, 1), alpha

    def metal_and_roughness(self) -> tuple[Floats, Floats]:
        count = len(self.hits.face)
        metallic = np.full(count, self.material.metallic, np.float32)
        roughness = np.full(count, self.material.roughness, np.float32)
        texel = self.texel("metallic_roughness")
        if texel is not None:
            metallic, roughness = metallic * texel[:, 2], roughness * texel[:, 1]
        return np.clip(metallic, 0, 1), np.clip(roughness, 0.03, 1)

    def reflectance(self, base: Floats, metallic: Floats, facing: Floats) -> tuple[Floats, Floats]:
        m = self.material
        strength = np.full((len(base), 1), m.specular, np.float32)
        tint = np.broadcast_to(m.specular_color, base.shape)
        if (texel := self.texel("specular")) is not None:
            strength = strength * texel[:, 3:]
        if (texel := self.texel("specular_color")) is not None:
            tint = tint * linear(texel[:, :3])
        plain = ((m.ior - 1) / (m.ior + 1)) ** 2 if m.ior > 0 else 1.0
        metal = metallic[:, None]
        f0 = np.minimum(plain * tint, 1) * strength * (1 - metal) + base * metal
        f90 = strength * (1 - metal) + metal
        if m.iridescence > 0:
            film = thin_film(f0, facing, m.iridescence_ior, m.iridescence_nm)
            f0 = f0 + (film - f0) * np.float32(m.iridescence)
        return np.asarray(f0, np.float32), np.asarray(f90, np.float32)

    def occlusion(self) -> Floats:
        texel = self.texel("occlusion")
        if texel is None:
            return np.ones((len(self.hits.face), 1), np.float32)
        return 1 + np.float32(self.material.occlusion) * (texel[:, :1] - 1)

    def transmission(self) -> Floats:
        part = np.full(len(self.hits.face), self.material.transmission, np.float32)
        texel = self.texel("transmission") if self.material.transmission > 0 else None
        return part * texel[:, 0] if texel is not None else part

    def emitted(self) -> Floats:
        light = np.broadcast_to(self.material.emissive, (len(self.hits.face), 3))
        if not self.material.emissive.any():
            return np.asarray(light)
        texel = self.texel("emissive")
        return np.asarray(light * linear(texel[:, :3]) if texel is not None else light)

    def sheen(self, facing: Floats) -> tuple[Floats, Floats]:
        """Light from fibres standing up, and what they leave of the layers below (fit of Charlie's albedo)."""
        m = self.material
        color = np.broadcast_to(m.sheen, (len(facing), 3))
        if (texel := self.texel("sheen")) is not None:
            color = color * linear(texel[:, :3])
        rough = np.full_like(facing, m.sheen_roughness)
        if (texel := self.texel("sheen_roughness")) is not None:
            rough = rough * texel[:, 3]
        rough = np.clip(rough, 0.07, 1)
        albedo = charlie_albedo(facing, rough)[:, None]
        return color * albedo, 1 - largest(color)[:, None] * albedo


def charlie_albedo(facing: Floats, rough: Floats) -> Floats:
    """Part of an even light that Charlie sheen sends back (curve fit as in Filament and three.js), 0…1."""
    square = rough * rough
    a = np.where(rough < 0.25, -339.2 * square + 161.4 * rough - 25.9, -8.48 * square + 14.3 * rough - 9.95)
    b = np.where(rough < 0.25, 44.0 * square - 23.7 * rough + 3.26, 1.97 * square - 3.27 * rough + 0.72)
    more = np.where(rough < 0.25, 0.0, 0.1 * (rough - 0.25))
    return np.asarray(np.clip(np.exp(a * facing + b) + more, 0, 1).astype(np.float32), np.float32)


def thin_film(f0: Floats, facing: Floats, film_ior: float, thickness_nm: float) -> Floats:
    """Airy's reflectance of a film over a surface of reflectance ``f0`` (n, 3), per colour's middle wavelength."""
    sine2 = (1 - facing**2) / film_ior**2
    inside = np.sqrt(np.maximum(1 - sine2, 0))
    outer = ((film_ior - 1) / (film_ior + 1)) ** 2
    top = np.sqrt(outer + (1 - outer) * (1 - facing) ** 5)[:, None]
    low = np.sqrt(np.clip(f0, 0, 1))
    phase = (4 * np.pi * film_ior * thickness_nm * inside[:, None]) / _RED_GREEN_BLUE_NM
    both = 2 * top * low * np.cos(phase)
    return np.asarray((top**2 + low**2 + both) / (1 + (top * low) ** 2 + both), np.float32)


def linear(stored: Floats) -> Floats:
    """SRGB in 0…1 to linear light (cubic fit, off by less than 0.003)."""
    return np.asarray(stored * (stored * (stored * 0.305306011 + 0.682171111) + 0.012522878), np.float32)


def _environment_terms(roughness: Floats, facing: Floats) -> tuple[Floats, Floats]:
    """Scale and bias of F0 under even light (Karis' curve fit, "Physically Based Shading on Mobile", 2014)."""
    r0, r1 = roughness * -1 + 1, roughness * -0.0275 + 0.0425
    r2, r3 = roughness * -0.572 + 1.04, roughness * 0.022 - 0.04
    a004 = np.minimum(r0 * r0, np.exp2(-9.28 * facing)) * r0 + r1
    return (np.float32(-1.04) * a004 + r2).astype(np.float32), (np.float32(1.04) * a004 + r3).astype(np.float32)
