import { describe, expect, it } from "vitest";
import { problemOf } from "../../src/ar/camera.ts";
import { followed, lightOn } from "../../src/ar/face/light.ts";
import { OneEuro } from "../../src/ar/face/one_euro.ts";
import { lookOf, type ProductModel, usdzOf, wornCategory } from "../../src/ar/model.ts";
import { sizeText } from "../../src/ar/size_text.ts";
import { replaceOnce, withConstructedStyles, withoutEval } from "../../vite.vendored.ts";
import { seenFace } from "./faces.ts";

describe("the One-Euro filter", () => {
  const options = { minCutoffHz: 1.5, beta: 40 };

  it("takes the first values as they are", () => {
    expect([...new OneEuro(options).next(Float64Array.of(3, 4), 0)]).toEqual([3, 4]);
  });

  it("calms trembling to less than half", () => {
    const filter = new OneEuro({ minCutoffHz: 1.5, beta: 0 });
    let worst = 0;
    for (let i = 0; i < 60; i += 1) {
      const [value] = filter.next(Float64Array.of(100 + (i % 2 === 0 ? 1 : -1)), i * 33, 100);
      if (i > 20) worst = Math.max(worst, Math.abs((value ?? 0) - 100));
    }
    expect(worst).toBeLessThan(0.5);
  });

  it("follows a fast movement with little lag", () => {
    const filter = new OneEuro(options);
    let last = 0;
    // a face's width in half a second
    for (let i = 0; i <= 15; i += 1) last = filter.next(Float64Array.of((100 * i) / 15), i * 33, 100)[0] ?? 0;
    expect(100 - last).toBeLessThan(2);
  });

  it("starts again after a pause", () => {
    const filter = new OneEuro(options);
    filter.next(Float64Array.of(0), 0);
    expect(filter.next(Float64Array.of(50), 5000)[0]).toBe(50);
    filter.reset();
    expect(filter.next(Float64Array.of(-9), 5010)[0]).toBe(-9);
  });
});

describe("light", () => {
  const picture = (colour: (x: number) => readonly number[]) => {
    const [width, height] = [64, 48];
    const data = new Uint8ClampedArray(width * height * 4);
    for (let i = 0; i < width * height; i += 1) data.set([...colour(i % width), 255], i * 4);
    return { data, width, height };
  };

  it("is as bright as the face", () => {
    const light = lightOn(
      seenFace(),
      picture(() => [128, 128, 128]),
    );
    expect(light.level).toBeCloseTo(128 / 255, 2);
    expect(light.fromSide).toBeCloseTo(0, 5);
  });

  it("has the colour of the lamp", () => {
    const { colour } = lightOn(
      seenFace(),
      picture(() => [220, 120, 60]),
    );
    expect(colour[0]).toBe(1);
    expect(colour[2]).toBeLessThan(colour[1]);
  });

  it("changes calmly", () => {
    const dark = lightOn(
      seenFace(),
      picture(() => [10, 10, 10]),
    );
    const bright = lightOn(
      seenFace(),
      picture(() => [250, 250, 250]),
    );
    expect(followed(null, bright)).toBe(bright);
    expect(followed(dark, bright).level).toBeLessThan(0.3);
  });
});

describe("a size in words", () => {
  it("has one unit for all three", () => {
    expect(sizeText([0.142, 0.05, 0.15], "en")).toBe("14.2 × 5 × 15 cm");
    expect(sizeText([0.142, 0.05, 0.15], "es")).toBe("14,2 × 5 × 15 cm");
    expect(sizeText([3.2, 0.8, 1.05], "en")).toBe("3.2 × 0.8 × 1.05 m");
    expect(sizeText([0.012, 0.004, 0.012], "en")).toBe("12 × 4 × 12 mm");
  });

  it("says nothing of what is not known", () => {
    expect(sizeText(null, "en")).toBe("");
    expect(sizeText([1, 2], "en")).toBe("");
    expect(sizeText([Number.NaN, 1, 1], "en")).toBe("");
  });
});

describe("what can be worn", () => {
  const model = {
    category: "glasses",
    try_on_url: "/t.glb",
    glb_url: "/w.glb",
    lipstick: null,
  } as ProductModel;

  it("is what the mirror knows and has a file or shades for", () => {
    expect(wornCategory(model)).toBe("glasses");
    expect(wornCategory(null)).toBeNull();
    expect(wornCategory({ ...model, category: "furniture" })).toBeNull();
    expect(wornCategory({ ...model, try_on_url: null, glb_url: null })).toBeNull();
    expect(wornCategory({ ...model, category: "lipstick" })).toBeNull();
    const lipstick = {
      finish: "satin",
      shades: [{ name: "Rose", shade: "#aa3344", variant_id: null }],
    } as const;
    const shades = { ...model, category: "lipstick", glb_url: null, try_on_url: null } as ProductModel;
    expect(wornCategory({ ...shades, lipstick: { ...lipstick, shades: [...lipstick.shades] } })).toBe(
      "lipstick",
    );
  });

  it("has a look for each thing to buy, and a file for Quick Look for each look", () => {
    const looks = [
      { name: "Black", slug: "black", usdz_url: "/black.usdz", variant_id: "a" },
      { name: "Gold", slug: "gold", usdz_url: null, variant_id: "b" },
    ];
    expect(lookOf(looks, "b")?.name).toBe("Gold");
    expect(lookOf(looks, null)?.name).toBe("Black");
    expect(lookOf([], "b")).toBeNull();
    const file = { ...model, usdz_url: "/default.usdz" };
    expect(usdzOf(file, looks[0] ?? null)).toBe("/black.usdz");
    expect(usdzOf(file, looks[1] ?? null)).toBe("/default.usdz");
  });
});

describe("a camera that does not open", () => {
  it.each([
    ["NotAllowedError", "camera_denied"],
    ["NotFoundError", "camera_missing"],
    ["NotReadableError", "camera_busy"],
    ["TypeError", "camera_failed"],
  ])("with %s is %s", (name, code) => {
    expect(problemOf(Object.assign(new Error("no"), { name }))).toBe(code);
  });
});

describe("vendored scripts", () => {
  it("are changed only where they are known", () => {
    expect(replaceOnce("a b c", "b", "x$&")).toBe("a x$& c");
    expect(() => replaceOnce("a b b", "b", "x")).toThrow(/found 2 times/);
    expect(() => withoutEval("nothing of MediaPipe")).toThrow(/found 0 times/);
    expect(() => withConstructedStyles("<p>no style</p>")).toThrow(/template has changed/);
  });
});
