/** Where an operator writes to the AI host: say this now, change a coming line, answer a viewer. One field for all. */

import { type AiFinding, MAX_AI_LINE_CHARS } from "../protocol/messages.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import type { Order, Outcome } from "./ai_orders.ts";
import { findingTexts } from "./ai_words.ts";
import type { Words } from "./words.ts";

type Task =
  | { kind: "say" }
  | { kind: "edit"; lineId: number }
  | { kind: "answer"; ticketId: string; name: string };

export interface ComposerActs {
  give: (order: Order) => Promise<Outcome>;
  /** The words are with the AI host. */
  taken: (text: string) => void;
  failed: (error: unknown) => void;
}

export class AiComposer {
  readonly element: HTMLFormElement;
  readonly #words: Words;
  readonly #acts: ComposerActs;
  readonly #task = h("div", { class: "ai-task", hidden: true });
  readonly #taskText = h("span", {});
  readonly #verdict = h("div", { class: "ai-verdict", attrs: { role: "alert" } });
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  #doing: Task = { kind: "say" };
  #isSending = false;

  constructor(words: Words, acts: ComposerActs) {
    const { texts } = words;
    this.#words = words;
    this.#acts = acts;
    this.#input = h("textarea", {
      rows: 1,
      maxLength: MAX_AI_LINE_CHARS,
      placeholder: texts.aiSayThis,
      enterKeyHint: "send",
      attrs: { "aria-label": texts.aiSayThis },
    });
    this.#send = h("button", { class: "v-button v-button--primary", type: "submit" }, texts.aiSayNow);
    fill(
      this.#task,
      this.#taskText,
      h(
        "button",
        {
          class: "v-button v-button--plain v-button--round",
          type: "button",
          onclick: () => this.#begin({ kind: "say" }, ""),
          attrs: { "aria-label": texts.cancel },
        },
        icon("close", 18),
      ),
    );
    this.element = h(
      "form",
      { class: "ai-composer" },
      this.#verdict,
      this.#task,
      h("div", { class: "ai-write" }, this.#input, this.#send),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#give(false);
    });
    this.#input.addEventListener("input", () => {
      this.#objects(null);
      this.#grow();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#give(false);
    });
  }

  edit(lineId: number, text: string): void {
    this.#begin({ kind: "edit", lineId }, text);
    this.#input.focus();
  }

  answer(ticketId: string, name: string): void {
    this.#begin({ kind: "answer", ticketId, name }, "");
    this.#input.focus();
  }

  #begin(task: Task, text: string): void {
    const { texts } = this.#words;
    this.#doing = task;
    this.#input.value = text;
    this.#task.hidden = task.kind === "say";
    if (task.kind === "edit") setText(this.#taskText, texts.aiChangingLine);
    if (task.kind === "answer") setText(this.#taskText, texts.aiAnsweringTicket(task.name));
    setText(this.#send, { say: texts.aiSayNow, edit: texts.aiChangeLine, answer: texts.aiAnswer }[task.kind]);
    this.#objects(null);
    this.#grow();
  }

  #order(text: string, insist: boolean): Order {
    const task = this.#doing;
    if (task.kind === "edit") return { act: "edit", text, line_id: task.lineId, insist };
    if (task.kind === "answer") return { act: "say", text, ticket_id: task.ticketId, insist };
    return { act: "say", text, insist };
  }

  async #give(insist: boolean): Promise<void> {
    const text = this.#input.value.trim();
    if (text === "" || this.#isSending) return;
    const { texts } = this.#words;
    const task = this.#doing;
    this.#isSending = true;
    this.#send.setAttribute("aria-disabled", "true");
    try {
      const outcome = await this.#acts.give(this.#order(text, insist));
      if (outcome.kind === "taken") {
        this.#begin({ kind: "say" }, "");
        this.#acts.taken(task.kind === "edit" ? texts.aiLineChanged : texts.aiSayingIt);
      } else if (outcome.kind === "objection") {
        this.#objects(outcome.findings);
      } else if (outcome.kind === "gone") {
        // What was written stays, and is said now if it is sent again.
        this.#begin({ kind: "say" }, text);
        this.#tell(task.kind === "answer" ? texts.aiTicketGone : texts.aiGone);
      } else {
        this.#tell(texts.aiNoAnswer);
      }
    } catch (error) {
      this.#acts.failed(error);
    } finally {
      this.#isSending = false;
      this.#send.removeAttribute("aria-disabled");
    }
  }

  #tell(text: string): void {
    fill(this.#verdict, h("p", { class: "v-strong" }, text));
  }

  /** The guard's view, and the second press that overrules it. */
  #objects(findings: readonly AiFinding[] | null): void {
    const { texts } = this.#words;
    if (findings === null) {
      fill(this.#verdict);
      return;
    }
    fill(
      this.#verdict,
      h("p", { class: "v-strong" }, icon("alert", 18), texts.aiObjects),
      h("ul", {}, ...findingTexts(findings, texts).map((text) => h("li", {}, text))),
      h(
        "button",
        {
          class: "v-button v-button--line v-button--wide",
          type: "button",
          onclick: () => void this.#give(true),
        },
        texts.aiSayAnyway,
      ),
    );
  }

  #grow(): void {
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight + 2, 132)}px`;
  }
}
