/** スタジオが司会者の声を聞く部分の日本語テキスト。 */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "あなたの声の字幕",
  hint: "音を出さずに見る人が読めます。ほかの人は自分の言語で読みます。",
  on: "オン",
  off: "オフ",
  speak: "話す言語",
  none: "このサーバーには音声認識がありません。管理者が追加できます。",
  noLanguage: (language: string): string => `このサーバーは${language}を聞き取れません。`,
  offAir: "配信を始めると動きます。",
  starting: "開始しています…",
  waiting: "音声を待っています。",
  listening: "聞いています。",
  hearing: "聞こえています。",
  behind: "字幕が遅れています。一部の言葉は省かれます。",
  failed: "音声認識が止まり、再起動しています。",
  rough: "簡易な認識です。聞き間違いがあります。",
  commands: "音声コマンド（英語）",
  commandsHint: "間を置き、「studio」に続けて次のどれかを言い、また間を置きます。",
  next_product: "次の商品",
  previous_product: "前の商品",
  show_price: "価格を表示",
  pin: "ピン留め",
  unpin: "ピンを外す",
  sold_out: "売り切れ",
  try_on: "みんなで試着",
  heard: (what: string, product: string): string => `音声：${what}・${product}`,
  nothing: (what: string): string => `音声：${what}。対象の商品がありません。`,
  undo: "元に戻す",
  undone: "元に戻しました。",
};
