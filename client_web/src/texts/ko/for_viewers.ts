/** All that viewers read in Korean, to be fetched in one piece. */

export { texts as captions } from "./captions.ts";
export { texts as translation } from "./translation.ts";
export { texts as tryOn } from "./try_on.ts";
export { texts as viewer } from "./viewer.ts";
export { texts as voices } from "./voices.ts";
