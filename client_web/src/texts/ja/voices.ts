/** Japanese texts of the choice of voice. */

import type { VoiceTexts } from "../en/voices.ts";

export const texts: VoiceTexts = {
  voice: "音声",
  page: "表示",
  original: "オリジナル",
  underneath: "オリジナルを小さく重ねる",
  preparing: (language) => `まもなく${language}の音声が始まります。それまではオリジナルが流れます。`,
  missing: (language) => `現在、${language}の音声はありません。オリジナルが流れています。`,
  heard: (language) => `${language}の音声で再生中です。`,
  offered: (language) => `この配信は${language}の音声で聴けます。`,
  listen: "聴く",
  voiceIn: (language) => `音声：${language}`,
  host3d: "ホストを3Dで表示",
  host3dMore: "お使いの端末で描画し、声は同じです。電池の消費が増え、AIホストの出演中のみ使えます。",
};
