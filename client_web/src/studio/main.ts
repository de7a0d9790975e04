/** The studio: builds everything once, and walks from the link to a show to its end. */

import "./page.css";
import { canEncodeLayers } from "../media/layers.ts";
import { codeOf, VitrineError } from "../protocol/errors.ts";
import type { Show } from "../protocol/messages.ts";
import { Api } from "../protocol/rest.ts";
import { currentLanguage, directionOf } from "../texts/language.ts";
import { loadTexts } from "../texts/part.ts";
import { forgetSignedLink, takeSignedLink } from "../ui/signed_link.ts";
import { Toasts } from "../ui/toasts.ts";
import { watchShow } from "./beside.ts";
import { openInterpretersSheet } from "./interpreters.ts";
import { LiveShow } from "./live_show.ts";
import { messagePage } from "./message_page.ts";
import { checkNetwork, type NetworkReport } from "./network_check.ts";
import { OnAir } from "./on_air.ts";
import { OnAirMark } from "./on_air_mark.ts";
import { publishTo } from "./publish.ts";
import { showChoice } from "./show_choice.ts";
import { ShowPage } from "./show_page.ts";
import { ShowPlan } from "./show_plan.ts";
import { STUDIO_TEXTS, wordsIn } from "./words.ts";

const words = wordsIn(await loadTexts(currentLanguage(), STUDIO_TEXTS));
const { texts } = words;
const link = takeSignedLink("studio", { location, history, store: sessionStorage });
const api = new Api({ server: location.origin, token: () => link.token });
const toasts = new Toasts();
/** The show that is open, if any: aborting it lets its camera and connections go. */
let opened: AbortController | null = null;

document.documentElement.lang = words.language;
document.documentElement.dir = directionOf(words.language);
document.body.classList.add("v-dark");
document.title = `${texts.studio} · Vitrine`;

function showElement(element: HTMLElement): void {
  document.body.replaceChildren(element, toasts);
}

function closeShow(): void {
  opened?.abort();
  opened = null;
}

async function start(): Promise<void> {
  closeShow();
  if (link.token === null) {
    showElement(messagePage({ drawing: "lock", title: texts.signedOutTitle, text: texts.signedOut }));
    return;
  }
  showElement(messagePage({ drawing: "camera", title: texts.loading, text: "" }));
  try {
    if (link.show !== null) await openShow(await api.show(link.show));
    else await chooseShow();
  } catch (error) {
    failed(error);
  }
}

function failed(error: unknown): void {
  closeShow();
  const code = codeOf(error);
  if (code === "unauthenticated") {
    forgetSignedLink("studio", sessionStorage);
    showElement(messagePage({ drawing: "lock", title: texts.expiredTitle, text: texts.expired }));
  } else if (code === "forbidden" || code === "not_found") {
    const action = { label: texts.backToShows, act: leave };
    showElement(messagePage({ drawing: "lock", title: texts.notYoursTitle, text: texts.notYours, action }));
  } else {
    const action = { label: texts.tryAgain, act: () => void start() };
    showElement(
      messagePage({ drawing: "alert", title: texts.somethingWrong, text: texts.networkDown, action }),
    );
  }
}

async function chooseShow(): Promise<void> {
  const me = await api.me();
  const shows = (await api.shows()).filter((show) => me.role === "admin" || show.host_id === me.person_id);
  const open = (show: Show): void => {
    history.replaceState(null, "", `${location.pathname}#show=${show.show_id}`);
    openShow(show).catch(failed);
  };
  showElement(
    showChoice({
      words,
      shows,
      choose: open,
      create: async (title) => open(await api.addShow({ title: { [words.language]: title } })),
    }),
  );
}

function leave(): void {
  link.show = null;
  history.replaceState(null, "", location.pathname);
  void start();
}

async function openShow(plan: Show): Promise<void> {
  const token = link.token ?? "";
  const live = new LiveShow({ api, showId: plan.show_id, token, language: words.language });
  let network: NetworkReport | null = null;
  const onAir: OnAir = new OnAir({
    show: live,
    devices: navigator.mediaDevices,
    choice: { facing: "user", cameraId: null, microphoneId: null },
    publish: publishTo({
      url: `${api.server}/whip/${plan.show_id}`,
      token,
      iceServers: api.iceServers,
      layered: () => network?.verdict === "good_720" && canEncodeLayers(navigator.hardwareConcurrency),
    }),
    mark: (takenOver) =>
      new OnAirMark({
        showId: plan.show_id,
        store: localStorage,
        channel: new BroadcastChannel("vitrine:on-air"),
        nowMs: () => Date.now(),
        takenOver,
      }),
    changed: () => view?.refresh(),
  });
  let view: ShowPage | null = null;
  const stop = new AbortController();
  opened = stop;
  view = new ShowPage({
    words,
    show: live,
    onAir,
    plan: new ShowPlan(api, plan),
    toasts,
    checkNetwork: async () => {
      network = await checkNetwork(sendBytes, () => performance.now());
      return network;
    },
    watch: (show, signal) => watchShow(api, plan.show_id, show, signal),
    interpreters: (failed) =>
      openInterpretersSheet({ words, api, showId: plan.show_id, toasts, failed, signal: stop.signal }),
    leave,
    ended: (summary) => {
      closeShow();
      const sold = summary.orders > 0 ? { figure: summary.sold } : {};
      const action = { label: texts.backToShows, act: leave };
      const text = texts.ended(
        words.formats.duration(summary.showMs / 1000),
        texts.orderCount(summary.orders),
      );
      showElement(messagePage({ drawing: "check", title: texts.endedTitle, text, action, ...sold }));
    },
    signal: stop.signal,
  });
  const { element } = view;
  stop.signal.addEventListener("abort", () => {
    live.close();
    onAir.close();
  });
  live.on("refused", (error) => failed(error), stop.signal);
  let hasBegun = false;
  live.on(
    "changed",
    () => {
      if (hasBegun || live.state === null) return;
      hasBegun = true;
      if (live.you?.owns_show === false) {
        failed(new VitrineError("forbidden", "This show is somebody else's."));
        return;
      }
      showElement(element);
      void onAir.begin();
    },
    stop.signal,
  );
  addEventListener(
    "online",
    () => {
      live.retryNow();
      onAir.nudge();
    },
    { signal: stop.signal },
  );
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") live.retryNow();
    },
    { signal: stop.signal },
  );
  live.connect();
}

async function sendBytes(bytes: number): Promise<boolean> {
  const response = await fetch(`${api.server}/api/network-check`, {
    method: "POST",
    headers: { Authorization: `Bearer ${link.token ?? ""}`, "Content-Type": "application/octet-stream" },
    body: new Uint8Array(bytes),
    cache: "no-store",
    signal: AbortSignal.timeout(8000),
  });
  return response.ok;
}

void start();
