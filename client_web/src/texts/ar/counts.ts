/** What is counted on several pages, in the six forms of Arabic. */

import { counting } from "../plural.ts";

export const count = counting("ar");

export const viewers = (n: number): string =>
  count(n, {
    zero: "لا مشاهدين",
    one: "مشاهد واحد",
    two: "مشاهدان",
    few: "# مشاهدين",
    many: "# مشاهدًا",
    other: "# مشاهد",
  });

export const products = (n: number): string =>
  count(n, {
    zero: "لا منتجات",
    one: "منتج واحد",
    two: "منتجان",
    few: "# منتجات",
    many: "# منتجًا",
    other: "# منتج",
  });

export const orders = (n: number): string =>
  count(n, {
    zero: "لا طلبات",
    one: "طلب واحد",
    two: "طلبان",
    few: "# طلبات",
    many: "# طلبًا",
    other: "# طلب",
  });

export const variants = (n: number): string =>
  count(n, {
    zero: "لا خيارات",
    one: "خيار واحد",
    two: "خياران",
    few: "# خيارات",
    many: "# خيارًا",
    other: "# خيار",
  });

export const left = (n: number): string =>
  count(n, {
    zero: "لم يبقَ شيء",
    one: "بقيت قطعة واحدة",
    two: "بقيت قطعتان",
    few: "بقيت # قطع",
    many: "بقيت # قطعة",
    other: "بقيت # قطعة",
  });

/** After a preposition, which changes the dual. */
export const seconds = (n: number): string =>
  count(n, {
    zero: "لحظات",
    one: "ثانية واحدة",
    two: "ثانيتين",
    few: "# ثوانٍ",
    many: "# ثانية",
    other: "# ثانية",
  });
