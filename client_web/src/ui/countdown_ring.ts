/** A thin ring that runs down, with the time left in words beside it. Motion is the time itself, nothing loops. */

import { define, h, setText } from "./dom.ts";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 15;
const ROUND = 2 * Math.PI * RADIUS;
/** Under this many seconds the ring turns amber. */
const SHORT_S = 30;

export class CountdownRing extends HTMLElement {
  /** Words for the time left, e.g. "Held for you for 1 min 30 s". */
  words: (secondsLeft: number) => string = (secondsLeft) => String(secondsLeft);
  /** Told once when it reaches zero. */
  over: () => void = () => {};
  #endsAt = 0;
  #wholeS = 1;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #arc = document.createElementNS(SVG, "circle");
  readonly #text = h("span", { class: "v-ring__text v-number" });

  connectedCallback(): void {
    if (this.childElementCount > 0) return;
    this.classList.add("v-ring");
    this.setAttribute("role", "timer");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 36 36");
    svg.setAttribute("aria-hidden", "true");
    const track = document.createElementNS(SVG, "circle");
    for (const circle of [track, this.#arc]) {
      circle.setAttribute("cx", "18");
      circle.setAttribute("cy", "18");
      circle.setAttribute("r", String(RADIUS));
      svg.append(circle);
    }
    track.setAttribute("class", "v-ring__track");
    this.#arc.setAttribute("class", "v-ring__arc");
    this.#arc.setAttribute("stroke-dasharray", String(ROUND));
    this.append(svg, this.#text);
    this.#show();
  }

  disconnectedCallback(): void {
    this.stop();
  }

  /** Runs `secondsLeft` down; the full ring stands for `wholeS`. */
  start(secondsLeft: number, wholeS: number): void {
    this.stop();
    this.#wholeS = Math.max(wholeS, secondsLeft, 1);
    this.#endsAt = performance.now() + secondsLeft * 1000;
    this.#timer = setInterval(() => this.#show(), 250);
    this.#show();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #show(): void {
    const left = Math.max(0, (this.#endsAt - performance.now()) / 1000);
    this.#arc.setAttribute("stroke-dashoffset", String(ROUND * (1 - left / this.#wholeS)));
    this.classList.toggle("v-ring--short", left < SHORT_S);
    setText(this.#text, this.words(Math.ceil(left)));
    if (left <= 0 && this.#timer !== undefined) {
      this.stop();
      this.over();
    }
  }
}

define("vitrine-countdown-ring", CountdownRing);
