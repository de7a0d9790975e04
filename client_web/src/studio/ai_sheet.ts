/** The AI host's desk in one sheet: who needs you, what it says, what comes, and the field to write to it. */

import type { AiDesk, AiNextLine, AiTicket } from "../protocol/messages.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { KeyedList } from "../ui/keyed_list.ts";
import { openSheet } from "../ui/modal_sheet.ts";
import { AiComposer } from "./ai_composer.ts";
import { MoodTimeline } from "./ai_mood.ts";
import type { Order, Outcome } from "./ai_orders.ts";
import { aiState, moodText, stateText } from "./ai_words.ts";
import type { Words } from "./words.ts";

export interface AiSheetOptions {
  words: Words;
  /** The desk as it stands now; null when the AI host is gone. */
  desk: () => AiDesk | null;
  productTitle: (productId: string) => string;
  give: (order: Order) => Promise<Outcome>;
  /** Without waiting for a verdict; tells what went wrong. */
  order: (order: Order) => void;
  taken: (text: string) => void;
  failed: (error: unknown) => void;
  settings: () => void;
  closed: () => void;
  signal: AbortSignal;
}

/** Opens the sheet; returns what brings it up to date. */
export function openAiSheet(options: AiSheetOptions): { update: () => void } {
  const { words, order } = options;
  const { texts } = words;
  const composer = new AiComposer(words, options);
  const status = h("p", { class: "ai-status", attrs: { role: "status" } });
  const now = h("section", { class: "ai-now" });
  const pause = h("button", { class: "v-button v-button--line v-button--large", type: "button" });
  const skip = h(
    "button",
    {
      class: "v-button v-button--line v-button--large",
      type: "button",
      onclick: () => order({ act: "skip" }),
    },
    texts.aiSkip,
  );
  const floor = h("button", { class: "v-button v-button--line v-button--large", type: "button" });
  pause.addEventListener("click", () => order({ act: options.desk()?.is_paused ? "resume" : "pause" }));
  floor.addEventListener("click", () => {
    const desk = options.desk();
    if (desk) order({ act: aiState(desk) === "yours" ? "take_over" : "hand_over" });
  });
  const ticketList = h("ul", { class: "ai-list" });
  const tickets = h("section", { class: "ai-tickets" }, h("h3", {}, texts.aiTickets), ticketList);
  const nextList = h("ul", { class: "ai-list" });
  const nextEmpty = h("p", { class: "v-muted v-small" }, texts.aiNextEmpty);
  const next = h(
    "section",
    { class: "ai-next" },
    h("h3", {}, texts.aiNext),
    h("p", { class: "v-muted v-small" }, texts.aiNextHint),
    nextList,
    nextEmpty,
  );
  const room = new MoodTimeline(words);
  const settings = h(
    "button",
    {
      class: "products-line",
      type: "button",
      onclick: options.settings,
      attrs: { "aria-haspopup": "dialog", "data-testid": "ai-settings-open" },
    },
    h("div", { class: "thumbs" }, texts.aiChange, h("span", { class: "spring" }), icon("forward", 20)),
  );
  const lines = new KeyedList<AiNextLine>({
    parent: nextList,
    keyOf: (line) => String(line.line_id),
    make: () => h("li", { class: "ai-line" }),
    update: (element, line) => drawLine(element, line, options, composer),
  });
  const asked = new KeyedList<AiTicket>({
    parent: ticketList,
    keyOf: (ticket) => ticket.ticket_id,
    make: () => h("li", { class: "ai-ticket" }),
    update: (element, ticket) => drawTicket(element, ticket, options, composer),
  });
  let shownNow = "";
  const update = (): void => {
    const desk = options.desk();
    if (desk === null) {
      sheet.close();
      return;
    }
    const state = aiState(desk);
    const said = [stateText(state, texts), moodText(desk.mood, texts)];
    if (desk.waiting > 0) said.push(texts.aiWaiting(desk.waiting));
    status.dataset.state = state;
    setText(status, said.join(" · "));
    const key = JSON.stringify([desk.now, state]);
    // Between two lines the last one stays: what is read must not flicker.
    const isBreath = desk.now === null && state === "speaking";
    if (key !== shownNow && !isBreath) {
      shownNow = key;
      fill(now, ...nowContent(desk, words));
    }
    setText(pause, desk.is_paused ? texts.aiResume : texts.aiPause);
    setText(floor, state === "yours" ? texts.aiTakeOver : texts.aiHandOver);
    for (const button of [pause, skip, floor]) setAttribute(button, "disabled", !desk.is_on_air);
    skip.disabled = state !== "speaking";
    tickets.hidden = desk.tickets.length === 0;
    asked.show(desk.tickets);
    lines.show(desk.next);
    room.update(desk);
    nextEmpty.hidden = desk.next.length > 0;
  };
  const sheet = openSheet({
    title: texts.aiHost,
    closeLabel: texts.close,
    class: "tall ai",
    content: [
      h(
        "div",
        { class: "ai-desk" },
        status,
        tickets,
        now,
        h("div", { class: "ai-acts" }, pause, skip, floor),
        next,
        room.element,
        settings,
      ),
      composer.element,
    ],
    closed: options.closed,
    signal: options.signal,
  });
  update();
  return { update };
}

