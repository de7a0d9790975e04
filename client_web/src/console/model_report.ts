/** What was done to a model and what its brand could mend, in the reader's words. Pure. */

import { sizeText } from "../ar/size_text.ts";
import type { LengthUnit, Model, ModelJobInput } from "../protocol/messages.ts";
import { bytesText, fileOf, list } from "./model_states.ts";
import type { Words } from "./workplace.ts";

/** What can be done about an advice: look at the points, or read the file another way. */
export type AdviceAct =
  | { kind: "anchors" }
  | { kind: "again"; label: string; order: Pick<ModelJobInput, "unit" | "up"> };

export interface Advice {
  text: string;
  act: AdviceAct | null;
}

export interface Change {
  what: string;
  why: string;
}

const UNITS: ReadonlySet<string> = new Set<LengthUnit>(["m", "cm", "mm", "inch", "ft"]);
const FAR_VERSION = /^lod\d/;
const LOST_ON_IPHONE = /^iOS shows (.+) without /;
/** From here on nobody tells two pictures apart; below the other, anybody does. */
const SAME_DB = 40;
const CLOSE_DB = 32;

/** Advice in the reader's language where its code is known, each thing once; what nobody can act on is left out. */
export function adviceOf(model: Model, words: Words): Advice[] {
  const found = new Map<string, Advice>();
  for (const each of list(model.report.advice)) {
    const sentence = String(each.sentence ?? "");
    const advice = adviceIn(String(each.code), sentence, each.fix, model, words);
    if (advice !== null) found.set(advice.text, advice);
  }
  return [...found.values()];
}

function adviceIn(code: string, sentence: string, fix: unknown, model: Model, words: Words): Advice | null {
  const { models, language } = words;
  const size = sizeText(model.size_m, language);
  const say = (text: string, act: AdviceAct | null = null): Advice => ({ text, act });
  switch (code) {
    case "anchors_guessed":
      return say(models.adviceAnchors, { kind: "anchors" });
    case "quality_below_bound":
      // Versions for far away are made to show less.
      return FAR_VERSION.test(sentence) ? null : say(models.adviceDetail);
    case "too_many_draw_calls":
      return say(models.adviceDraws);
    case "usdz_loss":
      return say(models.adviceIphone(lostOnIphone(model, language)));
    case "unit_suspected": {
      const unit = (fix as { unit?: string } | null)?.unit ?? "";
      if (!UNITS.has(unit)) return say(sentence);
      const name = models.unitNames[unit as LengthUnit];
      const order = { unit: unit as LengthUnit };
      return say(models.adviceUnit(size, name), { kind: "again", label: models.readAs(name), order });
    }
    case "up_suspected":
      return say(models.adviceUp, { kind: "again", label: models.readUp, order: { up: "z" } });
    case "size_differs":
      return say(models.adviceSize(size));
    case "size_implausible":
      return say(models.adviceImplausible(size));
    case "materials_missing":
      return say(models.adviceMaterials);
    default:
      return sentence === "" ? null : say(sentence);
  }
}

/** The materials that lose something there, by the names they have in the file. */
function lostOnIphone(model: Model, language: string): string {
  const names = list(model.report.advice)
    .filter((each) => each.code === "usdz_loss")
    .map((each) => LOST_ON_IPHONE.exec(String(each.sentence ?? ""))?.[1] ?? "")
    .filter((name) => name !== "");
  return new Intl.ListFormat(language, { type: "conjunction" }).format(new Set(names));
}

/** What was done and why, beginning with what it was done for. */
export function changesOf(model: Model, words: Words): Change[] {
  const { models, language } = words;
  const known: Readonly<Record<string, Change>> = {
    unit: { what: models.changedUnit, why: models.changedUnitWhy },
    up: { what: models.changedUp, why: models.changedUpWhy },
    origin: { what: models.changedOrigin, why: models.changedOriginWhy },
    dropped: { what: models.changedDropped, why: models.changedDroppedWhy },
  };
  const web = fileOf(model, "web.glb");
  const changes = new Map<string, Change>();
  if (web !== null && web.size_bytes < model.source_bytes) {
    const [from, to] = [model.source_bytes, web.size_bytes].map((bytes) => bytesText(bytes, language));
    changes.set("packed", { what: models.changedPacked(from ?? "", to ?? ""), why: models.changedPackedWhy });
  }
  for (const each of list(model.report.changes)) {
    const code = String(each.code ?? "");
    changes.set(code, known[code] ?? { what: String(each.what ?? ""), why: String(each.why ?? "") });
  }
  return [...changes.values()];
}

/** How close the published file comes to the upload, as a person would say it. */
export function likeness(psnrDb: number): "same" | "close" | "loss" {
  return psnrDb >= SAME_DB ? "same" : psnrDb >= CLOSE_DB ? "close" : "loss";
}
