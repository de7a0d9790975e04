/**
 * Where on a head a product sits: a place with three axes for each piece, in metres of the camera's space. The offsets
 * are anatomy, the rest comes from the landmarks. Pure.
 */

import { POINT } from "../face/landmarks.ts";
import { skullBehind } from "../face/occluder.ts";
import { across, type FaceInSpace, pointAt } from "../face/pose.ts";
import { add, cross, dot, middle, minus, times, unit, type Vec } from "../face/vectors.ts";
import type { WornCategory } from "../model.ts";

/** A place for a model's anchor. */
export interface Place {
  /** The anchor's name in the model. */
  anchor: string;
  origin: Vec;
  /** To the wearer's left, up, and forward. */
  x: Vec;
  y: Vec;
  z: Vec;
  /** A second piece of a pair is the first one's mirror image. */
  isMirrored: boolean;
}

/** A bridge rests this far in front of the skin between the eyes, and a little below. */
const BRIDGE_M = { forward: 0.006, down: 0.003 };
/** The arms leave the frame this far above the bridge. */
const HINGE_M = 0.008;
/** The lobe hangs behind and beside the mesh's last points under the ear. */
const LOBE_M = { out: 0.004, back: 0.022, up: 0.012 };
/** The middle of the neck where a chain lies on the shoulders, from the chin. */
const NECK_M = { down: 0.075, back: 0.085 };
/** A hat's opening sits this far below the highest points of the mesh. */
const RIM_M = { down: 0.004 };

const WORLD_UP: Vec = [0, 1, 0];

/** Places for all pieces of a product of this category; none for what is painted on. */
export function placesFor(category: WornCategory, face: FaceInSpace): Place[] {
  const { x, y, z, positions } = face;
  const at = (index: number): Vec => pointAt(positions, index);
  switch (category) {
    case "glasses": {
      const origin = add(at(POINT.noseBridge), add(times(z, BRIDGE_M.forward), times(y, -BRIDGE_M.down)));
      // the arms rest on the ears, so the ears say how far the frame nods, and not the face
      const ears = middle(at(POINT.templeLeft), at(POINT.templeRight));
      const forward = unit(across(minus(add(origin, times(y, HINGE_M)), ears), x));
      return [{ anchor: "bridge", origin, x, y: cross(forward, x), z: forward, isMirrored: false }];
    }
    case "hat": {
      const { centre } = skullBehind(face);
      const height = dot(minus(at(POINT.foreheadTop), centre), y) - RIM_M.down;
      return [{ anchor: "crown_rim", origin: add(centre, times(y, height)), x, y, z, isMirrored: false }];
    }
    case "earring":
      return [hanging(face, at(POINT.lobeLeft), 1), hanging(face, at(POINT.lobeRight), -1)];
    case "necklace": {
      const axes = upright(face);
      const origin = add(at(POINT.chin), add(times(axes.y, -NECK_M.down), times(axes.z, -NECK_M.back)));
      return [{ anchor: "neck", origin, ...axes, isMirrored: false }];
    }
    case "lipstick":
      return [];
  }
}

/** Jewellery hangs down whatever the head does; it only turns with it. */
function upright({ z }: FaceInSpace): { x: Vec; y: Vec; z: Vec } {
  const forward = unit([z[0], 0, z[2]]);
  return { x: cross(WORLD_UP, forward), y: WORLD_UP, z: forward };
}

function hanging(face: FaceInSpace, lobe: Vec, side: 1 | -1): Place {
  const origin = add(
    lobe,
    add(times(face.x, side * LOBE_M.out), add(times(face.z, -LOBE_M.back), times(face.y, LOBE_M.up))),
  );
  return { anchor: "hook", origin, ...upright(face), isMirrored: side === -1 };
}
