/** Korean texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "음성",
  page: "페이지",
  original: "원음",
  underneath: "원음을 작게 함께 듣기",
  preparing: (language) => `곧 ${language} 음성이 시작됩니다. 그때까지 원음이 들립니다.`,
  missing: (language) => `지금은 ${language} 음성이 없습니다. 원음이 들립니다.`,
  heard: (language) => `${language} 음성을 듣고 있습니다.`,
  offered: (language) => `이 라이브를 ${language} 음성으로 들을 수 있어요.`,
  listen: "듣기",
  voiceIn: (language) => `음성: ${language}`,
  host3d: "호스트를 3D 캐릭터로 보기",
  host3dMore:
    "이 기기에서 그리며 목소리는 같습니다. 배터리를 더 쓰고, AI 호스트가 진행할 때만 볼 수 있습니다.",
};
