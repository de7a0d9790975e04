/** The AI host's outfits as small pictures of her studio: wall, arch, jacket, and the colour of her earrings. */

import { h } from "../ui/dom.ts";
import type { Words } from "./words.ts";

/** As `avatar/wardrobe.py` has them. */
const OUTFITS = [
  { name: "", text: "aiOutfitCream", wall: "#1b3b3a", arch: "#e58e66", jacket: "#f3e7d8", top: "#17565e" },
  { name: "ink", text: "aiOutfitInk", wall: "#3a2a2e", arch: "#8e3b46", jacket: "#27304a", top: "#f2ede4" },
  { name: "rose", text: "aiOutfitRose", wall: "#54343f", arch: "#efd8c6", jacket: "#e9b8b0", top: "#fbf4ec" },
  { name: "sage", text: "aiOutfitSage", wall: "#22384a", arch: "#c9a56b", jacket: "#7f9a82", top: "#f4efe3" },
] as const;

export function outfitChoice(words: Words, chosen: string, choose: (name: string) => void): HTMLElement {
  const { texts } = words;
  const known = OUTFITS.some(({ name }) => name === chosen) ? chosen : "";
  return h(
    "fieldset",
    { class: "segments" },
    h("legend", { class: "v-strong" }, texts.aiOutfit),
    h(
      "div",
      { class: "outfit-row" },
      ...OUTFITS.map((outfit) =>
        h(
          "label",
          { class: "outfit" },
          h("input", {
            type: "radio",
            name: "ai-outfit",
            value: outfit.name,
            checked: outfit.name === known,
            onchange: () => choose(outfit.name),
          }),
          h("span", {
            class: "outfit-picture",
            css: {
              "--wall": outfit.wall,
              "--arch": outfit.arch,
              "--jacket": outfit.jacket,
              "--top": outfit.top,
            },
            attrs: { "aria-hidden": "true" },
          }),
          h("span", { class: "v-small" }, texts[outfit.text]),
        ),
      ),
    ),
  );
}
