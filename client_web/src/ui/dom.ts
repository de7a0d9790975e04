/** Building elements: text is always text (never markup), attributes are checked, listeners end with a signal. */

type Child = Node | string | number | null | undefined | false;

type Handlers = { [K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => void };

type Properties<T extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[T], "style" | "className" | "children" | "dataset" | keyof Handlers>
>;

export type Attributes<T extends keyof HTMLElementTagNameMap> = Properties<T> &
  Handlers & {
    class?: string;
    /** data-* attributes. */
    data?: Record<string, string | number | boolean | null | undefined>;
    /** aria-* and other attributes, by their own names; null leaves out. */
    attrs?: Record<string, string | number | boolean | null | undefined>;
    /** CSS custom properties and styles, by name. */
    css?: Record<string, string | number | null>;
  };

/** Makes an element: `h("button", {class: "v-button", onclick: buy}, "Buy")`. */
export function h<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes<T> = {},
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  const { class: classes, data, attrs, css, ...properties } = attributes as Attributes<"div">;
  if (classes) element.className = classes;
  for (const [name, value] of Object.entries(attrs ?? {})) setAttribute(element, name, value);
  for (const [name, value] of Object.entries(data ?? {})) setAttribute(element, `data-${name}`, value);
  for (const [name, value] of Object.entries(css ?? {})) {
    if (value !== null) element.style.setProperty(name, String(value));
  }
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (value !== undefined) {
      (element as unknown as Record<string, unknown>)[name] = value;
    }
  }
  append(element, children);
  return element;
}

/** Sets, or removes for null, undefined and false. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

export function append(parent: Element | DocumentFragment, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/** Puts these children in the place of all others. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Sets a text only when it differs, so that live regions are not read twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const sheets = new Map<string, CSSStyleSheet>();

/** A constructed style sheet, one for each text: allowed by a strict policy, shared by all shadow roots. */
export function styleSheet(css: string): CSSStyleSheet {
  let sheet = sheets.get(css);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  return sheet;
}

/** Defines a custom element once, also when two versions of the script are on a page. */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

export function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
