/** A picture taken in the mirror: to be looked at, shared or saved. It stays in the page until the person decides. */

import type { TryOnTexts } from "../texts/try_on.ts";
import { h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";

export function snapshotCard(blob: Blob, words: TryOnTexts, close: string, closed: () => void): HTMLElement {
  const url = URL.createObjectURL(blob);
  const file = new File([blob], `${words.pictureName}.jpg`, { type: blob.type });
  const end = (): void => {
    URL.revokeObjectURL(url);
    card.remove();
    closed();
  };
  const canShare = typeof navigator.canShare === "function" && navigator.canShare({ files: [file] });
  const card = h(
    "div",
    {
      class: "snapshot",
      attrs: { role: "dialog", "aria-modal": "true", "aria-label": words.pictureTaken },
      onkeydown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        end();
      },
    },
    h("img", { class: "snapshot__picture", src: url, alt: words.pictureTaken }),
    h(
      "div",
      { class: "snapshot__acts" },
      h(
        "button",
        { type: "button", class: "v-button v-button--glass", onclick: end },
        icon("close", 20),
        close,
      ),
      canShare
        ? h(
            "button",
            {
              type: "button",
              class: "v-button v-button--glass",
              onclick: () => void navigator.share({ files: [file] }).catch(() => {}),
            },
            icon("share", 20),
            words.sharePicture,
          )
        : null,
      h(
        "a",
        { class: "v-button v-button--primary", href: url, download: file.name },
        icon("check", 20),
        words.save,
      ),
    ),
  );
  return card;
}
