/** Keeps the phone's screen on while the camera is live. */

/** Holds a screen wake lock until aborted; the system takes it when the page is hidden, so it is asked for again. */
export function keepAwake(signal: AbortSignal): void {
  if (!("wakeLock" in navigator)) return;
  let lock: WakeLockSentinel | null = null;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== "visible" || signal.aborted) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (signal.aborted) await lock.release();
    } catch {
      // Refused on low battery: the show goes on, the screen may dim.
    }
  };
  document.addEventListener("visibilitychange", () => void ask(), { signal });
  signal.addEventListener("abort", () => void lock?.release(), { once: true });
  void ask();
}
