/** Where the languages' texts are fetched from: those for viewers in one file, for each other page in its own. */

import type { CaptionTexts } from "./en/captions.ts";
import type { ConsoleTexts } from "./en/console.ts";
import type { InterpretTexts } from "./en/interpret.ts";
import type { ModelTexts } from "./en/models.ts";
import type { StudioTexts } from "./en/studio.ts";
import type { TranslationTexts } from "./en/translation.ts";
import type { TryOnTexts } from "./en/try_on.ts";
import type { Texts } from "./en/viewer.ts";
import type { VoiceTexts } from "./en/voices.ts";
import type { Packs } from "./part.ts";

interface ForViewers {
  viewer: Texts;
  tryOn: TryOnTexts;
  captions: CaptionTexts;
  voices: VoiceTexts;
  translation: TranslationTexts;
}

export const FOR_VIEWERS: Packs<ForViewers> = {
  ar: () => import("./ar/for_viewers.ts"),
  de: () => import("./de/for_viewers.ts"),
  fr: () => import("./fr/for_viewers.ts"),
  ja: () => import("./ja/for_viewers.ts"),
  ko: () => import("./ko/for_viewers.ts"),
  es: () => import("./es/for_viewers.ts"),
  "zh-CN": () => import("./zh-CN/for_viewers.ts"),
};

export const FOR_STUDIO: Packs<{ texts: StudioTexts }> = {
  ar: () => import("./ar/studio.ts"),
  de: () => import("./de/studio.ts"),
  fr: () => import("./fr/studio.ts"),
  ja: () => import("./ja/studio.ts"),
  ko: () => import("./ko/studio.ts"),
  es: () => import("./es/studio.ts"),
  "zh-CN": () => import("./zh-CN/studio.ts"),
};

export const FOR_CONSOLE: Packs<{ texts: ConsoleTexts }> = {
  ar: () => import("./ar/console.ts"),
  de: () => import("./de/console.ts"),
  fr: () => import("./fr/console.ts"),
  ja: () => import("./ja/console.ts"),
  ko: () => import("./ko/console.ts"),
  es: () => import("./es/console.ts"),
  "zh-CN": () => import("./zh-CN/console.ts"),
};

export const FOR_MODELS: Packs<{ texts: ModelTexts }> = {
  ar: () => import("./ar/models.ts"),
  de: () => import("./de/models.ts"),
  fr: () => import("./fr/models.ts"),
  ja: () => import("./ja/models.ts"),
  ko: () => import("./ko/models.ts"),
  es: () => import("./es/models.ts"),
  "zh-CN": () => import("./zh-CN/models.ts"),
};

export const FOR_INTERPRETERS: Packs<{ texts: InterpretTexts }> = {
  ar: () => import("./ar/interpret.ts"),
  de: () => import("./de/interpret.ts"),
  fr: () => import("./fr/interpret.ts"),
  ja: () => import("./ja/interpret.ts"),
  ko: () => import("./ko/interpret.ts"),
  es: () => import("./es/interpret.ts"),
  "zh-CN": () => import("./zh-CN/interpret.ts"),
};
