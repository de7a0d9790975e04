/** Along the right edge: like, share, captions when there are any, sound, small window. */

import { wornCategory } from "../ar/model.ts";
import type { Product } from "../protocol/messages.ts";
import { captionTexts } from "../texts/captions.ts";
import type { Formats } from "../texts/index.ts";
import { tryOnTexts } from "../texts/try_on.ts";
import { h, prefersReducedMotion, setText } from "../ui/dom.ts";
import { type IconName, icon } from "../ui/icons.ts";
import type { PlayerContext } from "./context.ts";
import type { Stage } from "./stage.ts";

/** Taps are summed up and sent once a second. */
const SEND_MS = 1000;
const MOST_AT_ONCE = 20;

export class Rail {
  readonly element: HTMLElement;
  readonly #context: PlayerContext;
  readonly #likes = h("span", { class: "rail__count v-number" });
  readonly #like: HTMLButtonElement;
  readonly #sound: HTMLButtonElement;
  readonly #shrink: HTMLButtonElement;
  readonly #captions: HTMLButtonElement;
  readonly #tryOn: HTMLButtonElement;
  readonly #pickUp: HTMLButtonElement;
  /** What was shown last: own taps count at once, and the server's number never makes it smaller. */
  #shown = 0;
  #unsent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PlayerContext, stage: Stage, shareUrl: () => string) {
    this.#context = context;
    const { texts } = context;
    this.#like = railButton("heart", texts.like, () => this.like());
    this.#like.append(this.#likes);
    this.#sound = railButton("sound", texts.soundOff, () => void stage.toggleSound());
    this.#shrink = railButton(
      "pip",
      texts.pictureInPicture,
      () => void stage.togglePictureInPicture().catch(() => {}),
    );
    const { openCaptions } = context;
    this.#captions = railButton("captions", captionTexts(context.language).captions, openCaptions);
    const share = railButton("share", texts.share, () => void this.#share(shareUrl()));
    const words = tryOnTexts(context.language);
    this.#tryOn = railButton("mirror", words.tryOn, () =>
      this.#withPinned((id) => context.openMirror(id, null)),
    );
    this.#pickUp = railButton("hand", words.pickUp, () =>
      this.#withPinned((id) => context.pickUp(id, this.#pickUp)),
    );
    this.element = h(
      "div",
      { class: "rail" },
      this.#tryOn,
      this.#pickUp,
      this.#like,
      share,
      this.#captions,
      this.#shrink,
      this.#sound,
    );
  }

  update(stage: Stage): void {
    const { texts, formats, session } = this.#context;
    const isOn = stage.sound === "on";
    const label = isOn ? texts.soundOff : texts.soundOn;
    if (this.#sound.ariaLabel !== label) {
      this.#sound.ariaLabel = label;
      this.#sound.title = label;
      this.#sound.replaceChildren(icon(isOn ? "sound" : "muted"));
    }
    this.#sound.hidden = !stage.hasPicture;
    this.#captions.hidden = this.#context.session.captions.spokenLanguage === null;
    this.#shrink.hidden = !stage.canShrink || !stage.hasPicture;
    const status = session.state?.status;
    this.#like.hidden = status !== "live" && status !== "away";
    const model = this.#pinned()?.model ?? null;
    this.#tryOn.hidden = wornCategory(model) === null;
    this.#pickUp.hidden = (model?.glb_url ?? null) === null;
    this.#showLikes(formats);
  }

  /** The newest pinned product: what the host talks about. */
  #pinned(): Product | null {
    const { session } = this.#context;
    const pin = session.state?.status === "ended" ? undefined : session.state?.pins.at(-1);
    return pin === undefined ? null : session.shelf.get(pin.product_id);
  }

  #withPinned(act: (productId: string) => void): void {
    const product = this.#pinned();
    if (product !== null) act(product.product_id);
  }

  /** One tap of applause. */
  like(): void {
    if (this.#like.hidden) return;
    this.#shown = Math.max(this.#shown, this.#context.session.state?.likes ?? 0) + 1;
    this.#unsent += 1;
    this.#showLikes(this.#context.formats);
    this.#like.classList.add("rail__button--liked");
    if (!prefersReducedMotion()) this.#fly();
    this.#timer ??= setTimeout(() => void this.#send(), SEND_MS);
  }

  #showLikes(formats: Formats): void {
    const known = Math.max(this.#shown, this.#context.session.state?.likes ?? 0);
    setText(this.#likes, known > 0 ? formats.compact(known) : "");
    this.#like.ariaLabel = `${this.#context.texts.like}, ${this.#context.texts.likes(known)}`;
  }

  async #send(): Promise<void> {
    this.#timer = undefined;
    const count = Math.min(MOST_AT_ONCE, this.#unsent);
    this.#unsent = 0;
    if (count === 0) return;
    try {
      await this.#context.ensureViewer();
      await this.#context.session.connection.send({ type: "like", count });
    } catch {
      // applause that was lost is not worth a word
    }
  }

  #fly(): void {
    const heart = h("span", {
      class: "rail__flying",
      css: { "--drift": `${Math.round(Math.random() * 32 - 16)}px` },
    });
    heart.append(icon("heart", 22, true));
    heart.addEventListener("animationend", () => heart.remove(), { once: true });
    this.#like.append(heart);
  }

  async #share(url: string): Promise<void> {
    const { say, texts } = this.#context;
    try {
      if (navigator.share !== undefined) {
        await navigator.share({ url });
        return;
      }
      await navigator.clipboard.writeText(url);
      say({ text: texts.linkCopied, kind: "good" });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      say({ text: url });
    }
  }
}

function railButton(name: IconName, label: string, act: () => void): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "rail__button v-glass", ariaLabel: label, title: label, onclick: act },
    icon(name),
  );
}
