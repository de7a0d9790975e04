/** 스튜디오가 진행자의 말을 듣는 부분의 한국어 문구. */

import type { ListeningTexts } from "../en/listening.ts";

export const texts: ListeningTexts = {
  title: "내 목소리 자막",
  hint: "소리 없이 보는 사람이 읽고, 다른 사람은 자기 언어로 읽습니다.",
  on: "켜기",
  off: "끄기",
  speak: "말하는 언어",
  none: "이 서버에는 음성 인식이 없습니다. 운영자가 설치할 수 있습니다.",
  noLanguage: (language: string): string => `이 서버는 ${language} 음성을 알아듣지 못합니다.`,
  offAir: "방송이 시작되면 작동합니다.",
  starting: "시작하는 중…",
  waiting: "소리를 기다리는 중입니다.",
  listening: "듣고 있습니다.",
  hearing: "말이 들립니다.",
  behind: "자막이 늦어져 일부 말이 빠집니다.",
  failed: "음성 인식이 멈춰 다시 시작합니다.",
  rough: "간이 인식입니다. 잘못 들을 수 있습니다.",
  commands: "음성 명령(영어)",
  commandsHint: "잠시 멈추고 “studio”와 다음 중 하나를 말한 뒤 다시 멈추세요.",
  next_product: "다음 상품",
  previous_product: "이전 상품",
  show_price: "가격 표시",
  pin: "고정",
  unpin: "내리기",
  sold_out: "품절",
  try_on: "모두 써 보기",
  heard: (what: string, product: string): string => `음성: ${what} · ${product}`,
  nothing: (what: string): string => `음성: ${what}. 적용할 상품이 없습니다.`,
  undo: "실행 취소",
  undone: "되돌렸습니다.",
};
