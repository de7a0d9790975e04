/** The fold that the server does too: a state and an event give the next state. Pure. */

import type { ShowEvent, ShowState } from "./messages.ts";
import { withTranslations } from "./reading.ts";

/** As many lines as `Welcome` brings. */
export const CHAT_LINES = 50;

/** Types that are seen in the picture and therefore wait for their frame; the rest is applied when it comes. */
const ON_FRAME: ReadonlySet<ShowEvent["type"]> = new Set([
  "status",
  "presenter",
  "pins",
  "sold_out_list",
  "announcement",
  "try_on",
  "offer",
]);

export function waitsForFrame(event: ShowEvent): boolean {
  return ON_FRAME.has(event.type);
}

/** The state after `event`. `you` is this client's person id. */
export function afterEvent(state: ShowState, event: ShowEvent, you: string): ShowState {
  switch (event.type) {
    case "status":
      return { ...state, status: event.status };
    case "presenter":
      return { ...state, presenter: event.presenter };
    case "pins":
      return { ...state, pins: event.pins };
    case "sold_out_list":
      return { ...state, sold_out: event.product_ids };
    case "announcement":
      return { ...state, announcement: event.text };
    case "slow_mode":
      return { ...state, slow_mode_s: event.seconds };
    case "chat":
      if (state.chat.some((line) => line.message_id === event.line.message_id)) return state;
      return { ...state, chat: [...state.chat, event.line].slice(-CHAT_LINES) };
    case "chat_translated": {
      const chat = withTranslations(state.chat, event.lines);
      return chat === state.chat ? state : { ...state, chat };
    }
    case "chat_deleted": {
      const gone = new Set(event.message_ids);
      return { ...state, chat: state.chat.filter((line) => !gone.has(line.message_id)) };
    }
    case "blocked":
      return {
        ...state,
        blocked: state.blocked || event.person_id === you,
        chat: state.chat.filter((line) => line.author.id !== event.person_id),
      };
    case "stock":
    case "product":
    case "try_on":
    case "offer":
    case "ai_directed":
    case "ai_line":
    case "ai_verdict":
    case "caption":
    case "caption_cut":
    case "listening":
    case "order":
      return state; // about products and orders, which their own stores keep; an invitation is a moment
    default:
      return state; // of a newer server; a client ignores what it does not know
  }
}
