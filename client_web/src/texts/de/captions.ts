/** German texts of the captions. */

import type { CaptionTexts } from "../en/captions.ts";

export const texts: CaptionTexts = {
  captions: "Untertitel",
  when: "Untertitel zeigen",
  auto: "Automatisch",
  autoMore: "Automatisch heißt: bei ausgeschaltetem Ton oder wenn eine andere Sprache gesprochen wird.",
  on: "An",
  off: "Aus",
  language: "Sprache",
  asSpoken: "Wie gesprochen",
  size: "Größe",
  small: "Klein",
  medium: "Mittel",
  large: "Groß",
  larger: "Sehr groß",
  ground: "Hintergrund",
  glass: "Glas",
  solid: "Schwarz",
  outline: "Kontur",
  place: "Position",
  top: "Oben",
  bottom: "Unten",
  sampleSaid: "Diese Tasse entsteht ",
  sampleComing: "von Hand in Porto.",
};
