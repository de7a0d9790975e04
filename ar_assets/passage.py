"""One model's way through the pipeline, step by step; `pipeline.process` opens and closes what it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ar_assets import facts, publish, usdz
from ar_assets.document import Document
from ar_assets.errors import StepFailed
from ar_assets.gate import examine
from ar_assets.importing import Imported, import_model
from ar_assets.node_worker import NodeWorker
from ar_assets.optimising import decoded, optimise
from ar_assets.profiles import LEVELS, TRY_ON, WEB, Profile
from ar_assets.quality import Choice, Reference
from ar_assets.report import Quality, Report
from ar_assets.request import ProcessOptions, Progress, Step
from ar_assets.shaping import place_anchors, shape_up
from ar_assets.transforms.textures import TextureEncoder
from ar_assets.validate import require_valid
from ar_assets.variants import listed
from ar_assets.verify import Expected, verify

_BEGINS = {
    Step.GATE: 0.0,
    Step.IMPORT: 0.02,
    Step.VALIDATE: 0.05,
    Step.NORMALISE: 0.08,
    Step.ANCHORS: 0.10,
    Step.OPTIMISE: 0.12,
    Step.LEVELS: 0.50,
    Step.USDZ: 0.60,
    Step.PICTURES: 0.70,
    Step.VERIFY: 0.90,
    Step.PUBLISH: 0.97,
}
_LEVEL_TOLERANCE = 15.0
"""A level of detail may lose a thin end of the model: 3 % of its largest side."""


class Passage:
    """The state of one run. Everything is written below ``folder``, which the caller removes."""

    def __init__(
        self, source: Path, folder: Path, options: ProcessOptions, progress: Progress, worker: NodeWorker
    ) -> None:
        self._source = source
        self._folder = folder
        self._options = options
        self._progress = progress
        self._worker = worker
        self._out = folder / "finished"
        self._names: dict[str, str] = {}
        self._placement = options.placement
        self._reference: Reference
        self.report = Report(source.name, source.stat().st_size, "")

    def run(self) -> Path:
        """Do all of it; the folder with the finished files. Raises: as `pipeline.process`."""
        for name in ("finished", "upload", "work", "webp"):
            (self._folder / name).mkdir()
        imported = self._import()
        plain = self._shape(imported)
        expected = Expected.of(plain)
        web = self._optimise(plain, imported)
        self._levels(plain, imported, web)
        usdz_names = self._usdz(plain)
        self._pictures(plain)
        self._verify(expected)
        self._publish(web, usdz_names)
        self._progress.step(Step.PUBLISH, 1.0)
        return self._out

    @contextmanager
    def _step(self, step: Step) -> Iterator[None]:
        self._progress.step(step, _BEGINS[step])
        began = time.perf_counter()
        yield
        self.report.seconds[step.value] = round(time.perf_counter() - began, 3)

    def _import(self) -> Imported:
        with self._step(Step.GATE):
            inspection = examine(self._source, unpack_to=self._folder / "upload")
            self.report.source_format = inspection.format.value
        with self._step(Step.IMPORT):
            imported = import_model(self._source, inspection, self._folder / "work", self._worker)
            if imported.dropped:
                what = ", ".join(sorted(set(imported.dropped)))
                self.report.changed("import", "dropped", f"Left out: {what}.", "The player brings its own.")
            for note in imported.notes:
                self.report.advise(note, _NOTES[note])
        with self._step(Step.VALIDATE):
            self.report.validator["input"] = require_valid(imported.path, self._worker).to_json()
        return imported

    def _shape(self, imported: Imported) -> Path:
        """Normalised, with anchors."""
        document = Document.read(imported.path)
        with self._step(Step.NORMALISE):
            document = shape_up(document, self._options, self.report)
        with self._step(Step.ANCHORS):
            document, self._placement = place_anchors(document, self._options, self.report)
        plain = self._folder / "work" / "shaped.glb"
        plain.write_bytes(document.to_bytes())
        self.report.validator["shaped"] = require_valid(plain, self._worker).to_json()
        return plain

    def _optimise(self, plain: Path, imported: Imported) -> Choice:
        with self._step(Step.OPTIMISE):
            reference = Reference(plain)
            web = self._bake(plain, WEB, "web.glb", imported, reference)
            after = reference.render(self._decoded("web.glb"))
            self.report.pictures |= publish.comparison(reference.pictures[0], after[0], self._out)
            if self._options.category.is_worn:
                self._bake(plain, TRY_ON, "try_on.glb", imported, reference)
            self._reference = reference
        return web

    def _bake(self, plain: Path, profile: Profile, name: str, imported: Imported, reference: Reference) -> Choice:
        choice = self._attempt(plain, profile, name, imported, reference)
        self._take(choice, profile, name)
        if not choice.is_good:
            psnr = choice.likeness.worst_psnr_db
            self.report.advise("quality_below_bound", _BELOW.format(name=name, psnr=psnr))
        if (calls := choice.baked.statistics["draw_calls"]) > profile.max_draw_calls:
            self.report.advise("too_many_draw_calls", _DRAWS.format(count=calls))
        return choice

    def _attempt(self, plain: Path, profile: Profile, name: str, imported: Imported, reference: Reference) -> Choice:
        encoder = TextureEncoder(self._folder / "webp")
        scratch = self._folder / "work" / name
        return optimise(plain, scratch, profile, reference, imported.statistics, self._worker, encoder)

    def _take(self, choice: Choice, profile: Profile, name: str) -> None:
        """Publish it."""
        choice.baked.path.rename(self._out / name)
        self._names[name.removesuffix(".glb")] = name
        found, statistics = choice.likeness, choice.baked.statistics
        self.report.quality.append(
            Quality(
                profile.name,
                round(found.worst_psnr_db, 2),
                round(found.mean_psnr_db, 2),
                round(found.worst_ssim, 4),
                choice.recipe.name,
                choice.baked.bytes,
                int(statistics["triangles"]),
                choice.attempts,
            )
        )

    def _levels(self, plain: Path, imported: Imported, web: Choice) -> None:
        """Those that look right from afar and weigh less than the one before; a player does without the others."""
        with self._step(Step.LEVELS):
            smallest = web.baked.bytes
            for profile in LEVELS:
                name = f"{profile.name}.glb"
                choice = self._attempt(plain, profile, name, imported, self._reference)
                if choice.is_good and choice.baked.bytes < smallest:
                    self._take(choice, profile, name)
                    smallest = choice.baked.bytes

    def _usdz(self, plain: Path) -> dict[str, str]:
        """Path of each variant's USDZ by variant name; the default under the empty name when there are no variants."""
        made: dict[str, str] = {}
        if not self._options.usdz:
            return made
        with self._step(Step.USDZ):
            (self._out / "usdz").mkdir()
            document = Document.read(plain)
            wanted = [(one.name, one.slug) for one in listed(document)] or [("", "default")]
            for name, slug in wanted:
                path = f"usdz/{slug}.usdz"
                done = usdz.export(document, self._out / path, variant=name or None)
                for loss in done.losses:
                    self.report.advise("usdz_loss", loss)
                made[name] = path
                self._names[f"usdz_{slug}"] = path
        return made

    def _pictures(self, plain: Path) -> None:
        if not self._options.pictures:
            return
        with self._step(Step.PICTURES):
            self._names |= publish.pictures(plain, self._options.category.value, self._out)

    def _verify(self, expected: Expected) -> None:
        with self._step(Step.VERIFY):
            for kind in ("web", "try_on", "lod1", "lod2"):
                if kind in self._names:
                    tolerance = _LEVEL_TOLERANCE if kind.startswith("lod") else 1.0
                    plain = self._decoded(self._names[kind])
                    found = verify(plain, kind, expected, self._worker, tolerance=tolerance)
                    self.report.validator[kind] = found.to_json()
            for path in sorted(self._out.glob("usdz/*.usdz")):
                if problems := usdz.problems(path):
                    raise StepFailed("verify", f"{path.name}: {problems[0]}")

    def _publish(self, web: Choice, usdz_names: dict[str, str]) -> None:
        with self._step(Step.PUBLISH):
            finished = self._decoded("web.glb")
            variants = tuple(
                facts.VariantFacts(one.name, one.slug, usdz_names.get(one.name))
                for one in listed(Document.read(finished))
            )
            measured = facts.measure(
                finished,
                self._options.category.value,
                variants=variants,
                placement=self._placement.value if self._placement else None,
                files=publish.file_facts(self._out, self._names),
            )
            measured.write(self._out / "facts.json")
            self.report.facts = measured.to_json()
        publish.write_report(self.report, self._out)

    def _decoded(self, name: str) -> Path:
        """A published file as plain again, made once."""
        plain = self._folder / "work" / f"published-{name}"
        return plain if plain.exists() else decoded(self._out / name, plain, self._worker)


_NOTES = {
    "materials_missing": "The OBJ names a material file that is not here. Pack both into a zip to keep its colours.",
}
_BELOW = "{name} comes within {psnr:.1f} dB of the original only. Fewer triangles and smaller textures would help."
_DRAWS = "The model is drawn in {count} steps; phones like fewer than 20. Join parts that share a material."
