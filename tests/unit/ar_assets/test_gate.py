"""Each class of attack or mistake is refused with its own code; what is right passes."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from ar_assets.errors import Refused
from ar_assets.gate import Format, Inspection, Limits, Reason, examine
from tests.unit.ar_assets import attacks
from tests.unit.ar_assets.attacks import BINARY, Json, changed, glb, packed

LIMITS = Limits(triangles=1000, drawn_triangles=50_000, nodes=50, node_depth=40, objects=40, images=4, json_values=2000)


def look(data: bytes, folder: Path, limits: Limits = LIMITS) -> Inspection:
    """Examine bytes as an upload."""
    upload = folder / "upload"
    upload.write_bytes(data)
    return examine(upload, limits)


def set_at(path: str, value: Any) -> Any:
    """A change of a document: ``set_at("nodes.0.mesh", 7)``."""

    def change(made: Json) -> None:
        *way, last = path.split(".")
        at: Any = made
        for part in way:
            at = at[int(part)] if part.isdigit() else at.setdefault(part, {})
        if last.isdigit():
            at[int(last)] = value
        else:
            at[last] = value

    return change


def many(path: str, item: Json, count: int) -> Any:
    """A change that puts so many equal things somewhere."""
    return set_at(path, [dict(item) for _ in range(count)])


def floats(*values: float) -> bytes:
    """A triangle's points with other numbers in front."""
    return struct.pack(f"<{len(values)}f", *values) + BINARY[4 * len(values) :]


def chain(count: int) -> Any:
    """Nodes each inside the one before."""
    return set_at("nodes", [{"children": [i + 1]} if i < count - 1 else {"mesh": 0} for i in range(count)])


MESHOPT = {"buffer": 0, "byteLength": 6, "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
SPARSE = {"count": 1, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 0}}
MODEL = {"model.gltf": attacks.gltf(), "scene.bin": BINARY}

