/** Prices as people type them, to integer minor units and back; no floating point on the way. */

/** Digits after the separator in a currency (ISO 4217 by way of Intl): 2 for USD, 0 for JPY. */
export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** Digits of Arabic and Persian keyboards, and full-width ones of East Asian input, as "0" to "9"; their separators too. */
export function plainDigits(typed: string): string {
  return typed
    .normalize("NFKC")
    .trim()
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replaceAll("٫", ".")
    .replaceAll("٬", ",");
}

/** "1,249.00", "1.249,00", "1 249", "89" to minor units; null when it is not one amount of this currency. */
export function parseAmount(typed: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const text = plainDigits(typed).replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^\d[\d.,]*$/.test(text)) return null;
  const decimal = decimalSeparatorAt(text, digits);
  const grouped = decimal === null ? text : text.slice(0, decimal);
  if (!/^(\d+|\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3})+)$/.test(grouped)) return null;
  const whole = grouped.replace(/[.,]/g, "");
  const fraction = decimal === null ? "" : text.slice(decimal + 1);
  if (fraction.length > digits) return null;
  const minor = Number(whole + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) && minor <= 10 ** 12 ? minor : null;
}

/** Minor units as plain text for an input: 8900 → "89.00". */
export function amountText(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(minor).padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * The last separator parts the decimals when another kind came before it, or when what follows cannot be
 * a group of thousands.
 */
function decimalSeparatorAt(text: string, digits: number): number | null {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (last < 0) return null;
  const separator = text[last] as string;
  const other = separator === "." ? "," : ".";
  const following = text.length - last - 1;
  if (text.includes(other)) return last;
  if (text.indexOf(separator) !== last) return null;
  return following === 3 && digits !== 3 ? null : last;
}

const LIKELY: Record<string, string> = {
  en: "USD",
  "zh-CN": "CNY",
  es: "EUR",
  de: "EUR",
  fr: "EUR",
  ja: "JPY",
  ko: "KRW",
};

/** These currencies, the one that readers of a language most likely think in first. */
export function likelyFirst(currencies: readonly string[], language: string): string[] {
  const likely = LIKELY[language];
  return [...new Set(currencies)].sort((a, b) => Number(b === likely) - Number(a === likely));
}
