import { beforeAll, expect, it } from "vitest";
import { adviceOf, changesOf, likeness } from "../../src/console/model_report.ts";
import { modelTitle } from "../../src/console/model_states.ts";
import { CONSOLE_TEXTS, wordsIn } from "../../src/console/workplace.ts";
import type { Model, Product } from "../../src/protocol/messages.ts";
import { loadTexts } from "../../src/texts/part.ts";

beforeAll(async () => {
  for (const language of ["es", "zh-CN"] as const) await loadTexts(language, CONSOLE_TEXTS);
});

const EN = wordsIn("en");
const MODEL = {
  model_id: "model_1",
  source_name: "felt_hat.glb",
  source_bytes: 626_136,
  size_m: [11.2, 4.4, 12.8],
  product_ids: ["product_1"],
  files: [{ name: "web.glb", url: "/models/a.glb", size_bytes: 50_188 }],
  report: {},
} as unknown as Model;

const told = (...advice: object[]): Model => ({ ...MODEL, report: { advice } });

it("offers to look at points that were guessed and to read the file in the unit that fits", () => {
  const model = told(
    { code: "anchors_guessed", sentence: "Placed by a first guess: crown_rim." },
    { code: "unit_suspected", sentence: "It is too large.", fix: { unit: "inch" } },
  );
  expect(adviceOf(model, EN).map((each) => each.act)).toEqual([
    { kind: "anchors" },
    { kind: "again", label: "Read it in inches", order: { unit: "inch" } },
  ]);
  expect(adviceOf(model, EN)[1]?.text).toContain("11.2 × 4.4 × 12.8 m");
  expect(adviceOf(model, wordsIn("es"))[1]?.text).toContain("pulgadas");
});

it("offers to stand up what lies on its back", () => {
  const model = told({ code: "up_suspected", sentence: "It lies.", fix: { up: "z" } });
  expect(adviceOf(model, EN).map((each) => each.act)).toEqual([
    { kind: "again", label: "Stand it up", order: { up: "z" } },
  ]);
});

it("offers no unit that it does not know", () => {
  const model = told({ code: "unit_suspected", sentence: "Strange.", fix: { unit: "parsec" } });
  expect(adviceOf(model, EN)).toEqual([{ text: "Strange.", act: null }]);
});

it("says once what is lost on iPhone, with the parts' names, and nothing of versions for far away", () => {
  const model = told(
    { code: "usdz_loss", sentence: "iOS shows pads without light swallowed inside thick glass." },
    { code: "usdz_loss", sentence: "iOS shows lens without colours that change with the angle." },
    { code: "usdz_loss", sentence: "iOS shows lens without a coat." },
    { code: "quality_below_bound", sentence: "lod2.glb comes within 21.4 dB of the original only." },
  );
  expect(adviceOf(model, EN).map((each) => each.text)).toEqual([
    "In a room on iPhone these look simpler: pads and lens.",
  ]);
});

it("keeps the sentence of an advice that a newer server gives, and bears any report", () => {
  expect(adviceOf(told({ code: "new", sentence: "Do this." }), EN)).toEqual([
    { text: "Do this.", act: null },
  ]);
  expect(adviceOf({ ...MODEL, report: { advice: "none" } }, EN)).toEqual([]);
});

it("begins the changes with what they were made for", () => {
  const changes = [{ code: "origin", what: "Moved by (0, 0, 1) m.", why: "It must stand." }];
  const told = changesOf({ ...MODEL, report: { changes } }, EN).map((each) => each.what);
  expect(told).toEqual(["Packed from 626 kB to 50 kB", "Moved to where it stands or hangs"]);
  expect(changesOf({ ...MODEL, source_bytes: 10 }, EN)).toEqual([]);
});

it("calls a model by its product, else by its file", () => {
  const product = { product_id: "product_1", title: { en: "Vela wool felt hat" } } as unknown as Product;
  expect(modelTitle(MODEL, [product], EN)).toBe("Vela wool felt hat");
  expect(modelTitle(MODEL, [], EN)).toBe("felt hat");
});

it("says likeness as a person would", () => {
  expect([47, 38, 25].map(likeness)).toEqual(["same", "close", "loss"]);
});
