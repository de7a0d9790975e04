/** Money, numbers and times as a language writes them. Formatters are costly to make, so they are kept. */

import { directionOf } from "./language.ts";
import { isolated } from "./plural.ts";

export class Formats {
  readonly language: string;
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #dates = new Map<string, Intl.DateTimeFormat>();

  constructor(language: string) {
    this.language = language;
  }

  /** Integer minor units as an amount: 5990 EUR → "€59.90". */
  money(minor: number, currency: string): string {
    const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
    const format = this.#number(`money ${currency}`, options);
    const parts = format.formatToParts(minor / 10 ** minorDigits(currency));
    return parts.map(({ type, value }) => (type === "currency" ? this.#inItsOrder(value) : value)).join("");
  }

  /** "CN¥" must not become "¥CN" among Arabic words. */
  #inItsOrder(symbol: string): string {
    return directionOf(this.language) === "rtl" && /[A-Za-z]/.test(symbol) ? isolated(symbol) : symbol;
  }

  number(value: number): string {
    return this.#number("plain", {}).format(value);
  }

  /** 12,345 → "12K", for counts that need no exactness. */
  compact(value: number): string {
    return this.#number("compact", { notation: "compact", maximumFractionDigits: 1 }).format(value);
  }

  percent(share: number): string {
    return this.#number("percent", { style: "percent", maximumFractionDigits: 0 }).format(share);
  }

  /** 95 s → "1:35". */
  duration(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds));
    const two = (value: number): string => String(value).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor((whole % 3600) / 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }

  time(iso: string | Date): string {
    return this.#date("time", { hour: "numeric", minute: "2-digit" }).format(new Date(iso));
  }

  dateTime(iso: string | Date): string {
    return this.#date("dateTime", { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  }

  /** "Friday 27 November, 18:00": when something begins. */
  moment(iso: string | Date): string {
    return this.#date("moment", {
      weekday: "long",
      day: "numeric",
      month: "long",
      hour: "numeric",
      minute: "2-digit",
    }).format(new Date(iso));
  }

  /** "Fri, 27 Nov, 18:00": the same where there is little room. */
  shortMoment(iso: string | Date): string {
    return this.#date("shortMoment", {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "numeric",
      minute: "2-digit",
    }).format(new Date(iso));
  }

  /** "24–26 Nov": days on which something arrives. */
  dayRange(from: Date, to: Date): string {
    return this.#date("days", { day: "numeric", month: "short" }).formatRange(from, to);
  }

  country(code: string): string {
    try {
      return new Intl.DisplayNames([this.language], { type: "region" }).of(code) ?? code;
    } catch {
      return code;
    }
  }

  #number(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    let format = this.#numbers.get(key);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.language, options);
      this.#numbers.set(key, format);
    }
    return format;
  }

  #date(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    let format = this.#dates.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(this.language, options);
      this.#dates.set(key, format);
    }
    return format;
  }
}

/** Digits after the point by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  try {
    const { maximumFractionDigits } = new Intl.NumberFormat("en", {
      style: "currency",
      currency,
    }).resolvedOptions();
    return maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}
