/**
 * A shop's page with the player in it: what any shop does with /player.js and its events.
 *
 * The player itself comes by its script tag in the page, exactly as on a foreign site; this script imports none of it.
 */

import "../ui/page.css";
import "./embed-example.css";
import { productPrice } from "../commerce/prices.ts";
import type { Product, Show } from "../protocol/messages.ts";
import { Api } from "../protocol/rest.ts";
import { currentLanguage, directionOf, Formats, textIn } from "../texts/index.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { picture } from "../ui/picture.ts";
import { exampleTexts } from "./texts.ts";

const SNIPPET = `<script type="module" src="${location.origin}/player.js"></script>
<vitrine-player show="SHOW" server="${location.origin}" muted></vitrine-player>`;
const LISTENED = [
  "vitrine:pin-shown",
  "vitrine:product-opened",
  "vitrine:add-to-cart",
  "vitrine:cart-changed",
  "vitrine:checkout-started",
  "vitrine:order-placed",
];
const KEPT_EVENTS = 6;
const LOOK_AGAIN_MS = 10_000;

interface Player extends HTMLElement {
  openProduct(productId: string): void;
}

const api = new Api({ server: location.origin });
const language = currentLanguage();
const texts = exampleTexts[language];
const formats = new Formats(language);
const bag = h("span", { class: "shop__count v-number" }, "0");
const stage = h("div", { class: "shop__player" });
const shelf = h("ul", { class: "shelf" });
const log = h("ol", { class: "events", attrs: { "aria-live": "off" } });
const code = h("code", {}, SNIPPET);

document.documentElement.lang = language;
document.documentElement.dir = directionOf(language);
document.title = texts.title;
document.body.append(
  h(
    "header",
    { class: "shop__head" },
    h("strong", { class: "shop__mark" }, "Hallmark Row"),
    h("nav", { class: "shop__nav" }, ...texts.nav.map((word) => h("span", {}, word))),
    h("span", { class: "shop__bag" }, texts.cart, bag),
  ),
  h(
    "main",
    { class: "shop" },
    h(
      "div",
      { class: "shop__text" },
      h("p", { class: "shop__kicker" }, texts.kicker),
      h("h1", { class: "shop__headline" }, texts.headline),
      h("p", { class: "shop__lead" }, texts.lead),
      h("section", { class: "shop__section" }, h("h2", {}, texts.shelf), shelf),
      h(
        "section",
        { class: "shop__section" },
        h("h2", {}, texts.how),
        h("p", { class: "v-muted" }, texts.howMore),
        h("pre", {}, code),
      ),
      h("section", { class: "shop__section" }, h("h2", {}, texts.events), log),
    ),
    stage,
  ),
);
for (const type of LISTENED) document.addEventListener(type, (event) => told(event as CustomEvent));
void begin();

async function begin(): Promise<void> {
  const show = await liveShow();
  if (show === null) {
    fill(stage, h("p", { class: "v-muted" }, texts.noShow));
    setTimeout(() => void begin(), LOOK_AGAIN_MS);
    return;
  }
  const player = document.createElement("vitrine-player") as Player;
  for (const [name, value] of Object.entries({ show: show.show_id, server: location.origin, muted: "" })) {
    player.setAttribute(name, value);
  }
  fill(stage, player);
  setText(code, SNIPPET.replace("SHOW", show.show_id));
  const products = await api.products(show.rundown.slice(0, 6)).catch(() => []);
  fill(shelf, ...products.map((product) => tile(product, show, player)));
}

async function liveShow(): Promise<Show | null> {
  try {
    return (await api.shows()).find((show) => show.status === "live" || show.status === "away") ?? null;
  } catch {
    return null;
  }
}

function tile(product: Product, show: Show, player: Player): HTMLElement {
  const title = textIn(product.title, language);
  const price = productPrice(product, show.currency)?.price;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "shelf__tile",
        title: texts.open,
        onclick: () => player.openProduct(product.product_id),
      },
      picture({ url: api.address(product.pictures[0]?.url), alt: "", sizePx: 240 }),
      h("span", { class: "v-clip" }, title),
      price === undefined
        ? null
        : h("span", { class: "v-muted v-number" }, formats.money(price.amount_minor, price.currency)),
    ),
  );
}

function told(event: CustomEvent): void {
  if (event.type === "vitrine:cart-changed") {
    const { lines } = event.detail as { lines: { quantity: number }[] };
    setText(bag, String(lines.reduce((sum, line) => sum + line.quantity, 0)));
  }
  log.prepend(
    h(
      "li",
      {},
      h("code", {}, event.type),
      " ",
      h("span", { class: "v-muted v-clip", css: { "--lines": 1 } }, JSON.stringify(event.detail)),
    ),
  );
  while (log.childElementCount > KEPT_EVENTS) log.lastElementChild?.remove();
}
