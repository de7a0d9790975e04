/** A list of elements that follows a list of things, keeping the element of each thing (its focus, its scroll place). */

export interface KeyedListOptions<T, E extends HTMLElement> {
  parent: HTMLElement;
  keyOf: (item: T) => string;
  make: (item: T) => E;
  /** Called for new elements too. */
  update: (element: E, item: T, place: number) => void;
}

export class KeyedList<T, E extends HTMLElement = HTMLElement> {
  readonly #options: KeyedListOptions<T, E>;
  readonly #elements = new Map<string, E>();

  constructor(options: KeyedListOptions<T, E>) {
    this.#options = options;
  }

  /** Shows exactly these, in this order. */
  show(items: readonly T[]): void {
    const { parent, keyOf, make, update } = this.#options;
    const wanted = new Set(items.map(keyOf));
    for (const [key, element] of this.#elements) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#elements.delete(key);
    }
    items.forEach((item, place) => {
      const key = keyOf(item);
      let element = this.#elements.get(key);
      if (element === undefined) {
        element = make(item);
        this.#elements.set(key, element);
      }
      update(element, item, place);
      // Only what stands elsewhere is moved: moving takes focus and scrolling away.
      const there = parent.children[place];
      if (there !== element) parent.insertBefore(element, there ?? null);
    });
  }

  element(key: string): E | undefined {
    return this.#elements.get(key);
  }
}
