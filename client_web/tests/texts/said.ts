/** Texts called with values, to look at what they say. */

type Text = (...values: unknown[]) => string;

/** All keys, those of groups with a dot: `errors.out_of_stock`. */
export function keysOf(texts: object): string[] {
  return Object.entries(texts)
    .flatMap(([key, value]) =>
      typeof value === "object" ? Object.keys(value).map((code) => `${key}.${code}`) : [key],
    )
    .sort();
}

export interface Said {
  key: string;
  text: string;
  /** Which of the values it was given the English text says: this one has to say them too. */
  values: readonly string[];
}

/** One of every plural category that Arabic has (zero, one, two, few, many, other), and a large one. */
const COUNTS = [0, 1, 2, 3, 11, 100, 12_000];
/** Figures are said by all languages from three on; small enough to be written without a separator. */
const NUMBERS = [23, 24, 25];
const WORDS = ["red cup", "blue cup", "green cup"];

export function saidTexts(texts: object, english: object): Said[] {
  return Object.entries(texts).flatMap(([key, value]): Said[] => {
    if (typeof value === "string") return [{ key, text: value, values: [] }];
    if (typeof value === "function")
      return called(key, value as Text, (english as Record<string, Text>)[key] as Text);
    return Object.entries(value).map(([code, text]) => ({
      key: `${key}.${code}`,
      text: String(text),
      values: [],
    }));
  });
}

function called(key: string, text: Text, english: Text): Said[] {
  const given: readonly unknown[] = takesNumbers(english) ? NUMBERS : WORDS;
  const expected = readable(String(english(...given)));
  const values = given.map(String).filter((value) => expected.includes(value));
  const said = [{ key, text: readable(String(text(...given))), values }];
  if (given === NUMBERS)
    for (const count of COUNTS)
      said.push({ key: `${key}(${count})`, text: String(text(...NUMBERS.map(() => count))), values: [] });
  return said;
}

function takesNumbers(text: Text): boolean {
  try {
    text(...NUMBERS);
    return true;
  } catch {
    return false;
  }
}

/** In lower case and Latin digits. */
function readable(text: string): string {
  return text.toLowerCase().replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
}
