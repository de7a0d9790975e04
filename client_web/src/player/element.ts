/**
 * `<vitrine-player show="…" server="…">`: a live show with its shop, on any page.
 *
 * Attributes: `show` (id), `server` (origin; default: where this script came from), `language`, `muted` (start
 * silent), `page` (fills the window, takes keys of the whole page), `closable`. Brands set `--vitrine-accent`,
 * `--vitrine-on-accent` and `--vitrine-radius` on it.
 *
 * Events (bubbling, through shadow roots), `detail` in the words of the API:
 * `vitrine:show-loaded`, `vitrine:pin-shown`, `vitrine:product-opened`, `vitrine:try-on-opened`, `vitrine:add-to-cart`, `vitrine:cart-changed`,
 * `vitrine:checkout-started`, `vitrine:order-placed`, `vitrine:close`. `add-to-cart` and `checkout-started` can be
 * prevented by a shop that has a cart of its own.
 */

import { currentLanguage, loadTexts } from "../texts/index.ts";
import { define, styleSheet } from "../ui/dom.ts";
import tokens from "../ui/tokens.css?inline";
import pieces from "../ui/ui.css?inline";
import arCss from "./ar.css?inline";
import captionsCss from "./captions.css?inline";
import { PLAYER_TEXTS } from "./context.ts";
import { loadFont } from "./font.ts";
import css from "./player.css?inline";
import { PlayerScreen } from "./player_screen.ts";
import commerceCss from "./shopping.css?inline";
import voicesCss from "./voices.css?inline";

const OWN_SERVER = new URL(import.meta.url).origin;

export class VitrinePlayer extends HTMLElement {
  static readonly observedAttributes = ["show", "server", "language"];
  readonly #root: ShadowRoot;
  #screen: PlayerScreen | null = null;
  #isStarting = false;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [tokens, pieces, css, commerceCss, arCss, captionsCss, voicesCss].map(
      styleSheet,
    );
  }

  /** Show clock of the last presented frame, in milliseconds; 0 before the first. */
  get currentShowMs(): number {
    return this.#screen?.session.currentShowMs ?? 0;
  }

  /** The video element, for measurements. */
  get video(): HTMLVideoElement | null {
    return this.#screen?.stage.video ?? null;
  }

  connectedCallback(): void {
    loadFont();
    if (!this.hasAttribute("tabindex")) this.tabIndex = -1;
    this.#restart();
  }

  disconnectedCallback(): void {
    this.#screen?.close();
    this.#screen = null;
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || this.#screen === null) return;
    if (name === "language") void this.#screen.speak(after);
    else this.#restart();
  }

  /** Opens a product's sheet, e.g. from a tile on the shop's own page. */
  openProduct(productId: string): void {
    this.#screen?.openProduct(productId);
  }

  #restart(): void {
    // several attributes set one after the other start one player
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => void this.#start());
  }

  async #start(): Promise<void> {
    const wish = this.getAttribute("language");
    const language = await loadTexts(currentLanguage(wish), PLAYER_TEXTS);
    this.#isStarting = false;
    if (!this.isConnected) return;
    this.#screen?.close();
    this.#screen = null;
    const show = this.getAttribute("show");
    if (!show) return;
    const server = this.getAttribute("server") ?? OWN_SERVER;
    this.#screen = new PlayerScreen(this, this.#root, show, server, language);
    const wishNow = this.getAttribute("language");
    if (wishNow !== wish) void this.#screen.speak(wishNow);
  }
}

define("vitrine-player", VitrinePlayer);

declare global {
  interface HTMLElementTagNameMap {
    "vitrine-player": VitrinePlayer;
  }
}
