/** Tells those who wait for something that it may have come true. */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();

  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Resolves as soon as a change makes the condition true, or at once. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }
}
