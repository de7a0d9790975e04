/** Tells a tap from a hold on one element, for thumbs that scroll the same surface. */

const HOLD_MS = 450;
const SLIP_PX = 10;

export interface HoldHandlers {
  tap: () => void;
  hold: () => void;
}

/**
 * Taps come as the element's click (so keyboard and assistive technology tap too); a hold is a press of 450 ms
 * that stays in place. The click that follows a hold is swallowed.
 */
export function listenForHold(element: HTMLElement, handlers: HoldHandlers, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held = false;
  let from = { x: 0, y: 0 };
  const cancel = (): void => clearTimeout(timer);
  const options = { signal };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      held = false;
      from = { x: event.clientX, y: event.clientY };
      cancel();
      timer = setTimeout(() => {
        held = true;
        handlers.hold();
      }, HOLD_MS);
    },
    options,
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLIP_PX) cancel();
    },
    options,
  );
  for (const type of ["pointerup", "pointercancel", "pointerleave"] as const)
    element.addEventListener(type, cancel, options);
  element.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  element.addEventListener(
    "click",
    (event) => {
      cancel();
      if (held) {
        held = false;
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      handlers.tap();
    },
    options,
  );
  signal.addEventListener("abort", cancel, { once: true });
}
