/**
 * A head, a hand, a foot and a room to set anchors by, built of simple shapes in metres (+Y up, +Z to the front, +X to
 * the wearer's left). Measures are those of an average adult (ISO/TR 7250-2): head 154 mm wide, 194 mm long, 232 mm
 * from chin to crown.
 */

import {
  BoxGeometry,
  type BufferGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  DoubleSide,
  GridHelper,
  Group,
  Mesh,
  MeshStandardMaterial,
  PlaneGeometry,
  Quaternion,
  SphereGeometry,
  Vector3,
} from "three";
import type { ModelAnchor, ModelCategory, Placement } from "../protocol/messages.ts";

const HALF_HEAD = new Vector3(0.077, 0.116, 0.097);
/** Places on the head, from its middle. */
const BRIDGE = new Vector3(0, 0.016, 0.094);
const RIM = new Vector3(0, 0.05, -0.004);
const LOBE = new Vector3(0.076, -0.034, 0.002);
const BREASTBONE = new Vector3(0, -0.2, 0.062);
const COLLAR = new Vector3(0, -0.165, 0.055);

/** What a product is shown on: the thing itself, which anchor carries it, and the place of it that meets the anchor. */
interface Reference {
  body: () => Group;
  anchor: string;
  meets: Vector3;
  /** Whether the body turns with the anchor. */
  turns: boolean;
}

function referenceOf(category: ModelCategory): Reference | null {
  switch (category) {
    case "glasses":
      return { body: head, anchor: "bridge", meets: BRIDGE, turns: true };
    case "hat":
      return { body: head, anchor: "crown_rim", meets: RIM, turns: true };
    case "earring":
      return { body: head, anchor: "hook", meets: LOBE, turns: false };
    case "necklace":
      return { body: head, anchor: "neck_front", meets: BREASTBONE, turns: false };
    case "clothing":
      return { body: head, anchor: "collar", meets: COLLAR, turns: false };
    case "watch":
    case "bracelet":
      return { body: hand, anchor: "wrist_axis", meets: new Vector3(0, 0, 0), turns: true };
    case "ring":
      return { body: hand, anchor: "finger_axis", meets: new Vector3(0, 0.13, 0), turns: true };
    case "shoe":
      return { body: foot, anchor: "ankle", meets: new Vector3(0, 0.09, -0.08), turns: false };
    default:
      return null;
  }
}

/** The reference for a category, ready to be put where the anchors say by `follow`. */
export class ReferenceBody {
  readonly group: Group;
  readonly #reference: Reference | null;
  readonly #contact: string | null;

  constructor(category: ModelCategory, placement: Placement | null, sizeM: readonly number[]) {
    this.#reference = referenceOf(category);
    this.#contact = this.#reference === null ? `${placement ?? "floor"}_contact` : null;
    this.group = this.#reference?.body() ?? room(placement ?? "floor", Math.max(...sizeM, 0.1));
  }

  follow(anchors: readonly ModelAnchor[]): void {
    const wanted = this.#reference?.anchor ?? this.#contact;
    const anchor = anchors.find((each) => each.name === wanted) ?? anchors[0];
    if (anchor === undefined) return;
    const at = new Vector3().fromArray(anchor.position);
    const turn =
      this.#reference?.turns === false ? new Quaternion() : new Quaternion().fromArray(anchor.rotation);
    const meets = this.#reference?.meets ?? new Vector3();
    this.group.quaternion.copy(turn);
    this.group.position.copy(at.sub(meets.clone().applyQuaternion(turn)));
  }
}

/** Lets a product be seen that lies inside by mistake. */
const skin = new MeshStandardMaterial({
  color: 0xd2ccc4,
  roughness: 0.95,
  metalness: 0,
  transparent: true,
  opacity: 0.78,
});
const dark = new MeshStandardMaterial({ color: 0x6d675f, roughness: 0.9, transparent: true, opacity: 0.6 });
const quiet = new MeshStandardMaterial({
  color: 0xb9bcc2,
  roughness: 1,
  transparent: true,
  opacity: 0.35,
  side: DoubleSide,
});

function part(geometry: BufferGeometry, at: readonly [number, number, number], turn = 0): Mesh {
  const mesh = new Mesh(geometry, skin);
  mesh.position.set(...at);
  mesh.rotation.x = turn;
  return mesh;
}

