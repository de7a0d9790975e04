/** Once per visit, somebody who reads another language than is spoken is told that the show can be heard in theirs. */

import { languageName } from "../texts/language.ts";
import { voiceTexts } from "../texts/voices.ts";
import type { PlayerContext } from "./context.ts";
import type { Stage } from "./stage.ts";

/** Who wants to hear a little of the original first still finds it. */
const STAYS_MS = 20_000;

export class VoiceOffer {
  #isMade = false;

  /** The sound changes by the viewer's tap alone; with the sound off, or another voice chosen, nothing is said. */
  update({ voices, language, session, say }: PlayerContext, stage: Stage): void {
    const own = language.split("-")[0] ?? language;
    const isHeard = stage.sound === "on" && session.state?.status === "live";
    if (this.#isMade || !isHeard || voices.wish !== null || !voices.languages.includes(own)) return;
    this.#isMade = true;
    const words = voiceTexts(language);
    const act = (): void => voices.choose({ language: own, withOriginal: false });
    const text = words.offered(languageName(own, language));
    say({ text, action: { label: words.listen, act }, staysMs: STAYS_MS });
  }
}
