/** A size in metres as people write it: "14.2 × 5 × 15 cm". */

const CM_PER_M = 100;
/** From this length on, metres read better than centimetres. */
const LARGE_M = 3;
/** Below this length of the longest side, millimetres do. */
const SMALL_M = 0.02;

/** Width × height × depth with one unit for all three; empty for none. */
export function sizeText(sizeM: readonly number[] | null, language: string): string {
  if (sizeM === null || sizeM.length !== 3 || sizeM.some((side) => !Number.isFinite(side) || side < 0))
    return "";
  const longest = Math.max(...sizeM);
  if (longest === 0) return "";
  const [unit, perMetre, digits] =
    longest < SMALL_M ? ["mm", 1000, 1] : longest >= LARGE_M ? ["m", 1, 2] : ["cm", CM_PER_M, 1];
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: digits as number });
  return `${sizeM.map((side) => format.format(side * (perMetre as number))).join(" × ")} ${unit}`;
}
