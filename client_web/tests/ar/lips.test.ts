import { describe, expect, it } from "vitest";
import { FramePoints, LANDMARKS } from "../../src/ar/face/landmarks.ts";
import { INNER_LIP, lipRing, OUTER_LIP, rounded } from "../../src/ar/face/lips.ts";
import { trianglesOf } from "../../src/ar/face/occluder.ts";

/** A mouth: two ellipses around (300, 200). */
function mouth(): FramePoints {
  const values = new Float64Array(LANDMARKS * 3);
  const ellipse = (indices: readonly number[], rx: number, ry: number): void => {
    indices.forEach((index, i) => {
      const angle = Math.PI - (2 * Math.PI * i) / indices.length;
      values.set([300 + rx * Math.cos(angle), 200 + ry * Math.sin(angle), 0], index * 3);
    });
  };
  ellipse(OUTER_LIP, 60, 30);
  ellipse(INNER_LIP, 50, 10);
  return new FramePoints(values, 640, 480);
}

const area = (
  { positions, indices }: ReturnType<typeof lipRing>,
  least: number,
  coverage: Float32Array,
): number => {
  let sum = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const corner = (k: number): [number, number, number] => {
      const at = indices[i + k] as number;
      return [positions[at * 2] as number, positions[at * 2 + 1] as number, coverage[at] as number];
    };
    const [a, b, c] = [corner(0), corner(1), corner(2)];
    if (Math.min(a[2], b[2], c[2]) < least) continue;
    sum += Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
  }
  return sum;
};

describe("lips", () => {
  it("are covered between their contours and nowhere else", () => {
    const ring = lipRing(mouth());
    const lips = Math.PI * (60 * 30 - 50 * 10);
    expect(area(ring, 1, ring.coverage) / lips).toBeGreaterThan(0.6);
    expect(area(ring, 0, ring.coverage) / lips).toBeLessThan(1.2);
    expect(area(ring, 0, ring.coverage) / lips).toBeGreaterThan(0.95);
  });

  it("have soft edges on both sides", () => {
    const { coverage, across } = lipRing(mouth());
    const at = (wanted: number): number => coverage[across.indexOf(wanted)] ?? Number.NaN;
    expect(coverage[0]).toBe(0);
    expect(coverage.at(-1)).toBe(0);
    expect(at(0.5)).toBe(1);
  });

  it("leave the teeth alone in an open mouth", () => {
    const { positions, coverage } = lipRing(mouth());
    for (let i = 0; i < coverage.length; i += 1) {
      if ((coverage[i] as number) === 0) continue;
      const [x, y] = [(positions[i * 2] as number) - 300, (positions[i * 2 + 1] as number) - 200];
      expect((x / 50) ** 2 + (y / 10) ** 2).toBeGreaterThan(0.97);
    }
  });

  it("always have the same shape of triangles, inside their points", () => {
    const ring = lipRing(mouth());
    expect(Math.max(...ring.indices)).toBeLessThan(ring.coverage.length);
    expect(lipRing(mouth()).indices).toEqual(ring.indices);
  });
});

describe("a rounded contour", () => {
  it("goes through its points and stays on the circle that they lie on", () => {
    const square = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ] as const;
    const curve = rounded(square, 3);
    expect(curve).toHaveLength(16);
    expect(curve[0]).toEqual([1, 0]);
    for (const [x, y] of curve) expect(Math.hypot(x, y)).toBeGreaterThan(0.85);
  });
});

describe("triangles of the mesh", () => {
  it("are three edges in a row that come back to where they began", () => {
    const edges = [
      [127, 34],
      [34, 139],
      [139, 127],
      [11, 0],
      [0, 37],
      [37, 11],
    ] as const;
    expect([...trianglesOf(edges)]).toEqual([127, 34, 139, 11, 0, 37]);
  });

  it("leave out what is not closed, too short, or beyond the mesh", () => {
    const broken = [
      [1, 2],
      [2, 3],
      [3, 9],
      [470, 471],
      [471, 472],
      [472, 470],
      [5, 6],
    ] as const;
    expect(trianglesOf(broken)).toHaveLength(0);
  });
});
