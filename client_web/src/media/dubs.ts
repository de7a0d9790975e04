/**
 * Which language's sound the viewer hears. The host may be heard in others (dubs) over the same picture and in the same
 * session; nothing is changed without the viewer's own tap, which is remembered for the next show.
 */

import type { Clock } from "../protocol/clock.ts";

/** A dub of the show, by language; some also over the quiet original. */
export interface Dub {
  language: string;
  withOriginal: boolean;
}

/** What the server says about this session's sound. */
export interface SentSound {
  wanted: string | null;
  isSent: boolean;
}

/** `preparing`: the host begins to speak it. `missing`: it cannot be had now, the original is heard. */
export type VoiceState = "original" | "preparing" | "dubbed" | "missing";

/** The part of a media session that sound is chosen by. */
export interface SoundSession {
  chooseSound(name: string | null): Promise<SentSound | null>;
  sound(): Promise<SentSound | null>;
}

export interface DubChoiceOptions {
  clock: Clock;
  /** What the show can be heard in; null when the server does not say. */
  ask: () => Promise<Dub[] | null>;
  changed: () => void;
  /** What was chosen before. */
  wish: Dub | null;
  remember: (wish: Dub | null) => void;
}

const NAME = /^([a-z]{2,3})(\+original)?$/;
const SOON_MS = 1500;
const LATER_MS = 10_000;
const MOST = 32;

export function nameOf(dub: Dub): string {
  return dub.withOriginal ? `${dub.language}+original` : dub.language;
}

export function readDub(name: unknown): Dub | null {
  const found = typeof name === "string" ? NAME.exec(name) : null;
  return found?.[1] === undefined ? null : { language: found[1], withOriginal: found[2] !== undefined };
}

/** The server's list; null for anything else. */
export function readDubs(body: unknown): Dub[] | null {
  const list = (body as { dubs?: unknown } | null)?.dubs;
  if (!Array.isArray(list)) return null;
  const names = list.slice(0, MOST).map((each: { name?: unknown } | null) => readDub(each?.name));
  return names.filter((each) => each !== null);
}

export function readSentSound(body: unknown): SentSound | null {
  if (typeof body !== "object" || body === null) return null;
  const { wanted, is_sent } = body as Record<string, unknown>;
  const isKnown = wanted === null || typeof wanted === "string";
  return isKnown && typeof is_sent === "boolean" ? { wanted, isSent: is_sent } : null;
}

const ASK_MS = 5000;

/** What a show can be heard in; null when the server does not say. */
export async function askDubs(whepUrl: string, signal: AbortSignal): Promise<Dub[] | null> {
  const response = await fetch(`${whepUrl}/dubs`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]),
    cache: "no-store",
  });
  return response.ok ? readDubs(await response.json()) : null;
}

export class DubChoice {
  readonly #options: DubChoiceOptions;
  #dubs: Dub[] = [];
  #wish: Dub | null;
  #session: SoundSession | null = null;
  #sent: SentSound | null = null;
  #timer: unknown = null;
  #isClosed = false;

  constructor(options: DubChoiceOptions) {
    this.#options = options;
    this.#wish = options.wish;
  }

  /** What the viewer chose, here or before; null for the original. */
  get wish(): Dub | null {
    return this.#wish;
  }

  /** Languages that the show can be heard in, beside the original. */
  get languages(): string[] {
    return [...new Set(this.#dubs.map(({ language }) => language))];
  }

  /** Whether a language can be heard over the original as well. */
  isOver(language: string): boolean {
    return this.#dubs.some((dub) => dub.language === language && dub.withOriginal);
  }

  get state(): VoiceState {
    if (this.#wish === null) return "original";
    const isHeard = this.#sent?.isSent === true && this.#sent.wanted !== null;
    if (isHeard && readDub(this.#sent?.wanted)?.language === this.#wish.language) return "dubbed";
    return this.languages.includes(this.#wish.language) ? "preparing" : "missing";
  }

  /** A media session is open: what was wished is said again. */
  opened(session: SoundSession): void {
    this.#session = session;
    this.#sent = null;
    void this.refresh();
  }

  /** The viewer's own choice; null for the original. */
  choose(wish: Dub | null): void {
    this.#wish = wish;
    this.#sent = null;
    this.#options.remember(wish);
    this.#options.changed();
    void this.#tell();
  }

  /** Asks what there is: when the picture begins, when somebody else presents, when the choice is looked at. */
  async refresh(): Promise<void> {
    const dubs = await this.#options.ask().catch(() => null);
    if (this.#isClosed) return;
    if (dubs !== null) this.#dubs = dubs;
    this.#options.changed();
    if (this.#wish !== null) await this.#tell();
  }

  /** May be called twice. */
  close(): void {
    this.#isClosed = true;
    this.#options.clock.cancel(this.#timer);
    this.#session = null;
  }

  /** The way to listen that is nearest to the wish; the voice alone where it is not mixed with the original. */
  #name(): string | null {
    const wish = this.#wish;
    if (wish === null) return null;
    return nameOf({ ...wish, withOriginal: wish.withOriginal && this.isOver(wish.language) });
  }

  async #tell(): Promise<void> {
    const session = this.#session;
    const name = this.#name();
    const told = await session?.chooseSound(name).catch(() => null);
    if (session !== this.#session || name !== this.#name()) return;
    this.#heard(told ?? null);
  }

  #heard(sent: SentSound | null): void {
    const before = this.state;
    this.#sent = sent;
    if (this.state !== before) this.#options.changed();
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#options.clock.cancel(this.#timer);
    this.#timer = null;
    if (this.#isClosed || this.#wish === null || this.#session === null) return;
    this.#timer = this.#options.clock.after(this.state === "preparing" ? SOON_MS : LATER_MS, () => {
      this.#timer = null;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const session = this.#session;
    const sent = await session?.sound().catch(() => null);
    if (session !== this.#session || this.#wish === null) return;
    // what was asked is what counts: a server that began anew has forgotten it
    if (sent != null && sent.wanted !== this.#name()) await this.#tell();
    else if (sent != null && !sent.isSent) await this.#lookAround(sent);
    else this.#heard(sent ?? this.#sent);
  }

  /** It stopped: perhaps somebody else presents now, who is not heard in it. */
  async #lookAround(sent: SentSound): Promise<void> {
    const dubs = await this.#options.ask().catch(() => null);
    if (this.#isClosed) return;
    if (dubs !== null) this.#dubs = dubs;
    this.#heard(sent);
  }
}

const STORED = "vitrine:voice";

export function rememberedVoice(): Dub | null {
  try {
    return readDub(localStorage.getItem(STORED));
  } catch {
    return null;
  }
}

export function rememberVoice(wish: Dub | null): void {
  try {
    if (wish === null) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, nameOf(wish));
  } catch {
    // storage is off: the choice holds for this page
  }
}
