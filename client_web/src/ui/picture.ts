/** A picture that keeps its place while it loads and stays calm when it is missing. */

import { h } from "./dom.ts";

export interface PictureView {
  url: string | null;
  alt: string;
  sizePx: number;
  class?: string;
  /** Loaded at once instead of when it comes near. */
  isEager?: boolean;
}

export function picture(view: PictureView): HTMLImageElement {
  const image = h("img", {
    class: view.class ?? "v-picture",
    alt: view.alt,
    width: view.sizePx,
    height: view.sizePx,
    decoding: "async",
    loading: view.isEager ? "eager" : "lazy",
    draggable: false,
  });
  if (view.url !== null) image.src = view.url;
  return image;
}
