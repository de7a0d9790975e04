import { describe, expect, it } from "vitest";
import { amountText, likelyFirst, parseAmount } from "../../src/console/money_input.ts";

describe("a typed price", () => {
  it.each([
    ["89", "USD", 8900],
    ["89.5", "USD", 8950],
    ["89,50", "EUR", 8950],
    ["1,249.00", "USD", 124900],
    ["1.249,00", "EUR", 124900],
    ["1 249", "EUR", 124900],
    ["1,249", "USD", 124900],
    ["1,234,567", "USD", 123456700],
    ["12499", "JPY", 12499],
    ["１２，４９９", "JPY", 12499],
    ["١٬٢٤٩٫٥٠", "USD", 124950],
    ["۸۹", "USD", 8900],
    ["1,5", "JPY", null],
    ["0.999", "KWD", 999],
    ["89.505", "USD", 8950500],
    ["-5", "USD", null],
    ["", "USD", null],
    ["free", "USD", null],
    ["10000000000001", "JPY", null],
  ])("%s %s is %s", (typed, currency, minor) => {
    expect(parseAmount(typed, currency)).toBe(minor);
  });

  it.each([
    [8900, "USD", "89.00"],
    [5, "USD", "0.05"],
    [12499, "JPY", "12499"],
  ])("%i %s is written %s", (minor, currency, text) => {
    expect(amountText(minor, currency)).toBe(text);
    expect(parseAmount(text, currency)).toBe(minor);
  });
});

it("puts the currency first in which a reader thinks", () => {
  expect(likelyFirst(["CNY", "EUR", "USD", "EUR"], "es")).toEqual(["EUR", "CNY", "USD"]);
  expect(likelyFirst(["GBP", "JPY"], "en")).toEqual(["GBP", "JPY"]);
});
