"""Anchors of a product: the schema per category, a first guess, and how they live in the file."""

from __future__ import annotations

from ar_assets.anchors.model import CONTACT, SCHEMA, Anchor, AnchorKind, checked, kinds
from ar_assets.anchors.placing import read, write

__all__ = ["CONTACT", "SCHEMA", "Anchor", "AnchorKind", "checked", "kinds", "read", "write"]
