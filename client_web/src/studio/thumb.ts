/** A product's first picture, small; a box when it has none. */

import type { Product } from "../protocol/messages.ts";
import { h } from "../ui/dom.ts";
import { workIcon } from "../ui/work_icons.ts";

/** Silent: the name stands beside it. */
export function thumb(product: Product | undefined): HTMLElement {
  const picture = product?.pictures[0];
  if (!picture)
    return h("span", { class: "thumb", attrs: { "aria-hidden": "true" } }, workIcon("product", 22));
  return h("img", { class: "thumb", src: picture.url, alt: "", loading: "lazy", decoding: "async" });
}
