/** Counted things in the plural forms of a language (CLDR), the figure as it writes figures. */

/** The forms that texts have to be written in. A round million in French has one of its own; it is read as `other`. */
export const FORMS = {
  ar: ["zero", "one", "two", "few", "many", "other"],
  de: ["one", "other"],
  fr: ["one", "other"],
} as const satisfies Record<string, readonly Intl.LDMLPluralRule[]>;

type Forms<Tag extends keyof typeof FORMS> = Readonly<Record<(typeof FORMS)[Tag][number] | "other", string>>;

/** Chooses among the forms of a language; `#` in a form is where the figure stands. */
export function counting<Tag extends keyof typeof FORMS>(
  tag: Tag,
): (count: number, forms: Forms<Tag>) => string {
  const rules = new Intl.PluralRules(tag);
  const figures = new Intl.NumberFormat(tag);
  return (count, forms) => {
    const known: Readonly<Partial<Record<string, string>>> = forms;
    return (known[rules.select(count)] ?? forms.other).replace("#", figures.format(count));
  };
}

/** Keeps a value of unknown direction from moving the words around it: FSI and PDI of Unicode's bidi algorithm. */
export function isolated(value: string | number): string {
  return `\u2068${value}\u2069`;
}
