/**
 * What hides the parts of a product that lie behind the head: the face's own mesh, and a skull with hair behind it,
 * which the mesh does not reach. Pure geometry; the scene draws it into the depth buffer only.
 */

import { MESH_LANDMARKS, POINT } from "./landmarks.ts";
import { type FaceInSpace, pointAt } from "./pose.ts";
import { add, length, middle, minus, times, type Vec } from "./vectors.ts";

/** Three edges in a row of MediaPipe's list are the sides of one triangle. */
export function trianglesOf(edges: readonly (readonly [number, number])[]): Uint16Array {
  const triangles: number[] = [];
  for (let i = 0; i + 2 < edges.length; i += 3) {
    const [a, b] = edges[i] as readonly [number, number];
    const c = (edges[i + 1] as readonly [number, number])[1];
    const isClosed = (edges[i + 2] as readonly [number, number])[1] === a;
    const isKnown = Math.max(a, b, c) < MESH_LANDMARKS;
    if (isClosed && isKnown && a !== b && b !== c && a !== c) triangles.push(a, b, c);
  }
  return Uint16Array.from(triangles);
}

export interface Skull {
  centre: Vec;
  /** Half of its width, height and depth, along the head's axes. */
  radii: Vec;
}

/**
 * Heads are about 1.26 times as deep as wide and 1.5 times as high from chin to crown (ISO/TR 7250-2: breadth 154 mm,
 * length 194 mm, menton to vertex 232 mm). The mesh's ears are the widest place. Hair adds a finger's breadth.
 */
const DEPTH_OVER_WIDTH = 1.26;
const HAIR_M = 0.01;
/** The skull's middle lies behind the ears' openings and above them, as parts of the width. */
const BACK = 0.22;
const UP = 0.28;

export function skullBehind(face: FaceInSpace): Skull {
  const { positions, y, z } = face;
  const left = pointAt(positions, POINT.earLeft);
  const right = pointAt(positions, POINT.earRight);
  const width = length(minus(left, right));
  const centre = add(middle(left, right), add(times(z, -BACK * width), times(y, UP * width)));
  return {
    centre,
    radii: [width / 2 + HAIR_M * 0.4, width * 0.68 + HAIR_M, (width * DEPTH_OVER_WIDTH) / 2 + HAIR_M],
  };
}
