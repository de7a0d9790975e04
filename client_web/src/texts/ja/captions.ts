/** Japanese texts of the captions. */

import type { CaptionTexts } from "../en/captions.ts";

export const texts: CaptionTexts = {
  captions: "字幕",
  when: "字幕の表示",
  auto: "自動",
  autoMore: "自動では、音声がオフのときや別の言語が話されているときに表示します。",
  on: "オン",
  off: "オフ",
  language: "言語",
  asSpoken: "話されている言語",
  size: "サイズ",
  small: "小",
  medium: "中",
  large: "大",
  larger: "特大",
  ground: "背景",
  glass: "半透明",
  solid: "黒",
  outline: "縁取り",
  place: "位置",
  top: "上",
  bottom: "下",
  sampleSaid: "このカップはポルトで、",
  sampleComing: "手作業で作られています。",
};