function nowContent(desk: AiDesk, words: Words): Node[] {
  const { texts } = words;
  if (!desk.is_on_air) return [h("p", { class: "v-muted" }, texts.aiStandingByHint)];
  if (desk.now === null) return [];
  const { question, text, language } = desk.now;
  return [
    h("p", { class: "v-muted v-small" }, question === "" ? texts.aiNow : texts.aiAnswering(question)),
    h("p", { class: "ai-words", lang: language, dir: "auto" }, text),
  ];
}

function drawLine(
  element: HTMLElement,
  line: AiNextLine,
  options: AiSheetOptions,
  composer: AiComposer,
): void {
  const key = JSON.stringify(line);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  const { texts } = options.words;
  const about = line.product_id === null ? "" : options.productTitle(line.product_id);
  const small = [line.is_edited ? texts.aiEdited : "", about].filter((part) => part !== "").join(" · ");
  fill(
    element,
    h(
      "button",
      {
        class: "ai-line-words",
        type: "button",
        onclick: () => composer.edit(line.line_id, line.text),
        attrs: { "aria-label": texts.aiEditLine(line.text) },
      },
      h("span", { dir: "auto" }, line.text),
      h("span", { class: "v-muted v-small ai-line-more" }, icon("edit", 16), small),
    ),
    h(
      "button",
      {
        class: "v-button v-button--plain v-button--round",
        type: "button",
        onclick: () => options.order({ act: "skip", line_id: line.line_id }),
        attrs: { "aria-label": texts.aiSkipLine(line.text) },
      },
      icon("close", 20),
    ),
  );
}

function drawTicket(
  element: HTMLElement,
  ticket: AiTicket,
  options: AiSheetOptions,
  composer: AiComposer,
): void {
  const key = JSON.stringify(ticket);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  const { texts } = options.words;
  const about = ticket.product_id === null ? "" : options.productTitle(ticket.product_id);
  const who = ticket.author === "" ? "" : texts.aiAskedBy(ticket.author, ticket.asked_by - 1);
  const small = [who, about, ticket.wants_person && ticket.question !== "" ? texts.aiWantsPerson : ""];
  fill(
    element,
    h("p", { class: "ai-words", dir: "auto" }, ticket.question === "" ? texts.aiRoomUpset : ticket.question),
    h("p", { class: "v-muted v-small" }, small.filter((part) => part !== "").join(" · ")),
    h(
      "div",
      { class: "ai-ticket-acts" },
      h(
        "button",
        {
          class: "v-button v-button--line",
          type: "button",
          onclick: () => options.order({ act: "dismiss", ticket_id: ticket.ticket_id }),
        },
        texts.aiDismiss,
      ),
      ticket.question === ""
        ? null
        : h(
            "button",
            {
              class: "v-button v-button--primary",
              type: "button",
              onclick: () => composer.answer(ticket.ticket_id, ticket.author),
            },
            texts.aiAnswer,
          ),
    ),
  );
}
