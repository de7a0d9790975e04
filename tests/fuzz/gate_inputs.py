"""Arbitrary uploads for the gate: right files of every format, damaged in ways that a parser's rules are about."""

from __future__ import annotations

import base64
import json
import random
import struct
from collections.abc import Callable
from typing import Any

from tests.unit.ar_assets import attacks

_NUMBERS = [-1, 0, 1, 2, 3, 4, 5, 36, 44, 255, 2**31 - 1, 2**31, 2**32 - 1, 2**53, -(2**63), 1.5, 1e308, True, None]
_KEYS = ["byteOffset", "byteLength", "count", "bufferView", "buffer", "mesh", "children", "extensions", "uri", "type"]
_TEXTS = ["", "VEC3", "SCALAR", "MAT4", "../a", "data:;base64,AAAA", "scene.bin", "http://a/b", "\0", "\ud800"]
_WORDS = [0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x7F800000, 0x7FC00000]


def seeds() -> list[bytes]:
    """Right and nearly right uploads, one of each kind."""
    models = {"model.gltf": attacks.gltf(), "scene.bin": attacks.BINARY}
    return [
        attacks.glb(),
        attacks.glb(rich_document(), attacks.BINARY * 4),
        attacks.with_picture(attacks.png(64, 32)),
        attacks.with_picture(attacks.jpeg(64, 32, 3)),
        attacks.with_picture(attacks.webp(64, 32)),
        attacks.with_picture(attacks.webp(64, 32, b"VP8L")),
        attacks.inline_gltf(),
        attacks.packed(models),
        attacks.packed({"a/model.glb": attacks.glb()}),
        attacks.packed({"a.obj": attacks.OBJ, "red.mtl": attacks.MTL, "red.png": attacks.png(8, 8)}),
        attacks.STL_BINARY,
        attacks.STL_TEXT,
        attacks.OBJ,
        attacks.PLY,
    ]


def rich_document() -> attacks.Json:
    """A document with most of what the gate looks at."""
    made = attacks.document()
    made["extensionsUsed"] = ["EXT_meshopt_compression", "KHR_draco_mesh_compression", "EXT_mesh_gpu_instancing"]
    made["buffers"] = [
        {"byteLength": 176},
        {"byteLength": 36, "extensions": {"EXT_meshopt_compression": {"fallback": True}}},
    ]
    meshopt = {"buffer": 0, "byteOffset": 44, "byteLength": 20, "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
    made["bufferViews"].append({"buffer": 1, "byteLength": 36, "extensions": {"EXT_meshopt_compression": meshopt}})
    made["accessors"].append({"bufferView": 2, "componentType": 5126, "count": 3, "type": "VEC3"})
    sparse = {"count": 2, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 0}}
    made["accessors"].append({"componentType": 5126, "count": 9, "type": "VEC3", "sparse": sparse})
    made["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    made["textures"] = [{"source": 0, "extensions": {"EXT_texture_webp": {"source": 0}}}]
    picture = base64.b64encode(attacks.png(4, 4)).decode()
    made["images"] = [{"uri": f"data:image/png;base64,{picture}"}]
    made["nodes"] += [{"children": [2]}, {"mesh": 0, "translation": [0, 1, 0]}]
    made["nodes"][2]["extensions"] = {"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": 0}}}
    made["scenes"][0]["nodes"].append(1)
    morphed = {"attributes": {"POSITION": 2}, "targets": [{"POSITION": 0}], "material": 0}
    made["meshes"].append({"primitives": [morphed]})
    return made


class Damage:
    """Makes the next input from the seeds; the same seed number gives the same inputs."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._seeds = seeds()
        self._documents = [attacks.document(), rich_document()]

    def next(self) -> bytes:
        """One upload."""
        if self._random.random() < 0.5:
            made = json.loads(json.dumps(self._random.choice(self._documents)))
            for _ in range(self._random.randint(1, 4)):
                self._change(made)
            text = json.dumps(made).encode("utf-8", "surrogatepass")
            return attacks.glb(text, attacks.BINARY * 4) if self._random.random() < 0.8 else text
        if self._random.random() < 0.2:
            pieces = [bytearray(attacks.OBJ), bytearray(attacks.MTL)]
            for piece in pieces:
                self._random.choice(self._blows())(piece)
            return attacks.packed(
                {"a.obj": bytes(pieces[0]), "red.mtl": bytes(pieces[1]), "red.png": attacks.png(8, 8)}
            )
        data = bytearray(self._random.choice(self._seeds))
        for _ in range(self._random.randint(1, 6)):
            self._random.choice(self._blows())(data)
        return bytes(data)

    def _blows(self) -> list[Callable[[bytearray], None]]:
        return [self._flip, self._word, self._cut, self._double, self._stretch, self._swap]

    def _at(self, data: bytearray) -> int:
        return self._random.randrange(len(data)) if data else 0

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._at(data)] ^= 1 << self._random.randrange(8)

    def _word(self, data: bytearray) -> None:
        at = self._at(data)
        data[at : at + 4] = struct.pack("<I", self._random.choice(_WORDS))

    def _cut(self, data: bytearray) -> None:
        at = self._at(data)
        del data[at : at + self._random.choice([1, 4, 16, len(data)])]

    def _double(self, data: bytearray) -> None:
        at = self._at(data)
        piece = data[at : at + self._random.choice([1, 8, 64])]
        data[at:at] = piece * self._random.choice([1, 2, 500])

    def _stretch(self, data: bytearray) -> None:
        """What makes a careless regular expression take for ever."""
        at = self._at(data)
        data[at:at] = self._random.choice([b" ", b"\n", b"\t", b"-e ", b"v ", b"1/", b'"', b"\\", b"["]) * 8000

    def _swap(self, data: bytearray) -> None:
        other = self._random.choice(self._seeds)
        at, cut = self._at(data), self._random.randrange(len(other))
        data[at:] = other[cut:]

    def _change(self, made: Any) -> None:
        """Walk to a random place of a document and put something else there."""
        at = made
        for _ in range(self._random.randint(0, 6)):
            inner = list(at.values()) if isinstance(at, dict) else list(at)
            deeper = [one for one in inner if isinstance(one, dict | list)]
            if not deeper:
                break
            at = self._random.choice(deeper)
        value: Any = self._random.choice([*_NUMBERS, *_TEXTS, [], {}, [0], [{}], [[]], {"index": 0}])
        if isinstance(at, dict):
            key = self._random.choice([*at, *_KEYS])
            if self._random.random() < 0.2:
                at.pop(key, None)
            else:
                at[key] = value
        elif at and self._random.random() < 0.7:
            at[self._random.randrange(len(at))] = value
        else:
            at.extend([value] * self._random.choice([1, 3]))
