/** What the parts of the player share: the session, the words, and the ways to get somewhere. */

import type { DubChoice } from "../media/dubs.ts";
import type { Product } from "../protocol/messages.ts";
import { captionTexts } from "../texts/captions.ts";
import { type Formats, type Language, type Texts, textsIn } from "../texts/index.ts";
import { translationTexts } from "../texts/translation.ts";
import { tryOnTexts } from "../texts/try_on.ts";
import { voiceTexts } from "../texts/voices.ts";
import type { Toast } from "../ui/toasts.ts";
import type { HostView } from "./host3d/host_view.ts";
import type { ShowSession } from "./show_session.ts";

/** What the player says; loaded before it is drawn. */
export const PLAYER_TEXTS = [textsIn, tryOnTexts, captionTexts, voiceTexts, translationTexts];

export interface PlayerContext {
  session: ShowSession;
  /** In which language the host is heard. */
  voices: DubChoice;
  /** The AI host as a figure. */
  host3d: HostView;
  texts: Texts;
  formats: Formats;
  language: Language;
  /** A short notice. */
  say: (toast: Toast) => void;
  /** Read out by screen readers, not shown. */
  announce: (text: string) => void;
  /** Says what went wrong; drops a token that is not taken any more. */
  sayError: (error: unknown) => void;
  /** Makes sure there is somebody to buy as. */
  ensureViewer: () => Promise<void>;
  /** Tells the page around; false when it takes the matter into its own hands. */
  tell: (type: string, detail: Record<string, unknown>) => boolean;
  /** Opens a product's sheet, with its pictures or its 3D model first. */
  openProduct: (productId: string, first?: "pictures" | "3d") => void;
  /** Opens the mirror with the look of a thing to buy; null is the first look. */
  openMirror: (productId: string, variantId: string | null) => void;
  /** The live picture, to go on in a small window; null while there is none. */
  picture: () => MediaProvider | null;
  /** Takes a product into the hand; `from` is where it goes back to. */
  pickUp: (productId: string, from: Element | null) => void;
  openProducts: () => void;
  openCart: () => void;
  openCheckout: () => void;
  openLanguages: () => void;
  /** Draws again what depends on reading originals or translations. */
  reread: () => void;
  openCaptions: () => void;
  /** Asks for a name, then calls back. */
  askName: (then: () => void) => void;
  closeSheet: () => void;
  leave: () => void;
}

/** A text of the catalogue in the viewer's language. */
export type Localised = Product["title"];
