/** The console: builds everything once, and puts the page that the address names into the frame. */

import "./page.css";
import { systemClock } from "../protocol/clock.ts";
import { codeOf } from "../protocol/errors.ts";
import type { SignedIn } from "../protocol/messages.ts";
import { Api } from "../protocol/rest.ts";
import { currentLanguage, directionOf, rememberLanguage } from "../texts/language.ts";
import { loadTexts } from "../texts/part.ts";
import { h } from "../ui/dom.ts";
import { type IconName, icon } from "../ui/icons.ts";
import { forgetSignedLink, takeSignedLink, tokenClaim } from "../ui/signed_link.ts";
import { Toasts } from "../ui/toasts.ts";
import { LipstickPage } from "./lipstick_page.ts";
import { ModelPage } from "./model_page.ts";
import { ModelsPage } from "./models_page.ts";
import { OrdersPage } from "./orders_page.ts";
import { ProductEditor } from "./product_editor.ts";
import { ProductsPage } from "./products_page.ts";
import { hashOf, type Route, routeOf } from "./routes.ts";
import { Shell } from "./shell.ts";
import { ShowEditor } from "./show_editor.ts";
import { ShowsPage } from "./shows_page.ts";
import { Theme } from "./theme.ts";
import { WaitingSteps } from "./undo.ts";
import { WordsPage } from "./words_page.ts";
import {
  CONSOLE_TEXTS,
  canEditProducts,
  notifyWith,
  sentenceFor,
  type Workplace,
  wordsIn,
} from "./workplace.ts";

const words = wordsIn(await loadTexts(currentLanguage(), CONSOLE_TEXTS));
const { texts } = words;
const link = takeSignedLink("console", { location, history, store: sessionStorage });
const api = new Api({ server: location.origin, token: () => link.token });
const toasts = new Toasts();
const theme = new Theme(document.documentElement);

document.documentElement.lang = words.language;
document.documentElement.dir = directionOf(words.language);
document.title = `${texts.console} · Vitrine`;

function say(
  drawing: IconName,
  title: string,
  text: string,
  action?: { label: string; act: () => void },
): void {
  const button = action
    ? h("button", { class: "v-button v-button--primary", type: "button", onclick: action.act }, action.label)
    : null;
  document.body.replaceChildren(
    h(
      "main",
      { class: "v-empty alone" },
      icon(drawing, 40),
      h("h1", { class: "v-empty__title" }, title),
      h("p", {}, text),
      button,
    ),
  );
}

async function start(): Promise<void> {
  if (link.token === null) {
    say("lock", texts.signedOutTitle, texts.signedOut);
    return;
  }
  let me: SignedIn;
  try {
    me = await api.me();
  } catch (error) {
    if (codeOf(error) === "unauthenticated") {
      forgetSignedLink("console", sessionStorage);
      say("lock", texts.expiredTitle, texts.expired);
    } else
      say("alert", texts.loadFailedTitle, texts.networkDown, {
        label: texts.tryAgain,
        act: () => void start(),
      });
    return;
  }
  if (me.role === "viewer" || me.role === "moderator")
    say("lock", texts.wrongRoleTitle, texts.wrongRole(me.name));
  else open(me, link.token);
}

function open(me: SignedIn, token: string): void {
  const notify = notifyWith(toasts);
  const work: Workplace = {
    api,
    token,
    me,
    brandId: me.role === "brand" ? tokenClaim(token, "brand") : null,
    words,
    waiting: new WaitingSteps(systemClock),
    drafts: new Map(),
    go: (route) => {
      location.hash = hashOf(route);
    },
    notify,
    failed: (error) => notify({ text: sentenceFor(error, words), kind: "bad" }),
  };
  const shell = new Shell({
    words,
    name: me.name,
    theme,
    places: canEditProducts(me) ? ["shows", "products", "models", "words", "orders"] : ["shows", "orders"],
    chooseLanguage: (language) => {
      rememberLanguage(language);
      location.reload();
    },
  });
  document.body.replaceChildren(shell.element, toasts);
  // Steps that wait for a change of mind are carried out before the page goes.
  addEventListener("pagehide", () => work.waiting.flushAll());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") work.waiting.flushAll();
  });
  const home: Route = me.role === "brand" ? { page: "products" } : { page: "shows" };
  let page = new AbortController();
  let orders: OrdersPage | null = null;
  const show = (isMove: boolean): void => {
    const found = routeOf(location.hash);
    const route = found === null || (isProductPlace(found) && !canEditProducts(me)) ? home : found;
    if (route !== found) history.replaceState(null, "", hashOf(route));
    if (route.page === "orders" && orders !== null) {
      orders.open(route.id);
      return;
    }
    page.abort();
    page = new AbortController();
    orders = route.page === "orders" ? new OrdersPage(work, route.id, page.signal) : null;
    shell.show(orders?.element ?? pageFor(route, work, page.signal), route, isMove);
  };
  addEventListener("hashchange", () => show(true));
  show(false);
}

const PRODUCT_PLACES: ReadonlySet<Route["page"]> = new Set([
  "products",
  "product",
  "models",
  "model",
  "lipstick",
  "words",
]);
const isProductPlace = (route: Route): boolean => PRODUCT_PLACES.has(route.page);

function pageFor(route: Route, work: Workplace, signal: AbortSignal): HTMLElement {
  switch (route.page) {
    case "product":
      return new ProductEditor(work, route.id, signal).element;
    case "products":
      return new ProductsPage(work, signal).element;
    case "models":
      return new ModelsPage(work, signal).element;
    case "model":
      return new ModelPage(work, route.id, signal).element;
    case "lipstick":
      return new LipstickPage(work, signal).element;
    case "words":
      return new WordsPage(work, signal).element;
    case "show":
      return new ShowEditor(work, route.id, signal).element;
    default:
      return new ShowsPage(work).element;
  }
}

void start();
