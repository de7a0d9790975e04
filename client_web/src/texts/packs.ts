/** Where the languages' texts are fetched from: those for viewers in one file, for each other page in its own. */

import type { CaptionTexts } from "./en/captions.ts";
import type { ConsoleTexts } from "./en/console.ts";
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
  es: () => import("./es/for_viewers.ts"),
  "zh-CN": () => import("./zh-CN/for_viewers.ts"),
};

export const FOR_STUDIO: Packs<{ texts: StudioTexts }> = {
  es: () => import("./es/studio.ts"),
  "zh-CN": () => import("./zh-CN/studio.ts"),
};

export const FOR_CONSOLE: Packs<{ texts: ConsoleTexts }> = {
  es: () => import("./es/console.ts"),
  "zh-CN": () => import("./zh-CN/console.ts"),
};

export const FOR_MODELS: Packs<{ texts: ModelTexts }> = {
  es: () => import("./es/models.ts"),
  "zh-CN": () => import("./zh-CN/models.ts"),
};
