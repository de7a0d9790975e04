/** Chinese texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "语音",
  page: "页面",
  original: "原声",
  underneath: "保留较轻的原声",
  preparing: (language) => `${language}语音马上开始，在此之前为原声。`,
  missing: (language) => `目前没有${language}语音，正在播放原声。`,
  heard: (language) => `正在播放${language}语音。`,
  offered: (language) => `本场直播可以用${language}收听。`,
  listen: "收听",
  voiceIn: (language) => `语音：${language}`,
  host3d: "以 3D 形象显示主播",
  host3dMore: "在你的设备上绘制，声音不变。更耗电，且仅在 AI 主播直播时可用。",
};