DOCUMENTS: dict[str, tuple[Reason, Any]] = {
    "version of the asset": (Reason.UNSUPPORTED_VERSION, set_at("asset.version", "1.0")),
    "no version": (Reason.UNSUPPORTED_VERSION, set_at("asset", {})),
    "later minimum version": (Reason.UNSUPPORTED_VERSION, set_at("asset.minVersion", "2.1")),
    "required extension": (Reason.UNSUPPORTED_EXTENSION, set_at("extensionsRequired", ["ADOBE_secret"])),
    "nodes no list": (Reason.JSON_WRONG_SHAPE, set_at("nodes", {"0": {}})),
    "a node that is a number": (Reason.JSON_WRONG_SHAPE, set_at("nodes", [3])),
    "translation of text": (Reason.JSON_WRONG_SHAPE, set_at("nodes.0.translation", ["a", 0, 0])),
    "an index that is true": (Reason.JSON_WRONG_SHAPE, set_at("nodes.0.mesh", True)),
    "an index with a fraction": (Reason.JSON_WRONG_SHAPE, set_at("nodes.0.mesh", 0.0)),
    "many nodes": (Reason.TOO_MANY_PARTS, many("nodes", {}, 51)),
    "many meshes": (Reason.TOO_MANY_PARTS, many("meshes", {"primitives": []}, 41)),
    "many accessors": (Reason.TOO_MANY_PARTS, many("accessors", attacks.RIGHT["accessors"][0], 41)),
    "many pictures": (Reason.TOO_MANY_PARTS, many("images", {"bufferView": 0}, 5)),
    "many primitives": (
        Reason.TOO_MANY_PARTS,
        many("meshes.0.primitives", {"attributes": {"POSITION": 0}}, 41),
    ),
    "a node that contains itself": (Reason.NODE_CYCLE, set_at("nodes", [{"children": [0]}])),
    "two nodes in a ring": (Reason.NODE_CYCLE, set_at("nodes", [{"children": [1]}, {"children": [0], "mesh": 0}])),
    "a ring beside the scene": (
        Reason.NODE_CYCLE,
        set_at("nodes", [{"mesh": 0}, {"children": [2]}, {"children": [3]}, {"children": [1]}]),
    ),
    "a tail into a ring": (
        Reason.NODE_CYCLE,
        set_at("nodes", [{"mesh": 0}, {"children": [2]}, {"children": [1]}, {"children": []}]),
    ),
    "two parents": (Reason.NODE_CYCLE, set_at("nodes", [{"children": [2]}, {"children": [2]}, {"mesh": 0}])),
    "deep nodes": (Reason.NODES_TOO_DEEP, chain(45)),
    "mesh that is not there": (Reason.MISSING_REFERENCE, set_at("nodes.0.mesh", 1)),
    "child that is not there": (Reason.MISSING_REFERENCE, set_at("nodes.0.children", [9])),
    "material that is not there": (Reason.MISSING_REFERENCE, set_at("meshes.0.primitives.0.material", 0)),
    "view of no buffer": (Reason.MISSING_REFERENCE, set_at("bufferViews.0.buffer", 3)),
    "texture of no picture": (Reason.MISSING_REFERENCE, set_at("textures", [{"source": 0}])),
    "WebP texture of no picture": (
        Reason.MISSING_REFERENCE,
        set_at("textures", [{"extensions": {"EXT_texture_webp": {"source": 4}}}]),
    ),
    "buffer longer than its bytes": (Reason.OUT_OF_BOUNDS, set_at("buffers.0.byteLength", 1000)),
    "second buffer without bytes": (Reason.OUT_OF_BOUNDS, set_at("buffers", [{"byteLength": 44}, {"byteLength": 9}])),
    "view beyond its buffer": (Reason.OUT_OF_BOUNDS, set_at("bufferViews.0.byteLength", 45)),
    "accessor beyond its view": (Reason.OUT_OF_BOUNDS, set_at("accessors.0.count", 4)),
    "two billion points": (Reason.OUT_OF_BOUNDS, set_at("accessors.0.count", 2**31)),
    "stride below the element": (Reason.OUT_OF_BOUNDS, set_at("bufferViews.0.byteStride", 4)),
    "normals without points": (
        Reason.JSON_WRONG_SHAPE,
        set_at("meshes.0.primitives.0.attributes", {"NORMAL": 0}),
    ),
    "accessor without bytes": (
        Reason.DECLARES_TOO_MUCH,
        set_at("accessors.0", {"componentType": 5126, "count": 400_000_000, "type": "VEC3"}),
    ),
    "sparse over nothing": (
        Reason.DECLARES_TOO_MUCH,
        set_at("accessors.0", {"componentType": 5126, "count": 400_000_000, "type": "VEC3", "sparse": SPARSE}),
    ),
    "more sparse than there are": (Reason.JSON_WRONG_SHAPE, set_at("accessors.0.sparse", SPARSE | {"count": 4})),
    "sparse beyond the end": (
        Reason.OUT_OF_BOUNDS,
        set_at("accessors.0.sparse", SPARSE | {"indices": {"bufferView": 1, "componentType": 5125}, "count": 2}),
    ),
    "sparse numbers that fall": (
        Reason.INDEX_OUT_OF_RANGE,
        set_at("accessors.0.sparse", {**SPARSE, "count": 2, "indices": {"bufferView": 0, "componentType": 5123}}),
    ),
    "meshopt that unfolds to gigabytes": (
        Reason.DECLARES_TOO_MUCH,
        lambda made: (
            made["buffers"].append(
                {"byteLength": 3_600_000_000, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
            ),
            made["bufferViews"].append(
                {
                    "buffer": 1,
                    "byteLength": 3_600_000_000,
                    "extensions": {"EXT_meshopt_compression": MESHOPT | {"count": 300_000_000}},
                }
            ),
        ),
    ),
    "meshopt that unfolds to something else": (
        Reason.OUT_OF_BOUNDS,
        set_at("bufferViews.0.extensions", {"KHR_meshopt_compression": MESHOPT | {"count": 4}}),
    ),
    "meshopt beyond its buffer": (
        Reason.OUT_OF_BOUNDS,
        set_at("bufferViews.0.extensions", {"EXT_meshopt_compression": MESHOPT | {"byteLength": 45}}),
    ),
    "Draco that is none": (
        Reason.OUT_OF_BOUNDS,
        set_at("meshes.0.primitives.0.extensions", {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {}}}),
    ),
    "Draco of no view": (
        Reason.MISSING_REFERENCE,
        set_at("meshes.0.primitives.0.extensions", {"KHR_draco_mesh_compression": {"bufferView": 7}}),
    ),
    "a thousand instances": (
        Reason.TOO_MANY_TRIANGLES,
        lambda made: (
            made["accessors"].append({"componentType": 5126, "count": 90_000, "type": "VEC3"}),
            made["nodes"][0].update(extensions={"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": 2}}}),
        ),
    ),
    "no triangles": (Reason.NO_SHAPE, set_at("meshes.0.primitives.0.mode", 0)),
    "no meshes": (Reason.NO_SHAPE, lambda made: (made.pop("meshes"), made["nodes"][0].pop("mesh"))),
    "indices of floats": (Reason.JSON_WRONG_SHAPE, set_at("meshes.0.primitives.0.indices", 0)),
    "picture on the web": (Reason.OUTSIDE_ADDRESS, set_at("images", [{"uri": "http://127.0.0.1/a.png"}])),
    "picture of the machine": (Reason.OUTSIDE_ADDRESS, set_at("images", [{"uri": "file:///etc/passwd"}])),
    "picture from the root": (Reason.OUTSIDE_ADDRESS, set_at("images", [{"uri": "/etc/passwd"}])),
    "picture from above": (Reason.OUTSIDE_ADDRESS, set_at("images", [{"uri": "../../etc/hostname"}])),
    "picture from above, encoded": (Reason.OUTSIDE_ADDRESS, set_at("images", [{"uri": "%2e%2e/secret.png"}])),
    "picture on a share": (Reason.OUTSIDE_ADDRESS, set_at("images", [{"uri": "\\\\host\\a.png"}])),
    "picture that did not come": (Reason.MISSING_FILE, set_at("images", [{"uri": "red.png"}])),
    "data that is not base64": (Reason.JSON_WRONG_SHAPE, set_at("images", [{"uri": "data:image/png;base64,???"}])),
    "picture of nothing": (Reason.JSON_WRONG_SHAPE, set_at("images", [{}])),
    "picture of an unknown kind": (Reason.UNSUPPORTED_PICTURE, set_at("images", [{"bufferView": 0}])),
}

