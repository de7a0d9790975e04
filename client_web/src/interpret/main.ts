/** The interpreter's page: builds everything once from the link that the host gave out. */

import "./page.css";
import { systemClock } from "../protocol/clock.ts";
import { Api } from "../protocol/rest.ts";
import { Capture } from "../studio/capture.ts";
import { publishTo } from "../studio/publish.ts";
import { Formats } from "../texts/formats.ts";
import { interpretTexts } from "../texts/interpret.ts";
import { currentLanguage, directionOf } from "../texts/language.ts";
import { loadTexts } from "../texts/part.ts";
import { takeSignedLink } from "../ui/signed_link.ts";
import { Booth } from "./booth.ts";
import { BoothPage } from "./booth_page.ts";

const language = await loadTexts(currentLanguage(), [interpretTexts]);
const texts = interpretTexts(language);
const link = takeSignedLink("interpret", { location, history, store: sessionStorage });
const token = link.token ?? "";
const api = new Api({ server: location.origin, token: () => token });

document.documentElement.lang = language;
document.documentElement.dir = directionOf(language);
document.body.classList.add("v-dark");
document.title = `${texts.title} · Vitrine`;

const stop = new AbortController();
const capture = new Capture({
  devices: navigator.mediaDevices,
  choice: { facing: "user", cameraId: null, microphoneId: null },
  soundOnly: true,
  changed: () => booth.captureChanged(),
});
const booth: Booth = new Booth({
  ask: () => api.interpreting(),
  capture,
  // where it goes is known as soon as there is something to press
  publish: (tracks, lost, signal) =>
    publishTo({
      url: `${api.server}/whip/${booth.seat?.show_id ?? ""}?dub=${booth.seat?.language ?? ""}`,
      token,
      iceServers: () => new Api({ server: location.origin }).iceServers(),
      layered: () => false,
    })(tracks, lost, signal),
  clock: systemClock,
  changed: () => page.refresh(),
});
const page: BoothPage = new BoothPage({
  booth,
  texts,
  formats: new Formats(language),
  server: location.origin,
  signal: stop.signal,
});

document.body.replaceChildren(page.element);
addEventListener("online", () => booth.nudge(), { signal: stop.signal });
document.addEventListener(
  "visibilitychange",
  () => {
    if (document.visibilityState === "visible" && !booth.isOver) void booth.refresh();
  },
  { signal: stop.signal },
);
// A page that goes must not hold the place against its own successor.
addEventListener("pagehide", (event) => {
  if (!event.persisted) {
    stop.abort();
    booth.close();
  }
});
void booth.refresh();
