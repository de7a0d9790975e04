/** The frame of the console: navigation at the left (below on a phone), who one is, theme and language. */

import { LANGUAGES, type Language } from "../texts/language.ts";
import { translationTexts } from "../texts/translation.ts";
import { avatar } from "../ui/avatar.ts";
import { fill, h, setAttribute } from "../ui/dom.ts";
import { type WorkIcon, workIcon } from "../ui/work_icons.ts";
import { hashOf, type Route } from "./routes.ts";
import type { Theme } from "./theme.ts";
import type { Words } from "./workplace.ts";

export interface ShellOptions {
  words: Words;
  name: string;
  theme: Theme;
  places: readonly ("shows" | "products" | "models" | "words" | "orders")[];
  chooseLanguage: (language: Language) => void;
}

export class Shell {
  readonly element: HTMLElement;
  readonly #main = h("main", { id: "main", tabIndex: -1 });
  readonly #links = new Map<string, HTMLAnchorElement>();

  constructor(options: ShellOptions) {
    const { words, theme } = options;
    const { texts } = words;
    const drawings: Record<string, WorkIcon> = {
      shows: "show",
      products: "product",
      models: "cube",
      words: "words",
      orders: "order",
    };
    const names: Record<string, string> = {
      models: words.models.models,
      words: translationTexts(words.language).words,
    };
    for (const place of options.places) {
      const route: Route = place === "orders" ? { page: "orders", id: null } : { page: place };
      const link = h(
        "a",
        { class: "nav-link", href: hashOf(route) },
        workIcon(drawings[place] ?? "show", 22),
        h("span", {}, names[place] ?? texts[place as "shows" | "products" | "orders"]),
      );
      this.#links.set(place, link);
    }
    const themeButton = h("button", { class: "v-button v-button--plain v-button--round", type: "button" });
    const showTheme = (): void => {
      const label = theme.isDark ? texts.themeLight : texts.themeDark;
      setAttribute(themeButton, "aria-label", label);
      themeButton.title = label;
      fill(themeButton, workIcon(theme.isDark ? "sun" : "moon", 20));
    };
    themeButton.addEventListener("click", () => {
      theme.toggle();
      showTheme();
    });
    showTheme();
    const language = h(
      "select",
      { attrs: { "aria-label": texts.language } },
      ...LANGUAGES.map(({ tag, name }) =>
        h("option", { value: tag, selected: tag === words.language }, name),
      ),
    );
    language.addEventListener("change", () => options.chooseLanguage(language.value as Language));
    const skip = h("a", { class: "skip", href: "#main" }, texts.skip);
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      this.#main.focus();
    });
    this.element = h(
      "div",
      { class: "console" },
      skip,
      h(
        "div",
        { class: "side" },
        h(
          "div",
          { class: "brand" },
          h("span", { class: "brand-mark", attrs: { "aria-hidden": "true" } }),
          h("span", { class: "v-strong" }, "Vitrine"),
        ),
        h("nav", { attrs: { "aria-label": texts.mainNav } }, ...this.#links.values()),
        h(
          "div",
          { class: "side-foot" },
          h(
            "div",
            { class: "who" },
            avatar(options.name, null, 32),
            h("span", { class: "v-small v-clip" }, options.name),
          ),
          h("div", { class: "side-tools" }, h("div", { class: "v-field" }, language), themeButton),
        ),
      ),
      this.#main,
    );
  }

  /** Puts a page in the middle. Focus goes to it, as after a page load, when `isMove`. */
  show(page: HTMLElement, route: Route, isMove: boolean): void {
    const place =
      { show: "shows", product: "products", model: "models", lipstick: "models" }[route.page as string] ??
      route.page;
    for (const [name, link] of this.#links)
      setAttribute(link, "aria-current", name === place ? "page" : null);
    fill(this.#main, page);
    if (!isMove) return;
    scrollTo(0, 0);
    this.#main.focus({ preventScroll: true });
  }
}
