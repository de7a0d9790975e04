/** Light or dark: what was chosen before, else what the system says. */

const STORED = "vitrine:theme";

export class Theme {
  #isDark: boolean;
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
    const chosen = stored();
    this.#isDark = chosen === null ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
    this.#apply();
  }

  get isDark(): boolean {
    return this.#isDark;
  }

  toggle(): void {
    this.#isDark = !this.#isDark;
    this.#apply();
    try {
      localStorage.setItem(STORED, this.#isDark ? "dark" : "light");
    } catch {
      // holds for this page
    }
  }

  #apply(): void {
    this.#root.dataset.theme = this.#isDark ? "dark" : "light";
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
