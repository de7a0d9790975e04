/** A person's picture, or the first letter of the name. */

import { h } from "./dom.ts";

export function avatar(name: string, pictureUrl: string | null, sizePx = 36): HTMLElement {
  const letter = [...name.trim()][0]?.toUpperCase() ?? "";
  const element = h("span", {
    class: "v-avatar",
    css: { "--avatar-size": `${sizePx}px` },
    attrs: { "aria-hidden": "true" },
  });
  if (pictureUrl === null) {
    element.append(letter);
    return element;
  }
  const picture = h("img", { src: pictureUrl, alt: "", width: sizePx, height: sizePx, decoding: "async" });
  picture.addEventListener("error", () => element.replaceChildren(letter), { once: true });
  element.append(picture);
  return element;
}
