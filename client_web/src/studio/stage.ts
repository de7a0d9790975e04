/** The camera's picture, and what is said in its place when there is none. */

import { BlurredCopy } from "../ui/blurred_copy.ts";
import { fill, h } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import type { CaptureFault } from "./capture.ts";
import type { Words } from "./words.ts";

export type StageNote =
  | { kind: "opening" }
  | { kind: "fault"; fault: CaptureFault }
  /** The show is filmed by another device, or the AI host presents it; this one controls it. */
  | { kind: "beside"; by: "device" | "ai" }
  | null;

export class Stage {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #video: HTMLVideoElement;
  readonly #note = h("div", { class: "stage-note", attrs: { role: "status" } });
  readonly #retry: () => void;
  readonly #filmHere: () => void;
  #shown = "";

  constructor(words: Words, acts: { retry: () => void; filmHere: () => void }) {
    this.#words = words;
    this.#retry = acts.retry;
    this.#filmHere = acts.filmHere;
    this.#video = h("video", {
      class: "camera",
      muted: true,
      autoplay: true,
      playsInline: true,
      disablePictureInPicture: true,
    });
    this.#video.setAttribute("aria-label", words.texts.cameraPreview);
    this.#video.dataset.testid = "preview";
    // A lying picture on a standing phone rests on its own blurred copy, as viewers see it.
    const backdrop = new BlurredCopy();
    backdrop.follow(this.#video);
    this.element = h("section", { class: "stage" }, backdrop.element, this.#video, this.#note);
    this.#video.addEventListener("resize", () => this.#shape());
  }

  /** Shows this track, or nothing. */
  showTrack(track: MediaStreamTrack | null, isMirrored: boolean): void {
    const shown = (this.#video.srcObject as MediaStream | null)?.getVideoTracks()[0] ?? null;
    if (shown !== track) {
      this.#video.srcObject = track ? new MediaStream([track]) : null;
    }
    this.element.classList.toggle("mirrored", isMirrored);
    this.element.classList.toggle("empty", track === null);
  }

  #shape(): void {
    const { videoWidth, videoHeight } = this.#video;
    if (videoWidth === 0) return;
    this.element.classList.toggle("lying", videoWidth > videoHeight);
    this.element.style.setProperty("--picture", `${videoWidth} / ${videoHeight}`);
  }

  note(note: StageNote): void {
    const key = JSON.stringify(note);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#note.dataset.kind = note?.kind ?? "";
    fill(this.#note, ...this.#noteContent(note));
  }

  #noteContent(note: StageNote): Node[] {
    const { texts } = this.#words;
    if (note === null) return [];
    if (note.kind === "opening") return [icon("camera", 40), h("p", {}, texts.openingCamera)];
    if (note.kind === "beside") {
      return [
        h("p", { class: "v-strong" }, note.by === "ai" ? texts.aiOnAir : texts.onAirElsewhere),
        h("p", { class: "v-small" }, note.by === "ai" ? texts.aiOnAirHint : texts.onAirElsewhereHint),
        h(
          "button",
          { class: "v-button v-button--glass", type: "button", onclick: this.#filmHere },
          texts.filmHere,
        ),
      ];
    }
    const sentences: Record<CaptureFault, string> = {
      blocked: texts.faultBlocked,
      no_camera: texts.faultNoCamera,
      no_microphone: texts.faultNoMicrophone,
      busy: texts.faultBusy,
      insecure: texts.faultInsecure,
      failed: texts.faultFailed,
    };
    return [
      icon("alert", 40),
      h("p", {}, sentences[note.fault]),
      h(
        "button",
        { class: "v-button v-button--glass", type: "button", onclick: this.#retry },
        texts.tryAgain,
      ),
    ];
  }
}
