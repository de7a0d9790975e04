/** Moving one thing within a list, by drag or by keyboard. */

/** A copy of the list with the item at `from` moved to `to`; places outside are brought to the nearest end. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  const [item] = copy.splice(from, 1);
  if (item === undefined) return copy;
  copy.splice(Math.max(0, Math.min(to, copy.length)), 0, item);
  return copy;
}

/** The place of a dragged row: how many of the other rows have their middle above the pointer. */
export function placeAt(pointerY: number, middles: readonly number[]): number {
  return middles.filter((middle) => middle < pointerY).length;
}
