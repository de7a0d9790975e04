/**
 * The AI host drawn here instead of the film, when somebody wants that and it works.
 *
 * The film goes on behind it, and with it the sound and the show clock: whatever fails (no WebGL, no model, nobody
 * performs any more, a person takes over), taking the canvas away is all there is to do.
 */

import type { Score } from "../../protocol/messages.ts";
import { PerformanceTrack } from "../../protocol/performance.ts";
import { h } from "../../ui/dom.ts";
import { poseAt } from "./driver.ts";
import type { HostScene } from "./scene.ts";

/** `off`: not wanted or not possible now; `loading`: the film is shown until the figure can be; `on`. */
export type HostState = "off" | "loading" | "on";

export interface HostViewOptions {
  /** The model's address. */
  url: string;
  /** Asks the server for the performance, or for no more of it. */
  follow: (isOn: boolean) => void;
  /** Another state. */
  changed: () => void;
  signal: AbortSignal;
}

const STORED = "vitrine:host3d";
/** Stored instead of "on" by who takes pictures: every pixel is drawn, however long that takes. */
const SHARP = "sharp";
/** A picture that is late is followed by estimate for so long. */
const LEAD_MS = 400;

export class HostView {
  readonly element = h("div", { class: "host3d", hidden: true, attrs: { "aria-hidden": "true" } });
  isWanted = remembered() !== null;
  state: HostState = "off";
  readonly #options: HostViewOptions;
  readonly #track = new PerformanceTrack();
  #isPossible = false;
  #hasFailed = false;
  #scene: HostScene | null = null;
  #ended: AbortController | null = null;
  #frame = 0;
  #showMs = 0;
  #heardAt = 0;

  constructor(options: HostViewOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#end());
  }

  choose(isWanted: boolean): void {
    this.isWanted = isWanted;
    this.#hasFailed = false;
    remember(isWanted);
    this.#decide();
  }

  /** Whether an AI host is on air; called with every change of the show. */
  update(isAiOnAir: boolean): void {
    if (isAiOnAir === this.#isPossible) return;
    this.#isPossible = isAiOnAir;
    this.#decide();
  }

  /** The connection is open (again): the server knows nothing of our wish. */
  welcomed(): void {
    if (this.#ended !== null) this.#options.follow(true);
  }

  told(score: Score): void {
    this.#track.add(score);
  }

  /** The show clock of the picture that is seen, and so of the sound that is heard. */
  present(showMs: number): void {
    this.#showMs = showMs;
    this.#heardAt = performance.now();
  }

  #decide(): void {
    const isDue = this.isWanted && this.#isPossible && !this.#hasFailed && !savesData();
    if (isDue === (this.#ended !== null)) return;
    if (isDue) void this.#begin();
    else this.#end();
  }

  async #begin(): Promise<void> {
    const ended = new AbortController();
    this.#ended = ended;
    this.#set("loading");
    this.#options.follow(true);
    try {
      const { HostScene } = await import("./scene.ts");
      if (ended.signal.aborted) return;
      const canvas = h("canvas", { class: "host3d__canvas" });
      this.element.replaceChildren(canvas);
      // a canvas that was closed loses its graphics too, a moment later
      const lost = (): void => {
        if (!ended.signal.aborted) this.#fail();
      };
      const scene = new HostScene(canvas, lost, remembered() === SHARP);
      this.#scene = scene;
      await scene.load(this.#options.url, ended.signal);
      if (!ended.signal.aborted) this.#frame = requestAnimationFrame(() => this.#draw());
    } catch {
      if (!ended.signal.aborted) this.#fail();
    }
  }

  #draw(): void {
    const scene = this.#scene;
    if (scene === null) return;
    this.#frame = requestAnimationFrame(() => this.#draw());
    const now = performance.now();
    const showMs = this.#showMs + Math.min(LEAD_MS, now - this.#heardAt);
    const performed = this.#heardAt === 0 ? null : this.#track.at(showMs);
    if (performed === null) {
      // nobody performs (yet, or any more): the film is there
      this.#set("loading");
      return;
    }
    // shown before it is drawn: a canvas without a size draws nothing
    this.#set("on");
    scene.dress(performed.look);
    scene.draw(poseAt(showMs, performed), now);
    this.element.dataset.showMs = showMs.toFixed(0);
    this.element.dataset.mouth = scene.mouthOpen.toFixed(2);
  }

  /** Not tried again until it is chosen again. */
  #fail(): void {
    this.#hasFailed = true;
    this.#end();
  }

  #end(): void {
    if (this.#ended === null) return;
    this.#ended.abort();
    this.#ended = null;
    cancelAnimationFrame(this.#frame);
    if (!this.#options.signal.aborted) this.#options.follow(false);
    this.#scene?.close();
    this.#scene = null;
    this.#track.clear();
    this.element.replaceChildren();
    this.#set("off");
  }

  #set(state: HostState): void {
    if (state === this.state) return;
    this.state = state;
    this.element.hidden = state !== "on";
    this.element.dataset.state = state;
    this.#options.changed();
  }
}

/** Who saves data gets no model on top of the film. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function remember(isWanted: boolean): void {
  try {
    if (isWanted) localStorage.setItem(STORED, "on");
    else localStorage.removeItem(STORED);
  } catch {
    // storage is off: the choice holds for this page
  }
}
