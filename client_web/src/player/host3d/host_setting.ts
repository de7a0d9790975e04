/** The choice between the host's film and the figure, in the language and voice sheet. */

import { voiceTexts } from "../../texts/voices.ts";
import { h } from "../../ui/dom.ts";
import type { PlayerContext } from "../context.ts";

/** Hidden while no AI host presents. */
export function hostSetting({ language, host3d, session }: PlayerContext): HTMLElement {
  const words = voiceTexts(language);
  const wanted = h("input", {
    type: "checkbox",
    checked: host3d.isWanted,
    onchange: () => host3d.choose(wanted.checked),
  });
  return h(
    "fieldset",
    { class: "voices", hidden: session.state?.presenter !== "ai" },
    h(
      "label",
      { class: "voices__under" },
      h("span", {}, words.host3d),
      h("span", { class: "voices__switch" }, wanted, h("span", { class: "voices__knob" })),
    ),
    h("p", { class: "voices__state v-small" }, words.host3dMore),
  );
}
