/** What viewers are told of products as it happens: a card that was put up, and goods that are there again. */

import { productPrice } from "../commerce/prices.ts";
import { textIn } from "../texts/index.ts";
import type { PlayerContext } from "./context.ts";

/** A card was put up: the page around the player learns it, and so does whoever reads by ear. */
export function tellPinned(
  context: PlayerContext,
  productId: string,
  atMs: number,
  rtpTimestamp: number | null,
): void {
  const { session, texts, formats, announce, language } = context;
  context.tell("pin-shown", { product_id: productId, at_ms: atMs, rtp_timestamp: rtpTimestamp });
  const product = session.shelf.get(productId);
  if (product === null) return;
  const price = productPrice(product, session.currency)?.price;
  announce(
    texts.newPin(
      textIn(product.title, language),
      price ? formats.money(price.amount_minor, price.currency) : "",
    ),
  );
}

/** Something that was sold out can be bought again. */
export function tellBackInStock(context: PlayerContext, productId: string): void {
  const { session, texts, language, say, openProduct } = context;
  const product = session.shelf.get(productId);
  if (product === null) return;
  const action = { label: texts.view, act: () => openProduct(productId) };
  say({ text: texts.backInStock(textIn(product.title, language)), kind: "good", action });
}
