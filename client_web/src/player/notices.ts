/** What the viewer must know about the connection, the host and the sound: pills, the strip, and whole screens. */

import { isReduced } from "../media/sent_picture.ts";
import type { VitrineError } from "../protocol/errors.ts";
import { directionOf, textIn } from "../texts/index.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { type IconName, icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";
import { describePicture, reducedText } from "./picture_words.ts";
import type { Stage } from "./stage.ts";

interface Screen {
  key: string;
  title: string;
  more: string;
  kicker?: string;
  action?: { label: string; act: () => void };
}

/** How long a viewer is told about a smaller picture, or what it asked for. */
const TOLD_MS = 8000;

export class Notices {
  /** Pills and the announcement strip, under the top bar. */
  readonly element: HTMLElement;
  /** Over the whole picture. */
  readonly screen = h("div", { class: "screen", hidden: true });
  /** Thin bar along the upper edge while connecting; its length is how far it got. */
  readonly progress = h("div", { class: "progress", attrs: { "aria-hidden": "true" }, hidden: true });
  /** Set when the server does not want this page. */
  refused: VitrineError | null = null;
  /** Until when the server said to be away, by performance.now(). */
  closingUntilMs = 0;
  readonly #context: PlayerContext;
  readonly #strip = h("p", { class: "strip v-glass", attrs: { role: "status" }, hidden: true });
  readonly #stripText = h("span", { class: "v-clip", dir: "auto" });
  readonly #pill = h("p", { class: "notice v-glass", attrs: { role: "status" }, hidden: true });
  readonly #sound: HTMLButtonElement;
  #screenKey = "";
  #told = "";
  #toldUntilMs = 0;
  #explainedUntilMs = 0;

