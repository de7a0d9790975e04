"""Why the gate refuses: one stable code per class of attack or mistake, and a sentence that says what to do."""

from __future__ import annotations

from enum import StrEnum

from ar_assets.errors import Refused


class Reason(StrEnum):
    """Stable, public codes; pages may say them in other languages with the facts of `Refused`."""

    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    UNKNOWN_FORMAT = "unknown_format"
    IMPORTER_ABSENT = "importer_absent"
    BROKEN_CONTAINER = "broken_container"
    UNSUPPORTED_VERSION = "unsupported_version"
    JSON_TOO_LARGE = "json_too_large"
    JSON_TOO_DEEP = "json_too_deep"
    JSON_BROKEN = "json_broken"
    JSON_WRONG_SHAPE = "json_wrong_shape"
    TOO_MANY_PARTS = "too_many_parts"
    NODE_CYCLE = "node_cycle"
    NODES_TOO_DEEP = "nodes_too_deep"
    MISSING_REFERENCE = "missing_reference"
    OUT_OF_BOUNDS = "out_of_bounds"
    DECLARES_TOO_MUCH = "declares_too_much"
    TOO_MANY_TRIANGLES = "too_many_triangles"
    NOT_FINITE = "not_finite"
    INDEX_OUT_OF_RANGE = "index_out_of_range"
    OUTSIDE_ADDRESS = "outside_address"
    MISSING_FILE = "missing_file"
    UNSUPPORTED_EXTENSION = "unsupported_extension"
    UNSUPPORTED_PICTURE = "unsupported_picture"
    BROKEN_PICTURE = "broken_picture"
    PICTURE_TOO_LARGE = "picture_too_large"
    NO_SHAPE = "no_shape"
    ZIP_BROKEN = "zip_broken"
    ZIP_TOO_MANY_FILES = "zip_too_many_files"
    ZIP_BOMB = "zip_bomb"
    ZIP_UNSAFE_NAME = "zip_unsafe_name"
    ZIP_LINK = "zip_link"
    ZIP_ENCRYPTED = "zip_encrypted"
    ZIP_NESTED = "zip_nested"
    ZIP_NO_MODEL = "zip_no_model"
    ZIP_SEVERAL_MODELS = "zip_several_models"
    BROKEN_TEXT = "broken_text"
    INVALID_MODEL = "invalid_model"


_SENTENCES = {
    Reason.EMPTY_FILE: "The file is empty. Export the model again and upload the new file.",
    Reason.FILE_TOO_LARGE: "The file has {megabytes} MB; {limit} MB are allowed. Reduce textures or triangles.",
    Reason.UNKNOWN_FORMAT: "This is no 3D file we know. Upload GLB, a zip of glTF or OBJ with its files, STL or PLY.",
    Reason.IMPORTER_ABSENT: "{format} files are not read by this server. Export the model as GLB and upload that.",
    Reason.BROKEN_CONTAINER: "The file is damaged or cut off ({what}). Export it again and check the upload.",
    Reason.UNSUPPORTED_VERSION: "The file is glTF {version}; export it as glTF 2.0.",
    Reason.JSON_TOO_LARGE: "The model's description is larger than {limit}. Join meshes and remove unused parts.",
    Reason.JSON_TOO_DEEP: "The model's description is nested deeper than {limit} levels. Export it again.",
    Reason.JSON_BROKEN: "The model's description cannot be read ({what}). Export the model again.",
    Reason.JSON_WRONG_SHAPE: "The model's description breaks the glTF rules at {where}. Export the model again.",
    Reason.TOO_MANY_PARTS: "The model has {count} {what}; {limit} are allowed. Join parts before export.",
    Reason.NODE_CYCLE: "Part {node} of the model contains itself. Mend the hierarchy and export again.",
    Reason.NODES_TOO_DEEP: "Parts are nested deeper than {limit} levels. Flatten the hierarchy and export again.",
    Reason.MISSING_REFERENCE: "{where} points to something that is not in the file. Export the model again.",
    Reason.OUT_OF_BOUNDS: "{where} reaches beyond the data in the file. Export the model again.",
    Reason.DECLARES_TOO_MUCH: "The model would unfold to {megabytes} MB; {limit} MB are allowed. Simplify it.",
    Reason.TOO_MANY_TRIANGLES: "The model has {count} triangles; {limit} are allowed. Reduce it before export.",
    Reason.NOT_FINITE: "{where} holds numbers that are not finite. Mend the mesh (remove broken vertices) and export.",
    Reason.INDEX_OUT_OF_RANGE: "{where} names a vertex that does not exist. Mend the mesh and export again.",
    Reason.OUTSIDE_ADDRESS: "The model refers to {address}, outside the upload. Put all files into one GLB or zip.",
    Reason.MISSING_FILE: "The model needs the file {name}. Upload a zip that holds it, or export one GLB.",
    Reason.UNSUPPORTED_EXTENSION: "The model needs the glTF extension {name}, unknown here. Export without it.",
    Reason.UNSUPPORTED_PICTURE: "Picture {picture} is {format}. Save textures as PNG, JPEG or WebP.",
    Reason.BROKEN_PICTURE: "Picture {picture} cannot be read. Save the texture again and export.",
    Reason.PICTURE_TOO_LARGE: "Picture {picture} is too large ({size}); at most {limit}. Scale textures down.",
    Reason.NO_SHAPE: "There is no visible shape in the file. Check that meshes were exported.",
    Reason.ZIP_BROKEN: "The zip is damaged ({what}). Pack it again.",
    Reason.ZIP_TOO_MANY_FILES: "The zip holds {count} files; {limit} are allowed. Pack only the model's files.",
    Reason.ZIP_BOMB: "The zip would unpack to far more than a model needs. Pack only the model's files.",
    Reason.ZIP_UNSAFE_NAME: "The zip holds a file named {name}. Use plain names inside the model's folder.",
    Reason.ZIP_LINK: "The zip holds a link ({name}). Pack the files themselves.",
    Reason.ZIP_ENCRYPTED: "The zip is locked with a password. Pack it without one.",
    Reason.ZIP_NESTED: "The zip holds another archive ({name}). Pack the model's files directly.",
    Reason.ZIP_NO_MODEL: "The zip holds no model. Pack a GLB, glTF, OBJ, STL or PLY with its files.",
    Reason.ZIP_SEVERAL_MODELS: "The zip holds several models ({names}). Upload one product at a time.",
    Reason.BROKEN_TEXT: "Line {line} of {name} cannot be read. Export the model again.",
    Reason.INVALID_MODEL: "The model breaks the glTF rules: {what}. Mend it and export again.",
}

_SHOWN_CHARS = 80


def refuse(reason: Reason, **facts: str | int | float) -> Refused:
    """The error to raise for ``reason``; texts from the file are shortened and stripped of what is invisible."""
    shown = {name: _shown(value) if isinstance(value, str) else value for name, value in facts.items()}
    return Refused(reason.value, _SENTENCES[reason].format(**shown), shown)


def _shown(text: str) -> str:
    printable = "".join(character if character.isprintable() else "�" for character in text[: _SHOWN_CHARS + 1])
    return printable if len(printable) <= _SHOWN_CHARS else printable[: _SHOWN_CHARS - 1] + "…"
