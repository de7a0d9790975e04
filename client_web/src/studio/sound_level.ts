/** The microphone's level, so that a host sees being heard before going live. */

/** Quietest level that the meter shows; below is silence. */
const FLOOR_DB = -60;

/** Samples (−1…1) to a bar from 0 to 1: root mean square on a decibel scale. */
export function meterValue(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms <= 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / -FLOOR_DB));
}

/**
 * Calls `show` about fifteen times a second with the level of the stream's sound until aborted.
 * A level falls slowly and rises at once, as on a mixing desk.
 */
export function watchLevel(
  track: MediaStreamTrack,
  show: (level: number) => void,
  signal: AbortSignal,
): void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let level = 0;
  const timer = setInterval(() => {
    // Created before a gesture, the context may wait; it starts as soon as the page is touched.
    if (context.state === "suspended") void context.resume();
    analyser.getFloatTimeDomainData(samples);
    level = Math.max(meterValue(samples), level - 0.06);
    show(level);
  }, 66);
  signal.addEventListener(
    "abort",
    () => {
      clearInterval(timer);
      source.disconnect();
      void context.close();
    },
    { once: true },
  );
}
