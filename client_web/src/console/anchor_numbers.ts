/** The arithmetic of the anchor editor: numbers as written, turns in degrees, left and right. Pure. */

/** A number as people write it (comma or point); null for anything else. */
export function parsed(text: string): number | null {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  if (!/^[+-]?\d{0,6}(\.\d{0,6})?$/.test(plain) || !/\d/.test(plain)) return null;
  return Number(plain);
}

/** The anchor on the other side; null for one in the middle. */
export function mirrorOf(name: string): string | null {
  if (name.endsWith("_left")) return name.replace(/_left$/, "_right");
  if (name.endsWith("_right")) return name.replace(/_right$/, "_left");
  return null;
}

/** A place mirrored at the wearer's middle. */
export function mirrored([x, y, z]: readonly [number, number, number]): [number, number, number] {
  return [x === 0 ? 0 : -x, y, z];
}

const RAD = Math.PI / 180;

/** Degrees about X, then Y, then Z (as three.js' order "XYZ") as a unit quaternion x, y, z, w. */
export function quaternionOf(degrees: readonly number[]): number[] {
  const [x, y, z] = [0, 1, 2].map((axis) => ((degrees[axis] ?? 0) * RAD) / 2) as [number, number, number];
  const [c1, c2, c3] = [Math.cos(x), Math.cos(y), Math.cos(z)];
  const [s1, s2, s3] = [Math.sin(x), Math.sin(y), Math.sin(z)];
  return [
    s1 * c2 * c3 + c1 * s2 * s3,
    c1 * s2 * c3 - s1 * c2 * s3,
    c1 * c2 * s3 + s1 * s2 * c3,
    c1 * c2 * c3 - s1 * s2 * s3,
  ];
}

/** The inverse of `quaternionOf`. */
export function turnOf(quaternion: readonly number[]): number[] {
  const [x, y, z, w] = [0, 1, 2, 3].map((part) => quaternion[part] ?? (part === 3 ? 1 : 0)) as [
    number,
    number,
    number,
    number,
  ];
  const m13 = 2 * (x * z + w * y);
  const about = Math.asin(Math.max(-1, Math.min(1, m13)));
  if (Math.abs(m13) < 0.9999999) {
    return [
      Math.atan2(-2 * (y * z - w * x), 1 - 2 * (x * x + y * y)) / RAD,
      about / RAD,
      Math.atan2(-2 * (x * y - w * z), 1 - 2 * (y * y + z * z)) / RAD,
    ];
  }
  return [Math.atan2(2 * (y * z + w * x), 1 - 2 * (x * x + z * z)) / RAD, about / RAD, 0];
}