  constructor(context: PlayerContext, stage: Stage) {
    this.#context = context;
    this.#sound = h("button", {
      type: "button",
      class: "v-button notice__sound",
      hidden: true,
      onclick: () => void stage.toggleSound(),
    });
    this.#strip.append(icon("megaphone", 18), this.#stripText);
    this.element = h(
      "div",
      { class: "notices", dir: directionOf(context.language) },
      this.#strip,
      this.#pill,
      this.#sound,
    );
  }

  update(stage: Stage): void {
    this.#showStrip();
    this.#showPill(stage);
    this.#showSound(stage);
    this.#showScreen(this.#screenFor(stage));
    this.#showProgress(stage);
  }

  /** Says for a while how good the picture is and why: the viewer asked. Once more takes it away. */
  explainPicture(stage: Stage): void {
    const now = performance.now();
    const isShown = this.#explainedUntilMs > now;
    this.#explainedUntilMs = isShown ? 0 : now + TOLD_MS;
    if (!isShown) setTimeout(() => this.#showPill(stage), TOLD_MS + 50);
    this.#showPill(stage);
  }

  #showStrip(): void {
    const text = this.#context.session.state?.announcement ?? "";
    setText(this.#stripText, text);
    this.#strip.hidden = text === "";
  }

  #showPill(stage: Stage): void {
    const pill = this.#pillFor(stage);
    this.#pill.hidden = pill === null;
    if (pill === null) {
      this.#pill.replaceChildren();
    } else if (this.#pill.textContent !== pill.text) {
      fill(this.#pill, icon(pill.icon, 18), pill.text);
    }
  }

  #pillFor(stage: Stage): { text: string; icon: IconName } | null {
    const { session, texts, formats } = this.#context;
    if (this.refused !== null || session.state?.status === "ended") return null;
    const closingS = Math.ceil((this.closingUntilMs - performance.now()) / 1000);
    if (closingS > 0) return { text: texts.serverClosing(closingS), icon: "clock" };
    if (!navigator.onLine) return { text: texts.offline, icon: "alert" };
    const wasOpen = session.state !== null;
    if (wasOpen && (session.connection.state === "connecting" || stage.viewing === "interrupted")) {
      return { text: texts.reconnecting, icon: "bars" };
    }
    if (stage.viewing !== "watching" || session.state?.status === "away") return null;
    if (this.#explainedUntilMs > performance.now() && stage.hasPicture) {
      return { text: describePicture(stage, texts, formats), icon: "bars" };
    }
    const reduced = isReduced(stage.sent) ? reducedText(stage.sent, stage.heightPx, texts) : "";
    if (reduced !== this.#told) {
      this.#told = reduced;
      this.#toldUntilMs = performance.now() + TOLD_MS;
      if (reduced !== "") setTimeout(() => this.#showPill(stage), TOLD_MS + 50);
    }
    const isSoundOnly = stage.sent?.isSoundOnly === true;
    if (reduced !== "" && (isSoundOnly || this.#toldUntilMs > performance.now())) {
      return { text: reduced, icon: "bars" };
    }
    if (stage.quality === "poor") return { text: texts.poorNetwork, icon: "bars" };
    if (stage.quality === "reduced") return { text: texts.weakNetwork, icon: "bars" };
    return null;
  }

  #showSound(stage: Stage): void {
    const { texts } = this.#context;
    const isBlocked = stage.sound === "blocked";
    this.#sound.hidden = !isBlocked && (stage.sound !== "needs_tap" || !stage.hasPicture);
    const text = isBlocked ? texts.tapToPlay : texts.tapForSound;
    if (this.#sound.textContent !== text) fill(this.#sound, icon(isBlocked ? "play" : "muted", 20), text);
  }

  #screenFor(stage: Stage): Screen | null {
    const { session, texts, formats, leave } = this.#context;
    const products = { label: texts.seeProducts, act: this.#context.openProducts };
    if (this.refused !== null) {
      const isOldPage = this.refused.code === "version_mismatch";
      return isOldPage
        ? {
            key: "old",
            title: texts.reloadPage,
            more: "",
            action: { label: texts.reload, act: () => location.reload() },
          }
        : {
            key: "unknown",
            title: texts.showUnknown,
            more: texts.showUnknownMore,
            action: { label: texts.seeShows, act: leave },
          };
    }
    const status = session.state?.status ?? session.show?.status;
    const host = session.state?.host_name ?? session.show?.host_name ?? "";
    switch (status) {
      case "ended":
        return { key: "ended", title: texts.showEnded, more: texts.showEndedMore, action: products };
      case "scheduled": {
        const startsAt = session.state?.starts_at ?? session.show?.starts_at ?? null;
        const when = startsAt === null ? texts.scheduled : formats.moment(startsAt);
        return {
          key: "scheduled",
          kicker: texts.showStarts,
          title: when,
          more: texts.showStartsMore,
          action: products,
        };
      }
      case "away":
        return { key: "away", title: texts.hostAway, more: texts.hostAwayMore(host) };
      default:
        if (stage.viewing === "refused")
          return { key: "no-picture", title: texts.noPicture, more: "", action: products };
        return null;
    }
  }

  #showScreen(screen: Screen | null): void {
    const key = screen === null ? "" : `${screen.key} ${screen.title} ${screen.more}`;
    if (key === this.#screenKey) return;
    this.#screenKey = key;
    this.screen.hidden = screen === null;
    if (screen === null) {
      this.screen.replaceChildren();
      return;
    }
    this.screen.dataset.screen = screen.key;
    const title = textIn(this.#context.session.title, this.#context.language);
    fill(
      this.screen,
      h(
        "div",
        { class: "screen__card", attrs: { role: "status" } },
        screen.kicker === undefined ? null : h("p", { class: "screen__kicker" }, screen.kicker),
        h("p", { class: "screen__title" }, screen.title),
        screen.more === "" ? null : h("p", { class: "screen__more" }, screen.more),
        screen.action === undefined
          ? null
          : h(
              "button",
              {
                type: "button",
                class: "v-button screen__act",
                onclick: screen.action.act,
                attrs: { "aria-description": title },
              },
              screen.action.label,
            ),
      ),
    );
  }

  #showProgress(stage: Stage): void {
    const { session } = this.#context;
    const status = session.state?.status ?? session.show?.status;
    const isWaiting =
      !stage.hasPicture && (status === undefined || status === "live") && this.refused === null;
    this.progress.hidden = !isWaiting;
    const steps = [session.show !== null, session.state !== null, stage.viewing === "watching"];
    const done = steps.filter(Boolean).length;
    this.progress.style.setProperty("--done", String(0.15 + 0.25 * done));
  }
}
