/** Contact and address, with the autofill names that browsers know, and errors beside the fields. */

import type { Address } from "../protocol/messages.ts";
import type { Formats, Texts } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { type Field, field } from "../ui/field.ts";
import { countries, likelyCountry } from "./countries.ts";

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

type Control = HTMLInputElement | HTMLSelectElement;
type FieldName = keyof Address;

interface Entry {
  field: Field<Control>;
  label: string;
  /** Characters at most. */
  most: number;
}

export class AddressForm {
  readonly #texts: Texts;
  readonly #formats: Formats;
  readonly #fields = new Map<FieldName, Entry>();

  constructor(texts: Texts, formats: Formats) {
    this.#texts = texts;
    this.#formats = formats;
  }

  get value(): Address {
    const of = (name: FieldName): string => this.#fields.get(name)?.field.control.value.trim() ?? "";
    return {
      name: of("name"),
      email: of("email"),
      street_address: of("street_address"),
      postal_code: of("postal_code"),
      city: of("city"),
      country: of("country"),
    };
  }

  /** The fields; what was typed into earlier ones (a hold that ran out) is kept. */
  draw(currency: string): HTMLElement {
    const texts = this.#texts;
    const country = h("select", { name: "country", attrs: { autocomplete: "shipping country" } });
    for (const { code, name } of countries(this.#formats)) country.append(h("option", { value: code }, name));
    country.value = likelyCountry(navigator.languages, currency);
    const email = {
      type: "email",
      autocomplete: "email",
      inputmode: "email",
      autocapitalize: "off",
      spellcheck: "false",
    };
    return h(
      "fieldset",
      { class: "checkout__group checkout__address" },
      h("legend", {}, texts.contact),
      this.#input("email", texts.email, 200, email, texts.emailHint),
      this.#input("name", texts.name, 100, { autocomplete: "shipping name" }),
      this.#input("street_address", texts.street, 200, { autocomplete: "shipping street-address" }),
      this.#input("postal_code", texts.postalCode, 20, { autocomplete: "shipping postal-code" }),
      this.#input("city", texts.city, 100, { autocomplete: "shipping address-level2" }),
      this.#add("country", field<Control>(texts.country, country), texts.country, 2),
    );
  }

  /** Marks what is wrong and moves to the first such field; returns how many there are. */
  check(): number {
    const wrong: Control[] = [];
    for (const [name, { field: each }] of this.#fields) {
      const text = this.#wrong(name);
      each.setError(text);
      if (text !== null) wrong.push(each.control);
    }
    wrong[0]?.focus();
    wrong[0]?.scrollIntoView({ block: "center" });
    return wrong.length;
  }

  #input(
    name: FieldName,
    label: string,
    most: number,
    attributes: Record<string, string>,
    hint?: string,
  ): HTMLElement {
    const { type = "text", ...attrs } = attributes;
    const control = h("input", { type, name, maxLength: most, required: true, attrs });
    return this.#add(name, field<Control>(label, control, hint), label, most);
  }

  #add(name: FieldName, made: Field<Control>, label: string, most: number): HTMLElement {
    const before = this.#fields.get(name)?.field.control.value;
    if (before) made.control.value = before;
    this.#fields.set(name, { field: made, label, most });
    made.control.addEventListener("input", () => made.setError(null));
    made.control.addEventListener("blur", () => {
      if (made.control.value !== "") made.setError(this.#wrong(name));
    });
    made.element.classList.add(`checkout__${name}`);
    return made.element;
  }

  #wrong(name: FieldName): string | null {
    const texts = this.#texts;
    const entry = this.#fields.get(name);
    if (entry === undefined) return null;
    const value = entry.field.control.value.trim();
    if (value === "") return texts.fieldEmpty(entry.label);
    if (value.length > entry.most) return texts.fieldTooLong;
    if (name === "email" && !EMAIL.test(value)) return texts.fieldEmail;
    return null;
  }
}
