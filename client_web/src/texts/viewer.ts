/** The texts of the player and the pages around it. */

import { texts as english, type Texts } from "./en/viewer.ts";
import { FOR_VIEWERS } from "./packs.ts";
import { textPart } from "./part.ts";

export const textsIn = textPart<Texts, { viewer: Texts }>(english, FOR_VIEWERS, (pack) => pack.viewer);

export type { Texts };
