/** The chat: its last lines, and the box to say something. The same elements serve phone and desktop. */

import { MAX_CHAT_CHARS } from "../protocol/messages.ts";
import { h, setText } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { ChatLineView } from "./chat_line.ts";
import type { PlayerContext } from "./context.ts";
import { readsAsWritten } from "./reading_choice.ts";

/** Near the end, new lines move the list along; further up, somebody is reading. */
const NEAR_END_PX = 40;

export class ChatPanel {
  readonly lines: HTMLElement;
  readonly composer: HTMLFormElement;
  readonly #context: PlayerContext;
  readonly #empty: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #send: HTMLButtonElement;
  readonly #shown = new Map<string, ChatLineView>();
  #isFollowing = true;

  constructor(context: PlayerContext, signal: AbortSignal) {
    this.#context = context;
    const { texts } = context;
    this.#empty = h("p", { class: "chat__empty", hidden: true }, texts.chatEmpty);
    this.lines = h("div", {
      class: "chat__lines",
      tabIndex: 0,
      // a busy chat would drown everything else: it is read when the reader goes there
      attrs: { role: "log", "aria-live": "off", "aria-label": texts.chat },
    });
    this.lines.append(this.#empty);
    const place = (): number => this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight;
    for (const type of ["wheel", "touchmove", "keydown"] as const) {
      this.lines.addEventListener(
        type,
        () =>
          requestAnimationFrame(() => {
            this.#isFollowing = place() < NEAR_END_PX;
          }),
        { passive: true },
      );
    }
    // cards come and go below: what was the end stays the end
    const sizes = new ResizeObserver(() => {
      if (this.#isFollowing) this.toEnd();
    });
    sizes.observe(this.lines);
    signal.addEventListener("abort", () => sizes.disconnect());
    this.#input = h("input", {
      type: "text",
      name: "vitrine-chat",
      maxLength: MAX_CHAT_CHARS,
      placeholder: texts.sayHint,
      ariaLabel: texts.sayHint,
      autocomplete: "off",
      enterKeyHint: "send",
      oninput: () => this.#typed(),
    });
    this.#send = h(
      "button",
      {
        type: "submit",
        class: "v-button v-button--round v-button--plain composer__send",
        ariaLabel: texts.send,
        hidden: true,
      },
      icon("send", 20),
    );
    this.composer = h(
      "form",
      { class: "composer", onsubmit: (event) => this.#submit(event) },
      this.#input,
      this.#send,
    );
  }

  focus(): void {
    this.#input.focus();
  }

  /** Shows the newest line. */
  toEnd(): void {
    this.#isFollowing = true;
    this.lines.scrollTop = this.lines.scrollHeight;
  }

  update(): void {
    const { session, texts } = this.#context;
    const lines = session.state?.chat ?? [];
    const known = new Set(lines.map((line) => line.message_id));
    for (const [id, view] of this.#shown) {
      if (known.has(id)) continue;
      view.element.remove();
      this.#shown.delete(id);
    }
    const asWritten = readsAsWritten();
    for (const line of lines) {
      const view = this.#shown.get(line.message_id);
      if (view !== undefined) {
        view.update(line, asWritten);
        continue;
      }
      const added = new ChatLineView(this.#context, line, asWritten);
      this.#shown.set(line.message_id, added);
      this.lines.append(added.element);
    }
    this.#empty.hidden = lines.length > 0 || session.state === null;
    if (this.#isFollowing) this.toEnd();
    const isBlocked = session.state?.blocked ?? false;
    const isOver = session.state?.status === "ended";
    this.#input.disabled = isBlocked;
    this.composer.hidden = isOver;
    this.#input.placeholder = isBlocked ? (texts.errors.chat_blocked ?? "") : texts.sayHint;
  }

  #typed(): void {
    this.#send.hidden = this.#input.value.trim() === "";
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (text === "") return;
    const { session } = this.#context;
    if (!session.account.isNamed && !session.purchase.isHolding) {
      this.#context.askName(() => void this.#say(text));
      return;
    }
    void this.#say(text);
  }

  async #say(text: string): Promise<void> {
    const { session, sayError, ensureViewer } = this.#context;
    this.#send.disabled = true;
    try {
      await ensureViewer();
      await session.connection.send({ type: "chat.send", text });
      this.#input.value = "";
      this.#typed();
      this.toEnd();
    } catch (error) {
      sayError(error);
    } finally {
      this.#send.disabled = false;
    }
  }
}

/** "Chat" with the number of viewers, above the lines on a wide screen. */
export function chatHead(context: PlayerContext): { element: HTMLElement; update: () => void } {
  const viewers = h("span", { class: "v-muted v-small v-number" });
  const element = h("header", { class: "panel__head" }, h("h2", {}, context.texts.chat), viewers);
  return {
    element,
    update: () =>
      setText(
        viewers,
        context.session.state === null ? "" : context.texts.viewers(context.session.state.viewers),
      ),
  };
}
