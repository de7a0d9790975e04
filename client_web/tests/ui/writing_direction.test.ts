import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** What is pinned to a place in the picture or on the screen, whichever way the words run. */
const PINNED = [
  // the knob of the comparison stands on the line between two halves of the picture
  "player/ar.css: left: calc(22px + (100% - 44px) * var(--divide, 0.5) - 12px)",
  // what is held follows the finger, from the corner
  "player/ar.css: left: 0",
];

const PHYSICAL =
  /^(?:left|right|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius)$/;
const SIDED_VALUE = /^(?:left|right)$/;
const BOXED = /^(?:margin|padding|inset|border-width|scroll-margin|scroll-padding)$/;

/** Values of a shorthand, those in brackets as one. */
function values(text: string): string[] {
  return text.match(/(?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+/g) ?? [];
}

/** Whether a declaration names a left or right where start and end exist. */
function isOneSided(property: string, value: string): boolean {
  if (PHYSICAL.test(property)) return true;
  if (/^(?:text-align|float|clear|transform-origin)$/.test(property)) return SIDED_VALUE.test(value);
  const sides = values(value);
  if (BOXED.test(property)) return sides.length === 4 && sides[1] !== sides[3];
  if (property === "border-radius" && sides.length === 4)
    return sides[0] !== sides[1] || sides[2] !== sides[3];
  return property === "transform" && /translateX\((?!calc\()/.test(value) && value !== "translateX(0)";
}

function declarations(css: string): [string, string][] {
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, "");
  return [...bare.matchAll(/[{;]\s*([a-z-]+):\s*([^;{}]+)(?=[;}])/g)].map((found) => [
    found[1] ?? "",
    (found[2] ?? "").replace(/\s+/g, " ").trim(),
  ]);
}

const sheets = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".css"),
);

describe("styles", () => {
  it.each(sheets)("%s speaks of start and end, not of left and right", (name) => {
    const css = readFileSync(join(SRC, name), "utf8");
    const found = declarations(css)
      .filter(([property, value]) => isOneSided(property, value))
      .map(([property, value]) => `${relative(SRC, join(SRC, name))}: ${property}: ${value}`)
      .filter((each) => !PINNED.includes(each));
    expect(found).toEqual([]);
  });

  it.each([
    ["padding-left", "4px", true],
    ["inset", "0 0 0 auto", true],
    ["inset", "auto 0 0", false],
    ["padding", "0 calc(1px + (2px * var(--a))) 0 4px", true],
    ["border-radius", "20px 0 0 20px", true],
    ["border-radius", "20px 20px 0 0", false],
    ["text-align", "left", true],
    ["transform", "translateX(40px)", true],
    ["padding-inline-start", "4px", false],
  ])("%s: %s is found", (property, value, isFound) => {
    expect(isOneSided(property, value)).toBe(isFound);
  });
});
