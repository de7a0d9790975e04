/** Toasts stand above the cards at the foot: "Buy" stays under the thumb while something is told. */

/** Keeps `--cards-top`, how far up from the player's lower edge the cards reach, px; 0 without cards. Ends with `signal`. */
export function keepAboveCards(
  player: HTMLElement,
  cards: readonly HTMLElement[],
  signal: AbortSignal,
): void {
  const place = (): void => {
    const tops = cards
      .filter((card) => card.offsetHeight > 0)
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
