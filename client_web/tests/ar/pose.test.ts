import { describe, expect, it } from "vitest";
import { POINT } from "../../src/ar/face/landmarks.ts";
import { skullBehind } from "../../src/ar/face/occluder.ts";
import { faceInSpace, pointAt, verticalFov, yawDegrees } from "../../src/ar/face/pose.ts";
import { eyeSpanPx, FaceScale, irisPx } from "../../src/ar/face/scale.ts";
import { cross, dot, length, minus, type Vec } from "../../src/ar/face/vectors.ts";
import { placesFor } from "../../src/ar/mirror/worn.ts";
import { seenFace } from "./faces.ts";

const MM = 0.001;

function scaled(seen: Parameters<typeof seenFace>[0]) {
  const points = seenFace(seen);
  const scale = new FaceScale();
  scale.see(seenFace({ distanceM: 0.4 }));
  return { points, space: faceInSpace(points, scale.metresPerPx(points)) };
}

describe("the size of a face", () => {
  it("comes from its irises, near and far", () => {
    for (const distanceM of [0.3, 0.5, 0.9]) {
      const points = seenFace({ distanceM });
      const scale = new FaceScale();
      scale.see(points);
      expect(eyeSpanPx(points) / irisPx(points)).toBeCloseTo(88 / 11.7, 2);
      expect(scale.eyeSpanM).toBeCloseTo(0.088, 4);
      expect(scale.metresPerPx(points) * eyeSpanPx(points)).toBeCloseTo(0.088, 4);
    }
  });

  it("is not learned from a face that looks away, and not believed when no adult has it", () => {
    const scale = new FaceScale();
    scale.see(seenFace({ yaw: 50 }));
    expect(scale.eyeSpanM).toBeCloseTo(0.088, 6);
    const odd = seenFace();
    odd.values.set(odd.at(468), 469 * 3);
    odd.values.set(odd.at(468), 471 * 3);
    scale.see(odd);
    expect(scale.eyeSpanM).toBeLessThanOrEqual(0.108);
  });

  it("is held by the middle of many measurements: one bad frame changes nothing", () => {
    const scale = new FaceScale();
    for (let i = 0; i < 9; i += 1) scale.see(seenFace({ distanceM: 0.4 + i * 0.05 }));
    const bad = seenFace();
    bad.values.set([0, 0, 0], 470 * 3);
    scale.see(bad);
    expect(scale.eyeSpanM).toBeCloseTo(0.088, 4);
  });

  it("is forgotten with the person", () => {
    const scale = new FaceScale();
    scale.see(seenFace());
    scale.reset();
    expect(scale.eyeSpanM).toBeCloseTo(0.088, 6);
  });
});

describe("a face in space", () => {
  it("stands where it was seen, in metres", () => {
    const { space } = scaled({ distanceM: 0.5 });
    const left = pointAt(space.positions, POINT.eyeOuterLeft);
    const right = pointAt(space.positions, POINT.eyeOuterRight);
    expect(length(minus(left, right))).toBeCloseTo(0.088, 3);
    expect(left[2]).toBeCloseTo(-0.5, 2);
    expect(left[0]).toBeGreaterThan(0);
  });

  it.each([-35, -10, 0, 20, 40])("turned by %i degrees has its axes turned as much", (yaw) => {
    const { space } = scaled({ yaw });
    expect(Math.abs(yawDegrees(space) - yaw)).toBeLessThan(1.5);
    expect(dot(space.x, space.y)).toBeCloseTo(0, 6);
    const across = cross(space.x, space.y);
    for (const axis of [0, 1, 2] as const) expect(across[axis]).toBeCloseTo(space.z[axis], 6);
  });

  it.each([-15, 0, 20])("nodding by %i degrees looks down as much", (nod) => {
    const { space } = scaled({ nod });
    expect(Math.abs((Math.asin(-space.z[1]) * 180) / Math.PI - nod)).toBeLessThan(1.5);
  });

  it("is seen by a camera that is as wide as it is assumed", () => {
    expect(verticalFov(640, 480)).toBeCloseTo(50.2, 1);
    expect(verticalFov(480, 640)).toBeCloseTo(64, 1);
  });
});

describe("places on a head", () => {
  const ahead = (): ReturnType<typeof scaled>["space"] => scaled({}).space;

  it("rests glasses on the nose, arms to the ears", () => {
    const face = ahead();
    const [place] = placesFor("glasses", face);
    const bridge = pointAt(face.positions, POINT.noseBridge);
    expect(length(minus(place?.origin as Vec, bridge))).toBeLessThan(10 * MM);
    expect(place?.origin[2]).toBeGreaterThan(bridge[2]);
    expect(Math.abs(place?.z[0] ?? 1)).toBeLessThan(0.02);
  });

  it("puts a hat on top and around the head", () => {
    const face = ahead();
    const [place] = placesFor("hat", face);
    const forehead = pointAt(face.positions, POINT.foreheadTop);
    expect(Math.abs((place?.origin[1] ?? 0) - forehead[1])).toBeLessThan(15 * MM);
    expect(place?.origin[2]).toBeLessThan(forehead[2]);
  });

  it("hangs two earrings, one the mirror image of the other, straight down from a tilted head", () => {
    const { space } = scaled({ nod: 20 });
    const [left, right] = placesFor("earring", space);
    expect([left?.isMirrored, right?.isMirrored]).toEqual([false, true]);
    expect(left?.y).toEqual([0, 1, 0]);
    expect(left?.origin[0]).toBeGreaterThan(0);
    expect(right?.origin[0]).toBeLessThan(0);
  });

  it("lays a necklace below the chin and paints nothing in space", () => {
    const face = ahead();
    const [place] = placesFor("necklace", face);
    expect(place?.origin[1]).toBeLessThan(pointAt(face.positions, POINT.chin)[1]);
    expect(placesFor("lipstick", face)).toEqual([]);
  });

  it("puts the skull behind the face, wide as the ears", () => {
    const face = ahead();
    const { centre, radii } = skullBehind(face);
    expect(centre[2]).toBeLessThan(pointAt(face.positions, POINT.noseBridge)[2]);
    expect(radii[0]).toBeGreaterThan(0.065);
    expect(radii[0]).toBeLessThan(0.09);
    expect(radii[2]).toBeGreaterThan(radii[0]);
  });
});
