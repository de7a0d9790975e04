/** French texts of the captions. */

import type { CaptionTexts } from "../en/captions.ts";

export const texts: CaptionTexts = {
  captions: "Sous-titres",
  when: "Afficher les sous-titres",
  auto: "Automatique",
  autoMore: "En automatique, ils s’affichent quand le son est coupé ou qu’une autre langue est parlée.",
  on: "Oui",
  off: "Non",
  language: "Langue",
  asSpoken: "Langue parlée",
  size: "Taille",
  small: "Petite",
  medium: "Moyenne",
  large: "Grande",
  larger: "Très grande",
  ground: "Fond",
  glass: "Verre",
  solid: "Noir",
  outline: "Contour",
  place: "Position",
  top: "En haut",
  bottom: "En bas",
  sampleSaid: "Cette tasse est tournée ",
  sampleComing: "à la main à Porto.",
};