/** A skull that narrows to the chin, with nose, ears, neck and shoulders. */
function head(): Group {
  const skull = new SphereGeometry(1, 48, 32);
  const points = skull.attributes.position;
  if (points) {
    for (let i = 0; i < points.count; i += 1) {
      const y = points.getY(i);
      const low = Math.max(0, -y);
      // the jaw: narrower and flatter at the sides, and in front of the neck
      const x = points.getX(i) * (1 - 0.34 * low ** 1.6);
      const z = points.getZ(i) * (1 - 0.3 * low) + 0.16 * low;
      points.setXYZ(i, x * HALF_HEAD.x, y * HALF_HEAD.y, z * HALF_HEAD.z);
    }
    skull.computeVertexNormals();
  }
  const nose = part(new SphereGeometry(1, 20, 16), [0, -0.017, 0.098], -0.25);
  nose.scale.set(0.012, 0.028, 0.016);
  const eyes = [-1, 1].map((side) => {
    // 63 mm apart, as pupils are on average
    const eye = new Mesh(new SphereGeometry(1, 20, 14), dark);
    eye.position.set(side * 0.0315, 0.006, 0.083);
    eye.scale.set(0.014, 0.006, 0.006);
    return eye;
  });
  const mouth = new Mesh(new CapsuleGeometry(0.003, 0.036, 4, 12), dark);
  mouth.position.set(0, -0.063, 0.09);
  mouth.rotation.z = Math.PI / 2;
  const ears = [-1, 1].map((side) => {
    const ear = part(new SphereGeometry(0.03, 20, 14), [side * 0.077, -0.004, -0.004]);
    ear.scale.set(0.28, 1.05, 0.62);
    return ear;
  });
  const shoulders = part(new CapsuleGeometry(0.07, 0.3, 8, 24), [0, -0.255, -0.02]);
  shoulders.rotation.z = Math.PI / 2;
  const body = new Group();
  body.add(
    new Mesh(skull, skin),
    nose,
    mouth,
    ...eyes,
    ...ears,
    part(new CylinderGeometry(0.055, 0.068, 0.16, 32), [0, -0.15, -0.02]),
    shoulders,
  );
  return body;
}

/** A left hand, fingers up, seen from its back: the wrist is at the origin, the forearm below. */
function hand(): Group {
  const body = new Group();
  const forearm = part(new CylinderGeometry(0.028, 0.036, 0.2, 32), [0, -0.1, 0]);
  forearm.scale.z = 0.72;
  const palm = part(new CapsuleGeometry(0.036, 0.05, 8, 24), [0, 0.055, 0]);
  palm.scale.z = 0.42;
  const fingers = [
    [-0.03, 0.068],
    [-0.0095, 0.078],
    [0.0105, 0.073],
    [0.029, 0.056],
  ].map(([x, length]) =>
    part(new CapsuleGeometry(0.0085, length ?? 0.07, 6, 16), [x ?? 0, 0.095 + (length ?? 0.07) / 2, 0]),
  );
  const thumb = part(new CapsuleGeometry(0.0105, 0.05, 6, 16), [-0.048, 0.06, 0.006]);
  thumb.rotation.z = 0.55;
  body.add(forearm, palm, ...fingers, thumb);
  return body;
}

/** A foot on the ground with the lower leg. */
function foot(): Group {
  const body = new Group();
  const sole = part(new CapsuleGeometry(0.042, 0.17, 8, 24), [0, 0.035, 0], Math.PI / 2);
  sole.scale.set(1, 1, 0.72);
  body.add(
    sole,
    part(new CylinderGeometry(0.036, 0.04, 0.12, 24), [0, 0.09, -0.08]),
    part(new CylinderGeometry(0.052, 0.037, 0.24, 24), [0, 0.26, -0.082]),
  );
  return body;
}

/** Floor, wall or table top with a grid of tenths, and beside it a person of 1.7 m for scale when there is room. */
function room(placement: Placement, longestM: number): Group {
  const body = new Group();
  const side = Math.max(1, Math.ceil(longestM * 2.5));
  const cells = Math.min(60, side * 10);
  const grid = new GridHelper(side, cells, 0x7a7f88, 0xb4b8bf);
  const plane = new Mesh(new PlaneGeometry(side, side), quiet);
  if (placement === "wall") {
    grid.rotation.x = Math.PI / 2;
    plane.position.z = -0.001;
  } else {
    plane.rotation.x = -Math.PI / 2;
    plane.position.y = -0.001;
  }
  body.add(plane, grid);
  if (placement === "table") {
    const top = new Mesh(new BoxGeometry(side, 0.03, side), quiet);
    top.position.y = -0.017;
    body.add(top);
  }
  if (placement === "floor" && longestM > 0.3) {
    const person = new Mesh(new CapsuleGeometry(0.17, 1.36, 8, 24), quiet);
    person.position.set(side / 2 - 0.25, 0.85, -side / 4);
    body.add(person);
  }
  return body;
}
