/** English texts of the captions: the keys that the other languages must have. */

export const texts = {
  captions: "Captions",
  when: "Show captions",
  auto: "Automatic",
  autoMore: "Automatic shows them while the sound is off, or when another language is spoken.",
  on: "On",
  off: "Off",
  language: "Language",
  asSpoken: "As spoken",
  size: "Size",
  small: "Small",
  medium: "Medium",
  large: "Large",
  larger: "Largest",
  ground: "Background",
  glass: "Glass",
  solid: "Black",
  outline: "Outline",
  place: "Place",
  top: "Top",
  bottom: "Bottom",
  sampleSaid: "This cup is thrown ",
  sampleComing: "by hand in Porto.",
};

export type CaptionTexts = typeof texts;
