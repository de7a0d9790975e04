"""From an upload that passed the gate to a plain GLB (`ar_assets.pipeline`). See `import_model`."""

from __future__ import annotations

from ar_assets.importing.dispatch import Imported, import_model

__all__ = ["Imported", "import_model"]
