/** From Oculus' visemes to the names that a model knows: its own visemes, VRM's vowels, VRoid's, or ARKit's muscles. */

import type { MouthMoment, Viseme } from "../../protocol/performance.ts";

export type Naming = "vrm" | "oculus" | "arkit" | "vroid";
export type Weights = Record<string, number>;

const VOWELS: Record<Viseme, Weights> = {
  sil: {},
  PP: {},
  FF: { ih: 0.12 },
  TH: { aa: 0.14, ih: 0.1 },
  DD: { ih: 0.26 },
  kk: { aa: 0.2, ih: 0.12 },
  CH: { ou: 0.42 },
  SS: { ee: 0.26 },
  nn: { ih: 0.2 },
  RR: { ou: 0.34 },
  aa: { aa: 1 },
  E: { ee: 0.85 },
  I: { ih: 0.9 },
  O: { oh: 1 },
  U: { ou: 1 },
};

const MUSCLES: Record<Viseme, Weights> = {
  sil: {},
  PP: { mouthPressLeft: 0.4, mouthPressRight: 0.4 },
  FF: { mouthRollLower: 0.5, jawOpen: 0.05 },
  TH: { jawOpen: 0.14, tongueOut: 0.25 },
  DD: { jawOpen: 0.12, mouthStretchLeft: 0.15, mouthStretchRight: 0.15 },
  kk: { jawOpen: 0.18 },
  CH: { jawOpen: 0.1, mouthFunnel: 0.5 },
  SS: { jawOpen: 0.05, mouthStretchLeft: 0.35, mouthStretchRight: 0.35 },
  nn: { jawOpen: 0.1 },
  RR: { jawOpen: 0.1, mouthFunnel: 0.35 },
  aa: { jawOpen: 0.65 },
  E: { jawOpen: 0.28, mouthStretchLeft: 0.3, mouthStretchRight: 0.3 },
  I: { jawOpen: 0.16, mouthSmileLeft: 0.35, mouthSmileRight: 0.35 },
  O: { jawOpen: 0.42, mouthFunnel: 0.6 },
  U: { jawOpen: 0.18, mouthPucker: 0.75 },
};

const VROID: Record<string, string> = {
  aa: "Fcl_MTH_A",
  ih: "Fcl_MTH_I",
  ou: "Fcl_MTH_U",
  ee: "Fcl_MTH_E",
  oh: "Fcl_MTH_O",
};

/** What both eyelids are called. */
export const LIDS: Record<Naming, readonly string[]> = {
  vrm: ["blink"],
  oculus: ["eyeBlinkLeft", "eyeBlinkRight"],
  arkit: ["eyeBlinkLeft", "eyeBlinkRight"],
  vroid: ["Fcl_EYE_Close"],
};

/** Which names a model uses; null when its mouth cannot be moved. */
export function namingOf(names: ReadonlySet<string>): Naming | null {
  if (names.has("viseme_aa")) return "oculus";
  if (names.has("aa")) return "vrm";
  if (names.has("jawOpen")) return "arkit";
  return names.has("Fcl_MTH_A") ? "vroid" : null;
}

/** How far each of the model's shapes goes for one viseme. */
export function shapesOf(viseme: Viseme, weight: number, naming: Naming): Weights {
  if (naming === "oculus") return { [`viseme_${viseme}`]: weight };
  const table = naming === "arkit" ? MUSCLES[viseme] : VOWELS[viseme];
  return Object.fromEntries(
    Object.entries(table).map(([name, full]) => [
      naming === "vroid" ? (VROID[name] ?? name) : name,
      full * weight,
    ]),
  );
}

/** The mouth between two shapes. */
export function mouthShapes(mouth: MouthMoment, naming: Naming): Weights {
  const ease = mouth.share * mouth.share * (3 - 2 * mouth.share);
  const shapes: Weights = {};
  const put = (found: Weights, share: number): void => {
    for (const [name, value] of Object.entries(found)) shapes[name] = (shapes[name] ?? 0) + value * share;
  };
  put(shapesOf(mouth.from, mouth.fromWeight, naming), 1 - ease);
  put(shapesOf(mouth.to, mouth.toWeight, naming), ease);
  return shapes;
}
