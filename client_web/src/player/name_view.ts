/** Asks a guest for a name before the first word in the chat. */

import { h } from "../ui/dom.ts";
import { field } from "../ui/field.ts";
import type { PlayerContext } from "./context.ts";

const MOST_CHARS = 40;

export function nameView(
  context: PlayerContext,
  then: () => void,
): { body: HTMLElement; footer: HTMLElement } {
  const { session, texts, language, sayError, closeSheet } = context;
  const name = field(
    texts.nameLabel,
    h("input", {
      type: "text",
      name: "nickname",
      attrs: { autocomplete: "nickname" },
      maxLength: MOST_CHARS,
      required: true,
      enterKeyHint: "done",
      value: session.account.isNamed ? (session.account.name ?? "") : "",
    }),
  );
  const go = h(
    "button",
    {
      type: "submit",
      class: "v-button v-button--primary v-button--wide v-button--large",
      attrs: { form: "v-name" },
    },
    texts.nameGo,
  );
  const submit = async (): Promise<void> => {
    const wanted = name.control.value.trim();
    if (wanted === "") {
      name.setError(texts.fieldEmpty(texts.nameLabel));
      name.control.focus();
      return;
    }
    go.disabled = true;
    try {
      await session.takeName(wanted, language);
      closeSheet();
      then();
    } catch (error) {
      sayError(error);
    } finally {
      go.disabled = false;
    }
  };
  const body = h(
    "form",
    {
      class: "name",
      id: "v-name",
      noValidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    h("p", { class: "v-muted" }, texts.nameMore),
    name.element,
    go,
  );
  requestAnimationFrame(() => name.control.focus());
  return { body, footer: h("span") };
}
