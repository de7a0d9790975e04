/** Korean texts of the captions. */

import type { CaptionTexts } from "../en/captions.ts";

export const texts: CaptionTexts = {
  captions: "자막",
  when: "자막 표시",
  auto: "자동",
  autoMore: "자동으로 두면 소리가 꺼져 있거나 다른 언어로 말할 때 표시합니다.",
  on: "켜기",
  off: "끄기",
  language: "언어",
  asSpoken: "말하는 언어",
  size: "크기",
  small: "작게",
  medium: "보통",
  large: "크게",
  larger: "아주 크게",
  ground: "배경",
  glass: "반투명",
  solid: "검정",
  outline: "윤곽선",
  place: "위치",
  top: "위",
  bottom: "아래",
  sampleSaid: "이 컵은 포르투에서 ",
  sampleComing: "손으로 빚었습니다.",
};
