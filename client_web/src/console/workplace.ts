/** What every page of the console is given: the server, the words, who one is, notices, and the way to other pages. */

import { codeOf, VitrineError } from "../protocol/errors.ts";
import type { SignedIn } from "../protocol/messages.ts";
import type { Api } from "../protocol/rest.ts";
import { type ConsoleTexts, consoleTexts } from "../texts/console.ts";
import { errorText, Formats, type Language, type Texts, textIn, textsIn } from "../texts/index.ts";
import { type ModelTexts, modelTexts } from "../texts/models.ts";
import { translationTexts } from "../texts/translation.ts";
import type { Toast, Toasts } from "../ui/toasts.ts";
import type { ProductDraft } from "./product_draft.ts";
import type { Route } from "./routes.ts";
import type { WaitingSteps } from "./undo.ts";

/** What the console's pages say: the viewers' words too, for what is shown as they see it. */
export const CONSOLE_TEXTS = [consoleTexts, modelTexts, translationTexts, textsIn];

export interface Words {
  language: Language;
  texts: ConsoleTexts;
  models: ModelTexts;
  /** The player's words, for what is shown as viewers see it. */
  shop: Texts;
  formats: Formats;
  own: (texts: Readonly<Record<string, string>>) => string;
}

export function wordsIn(language: Language): Words {
  return {
    language,
    texts: consoleTexts(language),
    models: modelTexts(language),
    shop: textsIn(language),
    formats: new Formats(language),
    own: (texts) => textIn(texts, language),
  };
}

export interface Workplace {
  api: Api;
  token: string;
  me: SignedIn;
  /** The brand that one acts for; null for hosts and admins. */
  brandId: string | null;
  words: Words;
  waiting: WaitingSteps;
  /** Products being written that were left, by id or "new": undo brings them back. */
  drafts: Map<string, ProductDraft>;
  go: (route: Route) => void;
  notify: (toast: Toast) => void;
  /** Tells what went wrong and what to do. */
  failed: (error: unknown) => void;
}

export const canPlanShows = (me: SignedIn): boolean => me.role === "host" || me.role === "admin";
export const canEditProducts = (me: SignedIn): boolean => me.role === "brand" || me.role === "admin";
export const canMoveOrders = canEditProducts;

/** A sentence for an error that says what to do next. */
export function sentenceFor(error: unknown, words: Words): string {
  const { texts } = words;
  const code = codeOf(error);
  if (code === "network" || code === "timed_out" || code === "unavailable") return texts.networkDown;
  if (code === "forbidden" || code === "unauthenticated") return texts.notAllowed;
  if (error instanceof VitrineError) {
    if (code === "too_many") return texts.tooMany(Math.ceil(error.retryAfterS ?? 5));
    const known = words.shop.errors[error.code];
    return known ?? texts.somethingWrong(error.message);
  }
  return errorText(words.shop, null);
}

/** Shows notices above an open dialog too, which lies over everything else of the page. */
export function notifyWith(toasts: Toasts): (toast: Toast) => void {
  return (toast) => {
    const host = document.querySelector("dialog[open]") ?? document.body;
    if (toasts.parentElement !== host) host.append(toasts);
    toasts.show(toast);
  };
}
