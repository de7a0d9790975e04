/** Before any show: choose one of one's own, or make one. */

import type { Show } from "../protocol/messages.ts";
import { h } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import { icon } from "../ui/icons.ts";
import { workIcon } from "../ui/work_icons.ts";
import type { Words } from "./words.ts";

export interface ShowChoiceOptions {
  words: Words;
  /** The shows of this host that have not ended. */
  shows: readonly Show[];
  choose: (show: Show) => void;
  /** Rejects when the server refuses. */
  create: (title: string) => Promise<void>;
}

const MAX_TITLE_CHARS = 200;
const ORDER = { live: 0, away: 0, scheduled: 1, ended: 2 } as const;

/** What is on now first, then what comes next. */
export function sortedShows(shows: readonly Show[]): Show[] {
  return shows
    .filter((show) => show.status !== "ended")
    .sort(
      (a, b) =>
        ORDER[a.status] - ORDER[b.status] ||
        (a.starts_at ?? "9").localeCompare(b.starts_at ?? "9") ||
        a.show_id.localeCompare(b.show_id),
    );
}

export function showChoice(options: ShowChoiceOptions): HTMLElement {
  const { words } = options;
  const { texts } = words;
  const shows = sortedShows(options.shows);
  return h(
    "main",
    { class: "studio-page" },
    h(
      "header",
      { class: "brand-line" },
      workIcon("show", 22),
      h("span", { class: "v-strong" }, texts.studio),
    ),
    shows.length > 0
      ? h(
          "section",
          { class: "choice" },
          h("h1", {}, texts.chooseShow),
          h("ul", { class: "show-list" }, ...shows.map((show) => showRow(show, options))),
        )
      : h(
          "section",
          { class: "choice" },
          h("h1", {}, texts.noShowsTitle),
          h("p", { class: "v-muted" }, texts.noShows),
        ),
    newShow(options, shows.length === 0),
  );
}

function showRow(show: Show, options: ShowChoiceOptions): HTMLElement {
  const { texts, formats, own } = options.words;
  const status = {
    scheduled: texts.statusScheduled,
    live: texts.statusLive,
    away: texts.statusAway,
    ended: texts.statusEnded,
  };
  const isOn = show.status === "live" || show.status === "away";
  const title = own(show.title);
  const when = show.starts_at ? formats.moment(show.starts_at) : texts.noStartTime;
  return h(
    "li",
    {},
    h(
      "button",
      {
        class: "show-row v-card",
        type: "button",
        onclick: () => options.choose(show),
        attrs: { "aria-label": texts.openShow(title) },
        data: { show: show.show_id },
      },
      h(
        "span",
        { class: "show-row-text" },
        isOn ? h("span", { class: "v-pill v-pill--live" }, status[show.status]) : null,
        h("span", { class: "v-strong v-clip" }, title),
        isOn ? null : h("span", { class: "v-muted v-small" }, when),
        h("span", { class: "v-muted v-small" }, texts.productCount(show.rundown.length)),
      ),
      icon("forward"),
    ),
  );
}

function newShow(options: ShowChoiceOptions, isFirst: boolean): HTMLElement {
  const { texts } = options.words;
  const input = h("input", {
    type: "text",
    maxLength: MAX_TITLE_CHARS,
    enterKeyHint: "go",
    autocomplete: "off",
  });
  const title = field(texts.showTitle, input, texts.showTitleHint);
  const create = h(
    "button",
    {
      class: `v-button v-button--large v-button--wide ${isFirst ? "v-button--primary" : ""}`,
      type: "submit",
    },
    texts.createShow,
  );
  const form = h(
    "form",
    { class: "new-show", noValidate: true },
    h("h2", {}, texts.newShow),
    title.element,
    create,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    title.setError(text === "" ? texts.titleMissing : null);
    if (text === "") {
      input.focus();
      return;
    }
    create.disabled = true;
    options
      .create(text)
      .catch(() => title.setError(texts.somethingWrong))
      .finally(() => {
        create.disabled = false;
      });
  });
  return form;
}
