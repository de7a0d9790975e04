/** Shows: what is on now, what comes, what was; each with the way to its studio and its viewer page. */

import type { Product, Show } from "../protocol/messages.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import { pageHead } from "./page_head.ts";
import { bones, emptyState, productPicture } from "./pieces.ts";
import { hashOf } from "./routes.ts";
import { canPlanShows, type Workplace } from "./workplace.ts";

const PICTURES = 5;

/** The studio's address with the key of who looks at this page. */
export function studioLink(work: Workplace, showId: string): string {
  const hash = new URLSearchParams({ token: work.token, show: showId });
  return `${work.api.server}/studio#${hash}`;
}

export class ShowsPage {
  readonly element = h("div", { class: "page" });
  readonly #work: Workplace;
  #products = new Map<string, Product>();

  constructor(work: Workplace) {
    this.#work = work;
    fill(this.element, this.#head(), bones(work.words, 3));
    void this.#load();
  }

  async #load(): Promise<void> {
    const { api, words, me } = this.#work;
    const { texts } = words;
    try {
      const all = await api.shows();
      const shows = me.role === "host" ? all.filter((show) => show.host_id === me.person_id) : all;
      await this.#loadPictures(shows);
      this.#draw(shows);
    } catch (error) {
      this.#work.failed(error);
      const action = { label: texts.tryAgain, act: () => void this.#load() };
      const empty = {
        drawing: "show",
        title: texts.loadFailedTitle,
        text: texts.loadFailed,
        action,
      } as const;
      fill(this.element, this.#head(), emptyState(empty));
    }
  }

  async #loadPictures(shows: readonly Show[]): Promise<void> {
    const ids = [...new Set(shows.flatMap((show) => show.rundown.slice(0, PICTURES)))].slice(0, 100);
    try {
      for (const product of await this.#work.api.products(ids))
        this.#products.set(product.product_id, product);
    } catch {
      // The list stands without pictures.
    }
  }

  #head(): HTMLElement {
    const { words, me } = this.#work;
    const add = h(
      "a",
      { class: "v-button v-button--primary", href: hashOf({ page: "show", id: null }) },
      icon("plus", 20),
      words.texts.newShow,
    );
    return pageHead({ title: words.texts.shows, actions: canPlanShows(me) ? [add] : [] });
  }

  #draw(shows: readonly Show[]): void {
    const { words, me, go } = this.#work;
    const { texts } = words;
    if (shows.length === 0) {
      const canPlan = canPlanShows(me);
      const empty = {
        drawing: "show",
        title: texts.noShowsTitle,
        text: canPlan ? texts.noShows : texts.noShowsBrand,
      } as const;
      const action = { label: texts.newShow, act: () => go({ page: "show", id: null }) };
      fill(
        this.element,
        pageHead({ title: texts.shows }),
        emptyState(canPlan ? { ...empty, action } : empty),
      );
      return;
    }
    const soonest = (a: Show, b: Show): number => (a.starts_at ?? "9").localeCompare(b.starts_at ?? "9");
    const latest = (a: Show, b: Show): number => (b.started_at ?? "").localeCompare(a.started_at ?? "");
    const group = (title: string, some: Show[]): HTMLElement | null =>
      some.length === 0
        ? null
        : h(
            "section",
            { class: "show-group" },
            h("h2", {}, title),
            h("ul", { class: "show-cards" }, ...some.map((show) => this.#card(show))),
          );
    fill(
      this.element,
      this.#head(),
      group(
        texts.showsLive,
        shows.filter((show) => show.status === "live" || show.status === "away"),
      ),
      group(texts.showsComing, shows.filter((show) => show.status === "scheduled").sort(soonest)),
      group(texts.showsPast, shows.filter((show) => show.status === "ended").sort(latest)),
    );
  }

  #card(show: Show): HTMLElement {
    const { words, me } = this.#work;
    const { texts, formats, own } = words;
    const title = own(show.title);
    const isOn = show.status === "live" || show.status === "away";
    const isMine = me.role === "admin" || show.host_id === me.person_id;
    const when = isOn
      ? texts.viewers(show.viewers)
      : show.status === "ended"
        ? formats.dateTime(show.started_at ?? show.starts_at ?? new Date())
        : show.starts_at
          ? formats.moment(show.starts_at)
          : texts.startsUnset;
    const name =
      isMine && canPlanShows(me) && show.status !== "ended"
        ? h(
            "a",
            {
              class: "row-title",
              href: hashOf({ page: "show", id: show.show_id }),
              attrs: { "aria-label": texts.editShow(title) },
            },
            title,
          )
        : h("span", { class: "row-title" }, title);
    const pictures = show.rundown.slice(0, PICTURES).map((id) => productPicture(this.#products.get(id)));
    const more = show.rundown.length - pictures.length;
    return h(
      "li",
      { class: "v-card show-card", data: { show: show.show_id } },
      h(
        "div",
        { class: "show-card-head" },
        isOn
          ? h(
              "span",
              { class: "v-pill live-pill", data: { status: show.status } },
              show.status === "live" ? texts.statusLive : texts.statusAway,
            )
          : null,
        h("span", { class: "v-muted v-small" }, when),
      ),
      h(
        "div",
        { class: "row-text" },
        name,
        h("span", { class: "v-muted v-small" }, texts.hostedBy(show.host_name)),
      ),
      h(
        "div",
        { class: "show-card-goods" },
        ...pictures,
        more > 0 ? h("span", { class: "v-muted v-small" }, `+${more}`) : null,
        show.rundown.length === 0 ? h("span", { class: "v-muted v-small" }, texts.productCount(0)) : null,
      ),
      h(
        "div",
        { class: "show-card-actions" },
        isMine && canPlanShows(me) && show.status !== "ended"
          ? h(
              "a",
              {
                class: "v-button v-button--line v-button--small",
                href: studioLink(this.#work, show.show_id),
                target: "_blank",
                rel: "noreferrer",
              },
              icon("camera", 18),
              texts.openStudio,
            )
          : null,
        h(
          "a",
          {
            class: "v-button v-button--plain v-button--small",
            href: `/watch/${show.show_id}`,
            target: "_blank",
            rel: "noreferrer",
          },
          workIcon("show", 18),
          texts.watchLink,
        ),
      ),
    );
  }
}