FILES: dict[str, tuple[Reason, bytes]] = {
    "nothing": (Reason.EMPTY_FILE, b""),
    "text": (Reason.UNKNOWN_FORMAT, b"hello, this is no model"),
    "too short for a GLB": (Reason.BROKEN_CONTAINER, b"glTF\2\0\0\0"),
    "GLB of version 1": (Reason.UNSUPPORTED_VERSION, glb(version=1)),
    "GLB cut off": (Reason.BROKEN_CONTAINER, glb()[:-4]),
    "GLB with a tail": (Reason.BROKEN_CONTAINER, glb() + b"hidden"),
    "GLB that announces too much": (Reason.BROKEN_CONTAINER, glb(length=2**32 - 1)),
    "JSON that is none": (Reason.JSON_BROKEN, glb(b'{"asset": ')),
    "JSON list": (Reason.JSON_WRONG_SHAPE, glb(b"[]")),
    "JSON in UTF-16": (Reason.JSON_BROKEN, glb("{}".encode("utf-16"))),
    "JSON with NaN": (Reason.JSON_BROKEN, glb(b'{"asset": {"version": "2.0"}, "x": NaN}')),
    "JSON with 1e999": (Reason.JSON_BROKEN, glb(b'{"asset": {"version": "2.0"}, "x": 1e999}')),
    "JSON with a number of 5000 digits": (Reason.JSON_BROKEN, glb(b'{"x": ' + b"1" * 5000 + b"}")),
    "JSON with a name twice": (Reason.JSON_BROKEN, glb(b'{"asset": {}, "asset": {"version": "2.0"}}')),
    "JSON 200,000 deep": (Reason.JSON_TOO_DEEP, glb(b"[" * 200_000 + b"]" * 200_000)),
    "JSON 200,000 deep after a quote": (Reason.JSON_TOO_DEEP, glb(b'{"a\\"": ' + b"[" * 200_000)),
    "JSON of many values": (Reason.JSON_TOO_LARGE, glb(b'{"x": [' + b"{}," * 5000 + b"{}]}")),
    "not a number": (Reason.NOT_FINITE, glb(binary=floats(float("nan")))),
    "infinite": (Reason.NOT_FINITE, glb(binary=floats(0, float("inf")))),
    "corner that is not there": (Reason.INDEX_OUT_OF_RANGE, glb(binary=BINARY[:36] + struct.pack("<3H", 0, 1, 3))),
    "picture of 30,000 x 30,000": (Reason.PICTURE_TOO_LARGE, attacks.with_picture(attacks.png(30_000, 30_000))),
    "JPEG of 60,000 x 10": (Reason.PICTURE_TOO_LARGE, attacks.with_picture(attacks.jpeg(60_000, 10))),
    "WebP of 16,000 x 16,000": (Reason.PICTURE_TOO_LARGE, attacks.with_picture(attacks.webp(16_000, 16_000))),
    "four pictures of 64 million": (Reason.PICTURE_TOO_LARGE, attacks.with_picture(attacks.png(8192, 8192), 4)),
    "JPEG of a thousand scans": (Reason.BROKEN_PICTURE, attacks.with_picture(attacks.jpeg(100, 100, 1000))),
    "JPEG without a frame": (Reason.BROKEN_PICTURE, attacks.with_picture(b"\xff\xd8\xff\xd9" + b"\0" * 40)),
    "PNG without a head": (Reason.BROKEN_PICTURE, attacks.with_picture(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)),
    "picture without width": (Reason.BROKEN_PICTURE, attacks.with_picture(attacks.png(0, 10))),
    "WebP that moves": (Reason.BROKEN_PICTURE, attacks.with_picture(attacks.webp(10, 10, flags=2))),
    "KTX2": (Reason.UNSUPPORTED_PICTURE, attacks.with_picture(b"\xabKTX 20\xbb\r\n\x1a\n" + b"\1\0\0\0" * 8)),
    "KTX2 of 1,000,000": (
        Reason.PICTURE_TOO_LARGE,
        attacks.with_picture(b"\xabKTX 20\xbb\r\n\x1a\n" + struct.pack("<4I", 0, 1, 10**6, 10**6)),
    ),
    "GIF": (Reason.UNSUPPORTED_PICTURE, attacks.with_picture(b"GIF89a" + b"\0" * 40)),
    "glTF without its files": (Reason.MISSING_FILE, attacks.gltf()),
    "glTF of the machine": (
        Reason.OUTSIDE_ADDRESS,
        attacks.gltf(set_at("buffers.0.uri", "../../../../../../etc/passwd")),
    ),
    "zip without a directory": (Reason.ZIP_BROKEN, b"PK\3\4" + b"\0" * 100),
    "zip with a broken file": (Reason.ZIP_BROKEN, packed(MODEL).replace(b"model.gltf", b"model.gltg", 1)),
    "zip of zeros": (Reason.ZIP_BOMB, packed(MODEL | {"big.bin": b"\0" * 3_000_000})),
    "zip that shares bytes": (Reason.ZIP_BOMB, attacks.overlapping_zip()),
    "zip that lies about sizes": (Reason.ZIP_BROKEN, attacks.lying_zip()),
    "zip upwards": (Reason.ZIP_UNSAFE_NAME, packed(MODEL | {"../../evil.txt": b"x"})),
    "zip to the root": (Reason.ZIP_UNSAFE_NAME, packed(MODEL | {"/etc/cron.d/evil": b"x"})),
    "zip to a drive": (Reason.ZIP_UNSAFE_NAME, packed(MODEL | {"C:/evil": b"x"})),
    "zip with backslashes": (Reason.ZIP_UNSAFE_NAME, packed(MODEL | {"..\\evil": b"x"})),
    "zip with an invisible name": (Reason.ZIP_UNSAFE_NAME, packed(MODEL | {"a\u202eb": b"x"})),
    "zip with the same name in capitals": (Reason.ZIP_UNSAFE_NAME, packed(MODEL | {"SCENE.bin": b"x"})),
    "zip with a link": (Reason.ZIP_LINK, attacks.packed_link("textures", "/etc")),
    "zip in a zip": (Reason.ZIP_NESTED, packed(MODEL | {"inner.zip": b"x"})),
    "zip of many files": (Reason.ZIP_TOO_MANY_FILES, packed(MODEL | {f"{i}.txt": b"" for i in range(200)})),
    "zip of far too many files": (Reason.ZIP_TOO_MANY_FILES, packed({f"{i}": b"" for i in range(900)})),
    "zip of nothing": (Reason.ZIP_NO_MODEL, packed({})),
    "zip of litter": (Reason.ZIP_NO_MODEL, packed({"__MACOSX/._model.glb": b"x", "a/.DS_Store": b"x"})),
    "zip without a model": (Reason.ZIP_NO_MODEL, packed({"readme.txt": b"x"})),
    "zip of two models": (Reason.ZIP_SEVERAL_MODELS, packed(MODEL | {"other.glb": glb()})),
    "zip of a broken model": (Reason.BROKEN_CONTAINER, packed({"model.glb": glb()[:-4]})),
    "STL with infinity": (
        Reason.NOT_FINITE,
        attacks.STL_BINARY[:84] + struct.pack("<12f", *[float("inf")] * 12) + b"\0\0",
    ),
    "STL of text with nan": (Reason.NOT_FINITE, attacks.STL_TEXT.replace(b"vertex 1", b"vertex nan")),
    "STL without a facet": (Reason.NO_SHAPE, b"empty".ljust(80, b"\0") + struct.pack("<I", 0)),
    "STL of many facets": (
        Reason.TOO_MANY_TRIANGLES,
        b"".ljust(80, b"\0") + struct.pack("<I", 1001) + b"\0" * 50_050,
    ),
    "OBJ without faces": (Reason.NO_SHAPE, b"v 0 0 0\nv 1 1 1\n"),
    "OBJ with a face of many corners": (
        Reason.TOO_MANY_TRIANGLES,
        b"v 0 0 0\nf" + b" 1" * 1003 + b"\n",
    ),
    "OBJ with nan": (Reason.NOT_FINITE, attacks.OBJ.replace(b"v 1", b"v nan")),
    "OBJ with an endless line": (Reason.BROKEN_TEXT, b"v 0 0 0\nf" + b" 1" * 50_000),
    "OBJ that names a file above": (
        Reason.OUTSIDE_ADDRESS,
        packed({"a.obj": attacks.OBJ.replace(b"red.mtl", b"../../etc/passwd")}),
    ),
    "OBJ whose material did not come": (Reason.MISSING_FILE, packed({"a.obj": attacks.OBJ})),
    "OBJ whose picture did not come": (Reason.MISSING_FILE, packed({"a.obj": attacks.OBJ, "red.mtl": attacks.MTL})),
    "OBJ whose picture is a bomb": (
        Reason.PICTURE_TOO_LARGE,
        packed({"a.obj": attacks.OBJ, "red.mtl": attacks.MTL, "red.png": attacks.png(30_000, 30_000)}),
    ),
    "PLY that promises a billion points": (
        Reason.DECLARES_TOO_MUCH,
        attacks.PLY.replace(b"ascii", b"binary_little_endian").replace(b"vertex 3", b"vertex 1000000000"),
    ),
    "PLY of an unknown type": (Reason.BROKEN_TEXT, attacks.PLY.replace(b"float x", b"quaternion x")),
    "PLY without an end": (Reason.BROKEN_TEXT, attacks.PLY.replace(b"end_header", b"")),
    "PLY with nan": (Reason.NOT_FINITE, attacks.PLY.replace(b"1 0 0", b"nan 0 0")),
    "PLY without faces": (Reason.NO_SHAPE, attacks.PLY.replace(b"face 1", b"face 0")),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_refused_with_its_code(name: str, tmp_path: Path) -> None:
    reason, change = DOCUMENTS[name]
    with pytest.raises(Refused) as refused:
        look(changed(change), tmp_path)
    assert (refused.value.code, name) == (reason.value, name)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_with_its_code(name: str, tmp_path: Path) -> None:
    reason, data = FILES[name]
    with pytest.raises(Refused) as refused:
        look(data, tmp_path)
    assert (refused.value.code, name) == (reason.value, name)


def test_every_code_of_the_gate_is_tested() -> None:
    tested = {reason for reason, _ in [*DOCUMENTS.values(), *FILES.values()]}
    elsewhere = {Reason.FILE_TOO_LARGE, Reason.ZIP_ENCRYPTED, Reason.IMPORTER_ABSENT, Reason.INVALID_MODEL}
    assert set(Reason) - tested == elsewhere


RIGHT: dict[str, tuple[Format, bytes]] = {
    "GLB": (Format.GLB, glb()),
    "GLB with PNG": (Format.GLB, attacks.with_picture(attacks.png(64, 32))),
    "GLB with JPEG": (Format.GLB, attacks.with_picture(attacks.jpeg(64, 32))),
    "GLB with VP8X": (Format.GLB, attacks.with_picture(attacks.webp(64, 32))),
    "GLB with VP8L": (Format.GLB, attacks.with_picture(attacks.webp(64, 32, b"VP8L"))),
    "GLB with VP8": (Format.GLB, attacks.with_picture(attacks.webp(64, 32, b"VP8 "))),
    "glTF with data inside": (Format.GLTF, attacks.inline_gltf()),
    "zip of glTF": (Format.GLTF, packed(MODEL)),
    "zip of glTF in a folder": (Format.GLTF, packed({f"shoe/{name}": data for name, data in MODEL.items()})),
    "zip with careless capitals": (Format.GLTF, packed({"model.gltf": attacks.gltf(), "Scene.BIN": BINARY})),
    "zip with litter": (Format.GLTF, packed(MODEL | {"__MACOSX/._model.glb": b"x", ".DS_Store": b"x"})),
    "zip of GLB": (Format.GLB, packed({"model.glb": glb()})),
    "OBJ": (Format.OBJ, attacks.OBJ),
    "zip of OBJ": (
        Format.OBJ,
        packed({"a.obj": attacks.OBJ, "red.mtl": attacks.MTL, "red.png": attacks.png(8, 8)}),
    ),
    "zip of OBJ with the author's paths": (
        Format.OBJ,
        packed(
            {
                "a.obj": attacks.OBJ,
                "red.mtl": attacks.MTL.replace(b"red.png", b"-s 1 1 1 C:\\work\\red.png"),
                "red.png": attacks.png(8, 8),
            }
        ),
    ),
    "binary STL": (Format.STL, attacks.STL_BINARY),
    "binary STL that begins like text": (Format.STL, b"solid" + attacks.STL_BINARY[5:]),
    "text STL": (Format.STL, attacks.STL_TEXT),
    "PLY": (Format.PLY, attacks.PLY),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_passes(name: str, tmp_path: Path) -> None:
    kind, data = RIGHT[name]
    found = look(data, tmp_path)
    assert (found.format, found.triangles, found.needs_importer) == (kind, 1, False)
    if "with" in name and kind is Format.GLB:
        assert (found.images, found.pixels) == (1, 64 * 32)


def test_formats_of_the_optional_importer_are_recognised(tmp_path: Path) -> None:
    assert look(b"Kaydara FBX Binary  \0\x1a\0" + b"\0" * 100, tmp_path).needs_importer
    found = look(packed({"car.usdc": b"PXR-USDC"}), tmp_path)
    assert (found.format, found.needs_importer) == (Format.USDZ, True)


def test_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        look(glb(), tmp_path, Limits(file_bytes=100))
    assert refused.value.code == Reason.FILE_TOO_LARGE


def test_locked_zip_is_refused(tmp_path: Path) -> None:
    data = bytearray(packed(MODEL))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.index(signature)
        data[at + offset] |= 1
    with pytest.raises(Refused) as refused:
        look(bytes(data), tmp_path)
    assert refused.value.code == Reason.ZIP_ENCRYPTED


def test_zip_is_unpacked_under_names_of_our_own(tmp_path: Path) -> None:
    upload, folder = tmp_path / "upload", tmp_path / "unpacked"
    folder.mkdir()
    upload.write_bytes(packed({f"my shoe/{name}": data for name, data in MODEL.items()}))
    found = examine(upload, unpack_to=folder)
    assert found.root == "my shoe/model.gltf"
    assert found.unpacked["my shoe/scene.bin"].read_bytes() == BINARY
    assert sorted(path.name for path in folder.iterdir()) == ["000", "001"]


def test_sentence_shows_a_stranger_s_text_shortened_and_visible(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        look(changed(set_at("extensionsRequired", ["\u202e\n" + "x" * 500])), tmp_path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250
    json.dumps(refused.value.detail())


HOSTILE = Path(__file__).parents[4] / "shared" / "data" / "hostile"


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="no attack files beside the repository")
def test_attack_files_are_refused_and_the_control_passes() -> None:
    codes = {}
    for path in sorted(HOSTILE.iterdir()):
        try:
            examine(path)
            codes[path.name] = "passes"
        except Refused as refused:
            codes[path.name] = refused.code
    assert codes.pop("ok.glb") == "passes"
    assert "passes" not in codes.values()
