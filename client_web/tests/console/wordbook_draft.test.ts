import { describe, expect, it } from "vitest";
import { draftOf, inputOf, newWords, problemsOf } from "../../src/console/wordbook_draft.ts";

const book = { terms: [{ term: "glaze", said: { es: "esmalte" } }], keep: ["Casa Barro"], blocked: ["scam"] };

describe("a wordbook being written", () => {
  it("is sent as it came when nothing changed, and the draft is a copy", () => {
    const draft = draftOf(book);
    expect(inputOf(draft)).toEqual(book);
    Object.assign(draft.terms[0]?.said ?? {}, { es: "otra" });
    expect(book.terms[0]?.said.es).toBe("esmalte");
  });

  it("is sent without empty rows and words", () => {
    const draft = draftOf(book);
    draft.terms.push({ term: " ", said: { es: "" } }, { term: " cup ", said: { es: " taza ", zh: " " } });
    expect(inputOf(draft).terms).toEqual([...book.terms, { term: "cup", said: { es: "taza" } }]);
    expect(problemsOf(draft).size).toBe(0);
  });

  it("says what is wrong with a term", () => {
    const terms = [
      { term: "glaze", said: { es: "esmalte" } },
      { term: "glaze ", said: { es: "vidriado" } },
      { term: "", said: { es: "taza" } },
      { term: "bowl", said: {} },
    ];
    expect([...problemsOf({ terms, keep: [], blocked: [] })]).toEqual([
      [1, "double"],
      [2, "term"],
      [3, "said"],
    ]);
  });

  it("takes many words at once, each once, none too long", () => {
    expect(newWords(" a, b，a、c\nd ,, ", ["c"])).toEqual(["a", "b", "d"]);
    expect(newWords("x".repeat(200), [])[0]).toHaveLength(80);
    expect(newWords("  ", [])).toEqual([]);
  });
});
