/** 工作室聆听主播的中文文本。 */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "您的语音字幕",
  hint: "静音观看的人可以阅读您说的话，其他人读到自己的语言。",
  on: "开",
  off: "关",
  speak: "您说",
  none: "此服务器没有语音识别。管理员可以安装。",
  noLanguage: (language: string): string => `此服务器听不懂${language}。`,
  offAir: "直播开始后启动。",
  starting: "正在启动……",
  waiting: "正在等待您的声音。",
  listening: "正在聆听。",
  hearing: "听到您了。",
  behind: "字幕落后了：您的部分话语被略去。",
  failed: "语音识别出错，正在重新启动。",
  rough: "识别较粗略：会听错一些词。",
  commands: "语音指令（英语）",
  commandsHint: "停顿，说“studio”和下面一句，再停顿：",
  next_product: "下一件商品",
  previous_product: "上一件商品",
  show_price: "显示价格",
  pin: "置顶",
  unpin: "取下",
  sold_out: "售罄",
  try_on: "请大家试一试",
  heard: (what: string, product: string): string => `您说了：${what} · ${product}`,
  nothing: (what: string): string => `您说了：${what}。没有可操作的商品。`,
  undo: "撤销",
  undone: "已撤销。",
};
