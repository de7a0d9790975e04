/** Keys of the player: space sound, L like, C cart, arrows through the products, Escape closes. */

export interface KeyActions {
  sound: () => void;
  like: () => void;
  cart: () => void;
  close: () => void;
  product: (by: 1 | -1) => void;
}

export function listenForKeys(target: EventTarget, actions: KeyActions, signal: AbortSignal): void {
  target.addEventListener(
    "keydown",
    (event) => {
      if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const focused = event.composedPath()[0];
      const isOnControl =
        focused instanceof Element && focused.matches("input, textarea, select, [contenteditable]");
      if (isOnControl) return;
      const isOnButton = focused instanceof Element && focused.matches("button, a, summary");
      const act = actionOf(event, isOnButton, actions);
      if (act === null) return;
      event.preventDefault();
      act();
    },
    { signal },
  );
}

function actionOf(event: KeyboardEvent, isOnButton: boolean, actions: KeyActions): (() => void) | null {
  switch (event.key) {
    case " ":
      return isOnButton ? null : actions.sound;
    case "l":
    case "L":
      return actions.like;
    case "c":
    case "C":
      return actions.cart;
    case "Escape":
      return actions.close;
    case "ArrowRight":
      return () => actions.product(1);
    case "ArrowLeft":
      return () => actions.product(-1);
    default:
      return null;
  }
}
