/** Toasts stand above what is at the foot: "Buy" stays under the thumb and captions are read while something is told. */

/** Keeps `--cards-top`: how far those `cards` that are in `foot` reach up from the player's lower edge, px. Ends with `signal`. */
export function keepAboveCards(
  player: HTMLElement,
  foot: HTMLElement,
  cards: readonly HTMLElement[],
  signal: AbortSignal,
): void {
  const place = (): void => {
    const tops = cards
      .filter((card) => card.parentElement === foot && card.offsetHeight > 0)
      .map((card) => card.getBoundingClientRect().top);
    const { bottom } = player.getBoundingClientRect();
    const top = tops.length > 0 ? Math.max(0, bottom - Math.min(...tops)) : 0;
    player.style.setProperty("--cards-top", `${Math.round(top)}px`);
  };
  const observer = new ResizeObserver(place);
  for (const card of cards) observer.observe(card);
  observer.observe(player);
  signal.addEventListener("abort", () => observer.disconnect());
}
