/** Typed events without the DOM. A listener ends with its `AbortSignal`; one that throws does not stop the others. */

export type Handler<T> = (payload: T) => void;

export class Emitter<Events extends object> {
  readonly #handlers = new Map<keyof Events, Set<Handler<never>>>();

  on<K extends keyof Events>(type: K, handler: Handler<Events[K]>, signal?: AbortSignal): () => void {
    if (signal?.aborted) return () => {};
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    handlers.add(handler);
    const off = (): void => {
      handlers.delete(handler);
    };
    signal?.addEventListener("abort", off, { once: true });
    return off;
  }

  emit<K extends keyof Events>(type: K, payload: Events[K]): void {
    for (const handler of [...(this.#handlers.get(type) ?? [])]) {
      try {
        (handler as Handler<Events[K]>)(payload);
      } catch (error) {
        // told as an uncaught error of its own, so that it is seen and the connection lives
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
