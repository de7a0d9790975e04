/**
 * The One-Euro filter (Casiez, Roussel, Vogel: "1€ Filter", CHI 2012) over many values at once: still values are held
 * still, fast ones follow at once, because the cut-off frequency rises with the speed.
 */

export interface OneEuroOptions {
  /** Cut-off of still values, in Hz: lower is calmer. */
  minCutoffHz: number;
  /** How much speed raises the cut-off: higher lags less. */
  beta: number;
  /** Cut-off of the speed itself, in Hz. */
  speedCutoffHz?: number;
}

export class OneEuro {
  readonly #options: Required<OneEuroOptions>;
  #values: Float64Array | null = null;
  #speeds: Float64Array = new Float64Array(0);
  #atMs = 0;

  constructor(options: OneEuroOptions) {
    this.#options = { speedCutoffHz: 1, ...options };
  }

  /** Filters values taken at `atMs`; `unit` is the size in which speed is measured, e.g. a face's width in pixels. */
  next(values: Float64Array, atMs: number, unit = 1): Float64Array {
    const before = this.#values;
    const seconds = (atMs - this.#atMs) / 1000;
    this.#atMs = atMs;
    if (before === null || before.length !== values.length || seconds <= 0 || seconds > 1) {
      this.#values = values.slice();
      this.#speeds = new Float64Array(values.length);
      return this.#values.slice();
    }
    const { minCutoffHz, beta, speedCutoffHz } = this.#options;
    const ofSpeed = smoothing(speedCutoffHz, seconds);
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      const held = before[i] as number;
      const speed = (value - held) / seconds / unit;
      const calm = (this.#speeds[i] as number) + ofSpeed * (speed - (this.#speeds[i] as number));
      this.#speeds[i] = calm;
      before[i] = held + smoothing(minCutoffHz + beta * Math.abs(calm), seconds) * (value - held);
    }
    return before.slice();
  }

  /** Forgets: the next values are taken as they are. */
  reset(): void {
    this.#values = null;
  }
}

/** Share of a new value that is taken, for a cut-off frequency and a time step. */
function smoothing(cutoffHz: number, seconds: number): number {
  const r = 2 * Math.PI * cutoffHz * seconds;
  return r / (r + 1);
}
