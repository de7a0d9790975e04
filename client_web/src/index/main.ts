/** The list of shows: what is on now, large and with its products; what comes; what was. */

import "../ui/page.css";
import "./index.css";
import { productPrice } from "../commerce/prices.ts";
import type { Product, Show } from "../protocol/messages.ts";
import { Api } from "../protocol/rest.ts";
import {
  currentLanguage,
  directionOf,
  Formats,
  LANGUAGES,
  type Language,
  loadTexts,
  rememberLanguage,
  textIn,
  textsIn,
} from "../texts/index.ts";
import { avatar } from "../ui/avatar.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { keepInstallable } from "../ui/installable.ts";
import { picture } from "../ui/picture.ts";

const REFRESH_MS = 20_000;
const SHOWN_PRODUCTS = 5;

const api = new Api({ server: location.origin });
const language = await loadTexts(currentLanguage(), [textsIn]);
const texts = textsIn(language);
const formats = new Formats(language);

document.documentElement.lang = language;
document.documentElement.dir = directionOf(language);
document.title = `${texts.showsTitle} · Vitrine`;

const main = h(
  "main",
  { class: "home" },
  h("div", { class: "home__bones" }, h("div", { class: "v-bone" }), h("div", { class: "v-bone" })),
);
document.body.append(head(), main);
keepInstallable();
void refresh();
setInterval(() => {
  if (document.visibilityState === "visible") void refresh();
}, REFRESH_MS);

function head(): HTMLElement {
  const choice = h("select", {
    class: "home__language",
    ariaLabel: texts.language,
    onchange: () => {
      rememberLanguage(choice.value as Language);
      location.reload();
    },
  });
  for (const { tag, name } of LANGUAGES)
    choice.append(h("option", { value: tag, lang: tag, selected: tag === language }, name));
  return h(
    "header",
    { class: "home__head" },
    h(
      "a",
      { class: "home__mark", href: "/" },
      h("img", { src: "/icon.svg", alt: "", width: 32, height: 32 }),
      "Vitrine",
    ),
    h(
      "nav",
      { class: "home__nav" },
      h("a", { class: "v-button v-button--plain v-button--small", href: "/studio" }, texts.forHosts),
      h("a", { class: "v-button v-button--plain v-button--small", href: "/console" }, texts.forBrands),
      h("span", { class: "home__globe" }, icon("globe", 18), choice),
    ),
  );
}

async function refresh(): Promise<void> {
  try {
    const shows = await api.shows();
    const featured = shows.find((show) => show.status === "live" || show.status === "away") ?? null;
    const products =
      featured === null ? [] : await api.products(featured.rundown.slice(0, SHOWN_PRODUCTS)).catch(() => []);
    draw(shows, featured, products);
  } catch {
    if (main.querySelector("article") !== null) return;
    const again = h(
      "button",
      { type: "button", class: "v-button", onclick: () => void refresh() },
      texts.tryAgain,
    );
    fill(main, empty(texts.errors.network ?? texts.errorOther, null, again));
  }
}

function draw(shows: Show[], featured: Show | null, products: Product[]): void {
  const others = shows.filter((show) => show !== featured);
  const on = others.filter((show) => show.status === "live" || show.status === "away");
  const next = others
    .filter((show) => show.status === "scheduled")
    .sort((a, b) => (a.starts_at ?? "").localeCompare(b.starts_at ?? ""));
  const earlier = others.filter((show) => show.status === "ended");
  if (shows.length === 0) {
    const studio = h("a", { class: "v-button v-button--primary", href: "/studio" }, texts.openStudio);
    fill(main, empty(texts.noShows, texts.noShowsMore, studio));
    return;
  }
  fill(
    main,
    featured === null ? null : hero(featured, products),
    section(texts.onNow, on),
    section(texts.upNext, next),
    section(texts.earlier, earlier),
  );
}

function empty(title: string, more: string | null, action: HTMLElement): HTMLElement {
  return h(
    "div",
    { class: "v-empty" },
    icon("bag", 40),
    h("p", { class: "v-empty__title" }, title),
    more === null ? null : h("p", {}, more),
    action,
  );
}

function address(show: Show): string {
  return `/watch/${encodeURIComponent(show.show_id)}`;
}

function poster(show: Show, isEager: boolean): HTMLElement {
  return picture({ url: api.address(show.poster_url), alt: "", sizePx: 720, class: "poster", isEager });
}

function host(show: Show): HTMLElement {
  return h(
    "span",
    { class: "host" },
    avatar(show.host_name, api.address(show.host_picture_url), 28),
    h("span", {}, show.host_name),
  );
}

function hero(show: Show, products: Product[]): HTMLElement {
  const title = textIn(show.title, language);
  return h(
    "article",
    { class: "hero" },
    h(
      "a",
      { class: "hero__poster", href: address(show), tabIndex: -1, attrs: { "aria-hidden": "true" } },
      poster(show, true),
    ),
    h(
      "div",
      { class: "hero__text" },
      h(
        "p",
        { class: "hero__facts" },
        h("span", { class: "v-pill v-pill--live" }, texts.live),
        show.viewers > 0 ? h("span", { class: "v-number v-small" }, texts.viewers(show.viewers)) : null,
      ),
      h("h1", { class: "hero__title" }, h("a", { href: address(show) }, title)),
      host(show),
      h(
        "a",
        { class: "v-button v-button--primary v-button--large hero__watch", href: address(show) },
        icon("play", 20, true),
        texts.watch,
      ),
      products.length === 0
        ? null
        : h(
            "div",
            { class: "hero__products" },
            h("h2", {}, texts.nextUp),
            h("ul", {}, ...products.map((product) => tile(product, show))),
          ),
    ),
  );
}

function tile(product: Product, show: Show): HTMLElement {
  const price = productPrice(product, show.currency)?.price;
  const title = textIn(product.title, language);
  return h(
    "li",
    { class: "tile" },
    picture({ url: api.address(product.pictures[0]?.url), alt: title, sizePx: 96 }),
    price === undefined
      ? null
      : h("span", { class: "v-number v-small v-strong" }, formats.money(price.amount_minor, price.currency)),
  );
}

function section(title: string, shows: Show[]): HTMLElement | null {
  if (shows.length === 0) return null;
  return h(
    "section",
    { class: "shows" },
    h("h2", {}, title),
    h("ul", { class: "shows__list" }, ...shows.map((show) => card(show))),
  );
}

function card(show: Show): HTMLElement {
  const when =
    show.status === "scheduled"
      ? show.starts_at === null
        ? texts.scheduled
        : formats.shortMoment(show.starts_at)
      : show.status === "ended"
        ? texts.ended
        : texts.live;
  return h(
    "li",
    {},
    h(
      "article",
      { class: "show", data: { status: show.status } },
      h(
        "a",
        { class: "show__link", href: address(show) },
        poster(show, false),
        h("span", { class: `v-pill show__when${show.status === "live" ? " v-pill--live" : ""}` }, when),
        h("h3", { class: "show__title v-clip" }, textIn(show.title, language)),
      ),
      host(show),
    ),
  );
}
