/** The studio round the figure, as the drawn stage has it: a fluted wall with a lit niche, a plant, and a desk. */

import {
  BoxGeometry,
  CanvasTexture,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  SRGBColorSpace,
} from "three";

/** Part of host and studio (a field of the server's Look) to colour; a part that is missing keeps its own. */
export type HostLook = Readonly<Record<string, string>>;

/** Where the studio stands in the picture: CSS pixels a metre, the picture's size, and heights from its upper edge. */
export interface StudioView {
  width: number;
  height: number;
  metre: number;
  /** Metres above the floor to pixels from the upper edge. */
  y: (metres: number) => number;
}

/** What the stage has where the host is as she is. */
const OWN: HostLook = {
  accent: "#FF5A36",
  wall: "#1B3B3A",
  wall_dark: "#0C1D20",
  glow: "#FFE0BA",
  niche: "#E58E66",
  niche_dark: "#9F4B3A",
  desk: "#F6EEE3",
  desk_shade: "#D5BFA8",
  leaf: "#2F6B55",
};
const NICHE_HALF_M = 0.37;
const NICHE_TOP_M = 1.95;
const DESK_M = 0.985;

type Stop = readonly [number, string];

export function studioColour(look: HostLook, part: string): string {
  return look[part] ?? OWN[part] ?? "#808080";
}

export function isSame(one: HostLook, other: HostLook): boolean {
  const parts = Object.keys(one);
  return parts.length === Object.keys(other).length && parts.every((part) => one[part] === other[part]);
}

/** The wall behind her. */
export function paintWall(view: StudioView, look: HostLook): CanvasTexture {
  const canvas = document.createElement("canvas");
  const share = Math.min(1, 1024 / Math.max(view.width, view.height));
  canvas.width = Math.max(1, Math.round(view.width * share));
  canvas.height = Math.max(1, Math.round(view.height * share));
  const pen = canvas.getContext("2d");
  if (pen !== null) {
    pen.scale(share, share);
    draw(pen, view, (part) => studioColour(look, part));
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}

function draw(pen: CanvasRenderingContext2D, view: StudioView, of: (part: string) => string): void {
  const { width, height, metre } = view;
  const middle = width / 2;
  const fill = (gradient: CanvasGradient | string): void => {
    pen.fillStyle = gradient;
    pen.fillRect(0, 0, width, height);
  };
  fill(
    filled(pen.createLinearGradient(0, 0, 0, height), [
      [0, of("wall")],
      [1, of("wall_dark")],
    ]),
  );
  // fluting gives the wall a material
  const step = metre * 0.042;
  for (let x = (middle % step) - step; x < width; x += step) {
    pen.fillStyle = "rgb(0 0 0 / 11%)";
    pen.fillRect(x, 0, step * 0.34, height);
    pen.fillStyle = "rgb(255 255 255 / 4%)";
    pen.fillRect(x + step * 0.36, 0, step * 0.12, height);
  }
  const half = NICHE_HALF_M * metre;
  const top = view.y(NICHE_TOP_M);
  const round = (cx: number, cy: number, radius: number, stops: readonly Stop[]): CanvasGradient =>
    filled(pen.createRadialGradient(cx, cy, 0, cx, cy, radius), stops);
  fill(
    round(middle, top + half, half * 2, [
      [0, faded(of("glow"), 0.36)],
      [1, faded(of("glow"), 0)],
    ]),
  );
  const rim = filled(pen.createLinearGradient(middle - half, 0, middle + half, 0), [
    [0, of("niche_dark")],
    [0.5, mixed(of("niche"), of("glow"), 0.3)],
    [1, mixed(of("niche_dark"), "#000000", 0.15)],
  ]);
  pen.fillStyle = rim;
  arch(pen, middle, top, half, height);
  pen.fill();
  const depth = half * 0.075;
  arch(pen, middle, top + depth, half - depth, height);
  pen.fillStyle = round(middle, top + half * 0.8, half * 1.9, [
    [0, of("glow")],
    [0.36, mixed(of("glow"), of("niche"), 0.55)],
    [0.72, of("niche")],
    [1, of("niche_dark")],
  ]);
  pen.fill();
  pen.save();
  pen.clip();
  // her own soft shadow on the niche's back
  pen.translate(middle + half * 0.1, view.y(1.3));
  pen.scale(1, 1.9);
  pen.fillStyle = round(0, 0, half * 0.92, [
    [0, faded(of("niche_dark"), 0.62)],
    [0.55, faded(of("niche_dark"), 0.5)],
    [1, faded(of("niche_dark"), 0)],
  ]);
  pen.fillRect(-width, -height, width * 2, height * 2);
  pen.restore();
  arch(pen, middle, top + depth, half - depth, height);
  pen.strokeStyle = faded(of("glow"), 0.7);
  pen.lineWidth = Math.max(1.2, metre * 0.004);
  pen.stroke();
  const edge = Math.max(width, height);
  fill(
    round(middle, height * 0.42, edge * 0.85, [
      [0.6, "rgb(0 0 0 / 0%)"],
      [1, "rgb(0 0 0 / 42%)"],
    ]),
  );
}

function arch(pen: CanvasRenderingContext2D, x: number, top: number, half: number, bottom: number): void {
  pen.beginPath();
  pen.moveTo(x - half, bottom);
  pen.lineTo(x - half, top + half);
  pen.arc(x, top + half, half, Math.PI, 2 * Math.PI);
  pen.lineTo(x + half, bottom);
  pen.closePath();
}

/** The desk before her; its line of light has the brand's colour. */
export class Desk {
  readonly group = new Group();
  readonly #top = new MeshStandardMaterial({ roughness: 0.5 });
  readonly #front = new MeshStandardMaterial({ roughness: 0.85 });
  readonly #line = new MeshBasicMaterial();

  constructor() {
    const top = new Mesh(new BoxGeometry(4, 0.034, 0.46), this.#top);
    top.position.set(0, DESK_M - 0.017, 0.33);
    top.receiveShadow = true;
    const front = new Mesh(new BoxGeometry(4, 0.9, 0.4), this.#front);
    front.position.set(0, DESK_M - 0.034 - 0.45, 0.33);
    const line = new Mesh(new BoxGeometry(4, 0.006, 0.01), this.#line);
    line.position.set(0, DESK_M - 0.037, 0.555);
    this.group.add(top, front, line);
  }

  dress(look: HostLook): void {
    // it lies in the full light
    this.#top.color.set(studioColour(look, "desk")).multiplyScalar(0.68);
    this.#front.color.set(studioColour(look, "wall"));
    this.#line.color.set(studioColour(look, "accent"));
  }

  close(): void {
    for (const child of this.group.children) if (child instanceof Mesh) child.geometry.dispose();
    for (const material of [this.#top, this.#front, this.#line]) material.dispose();
  }
}

function filled(gradient: CanvasGradient, stops: readonly Stop[]): CanvasGradient {
  for (const [at, colour] of stops) gradient.addColorStop(at, colour);
  return gradient;
}

function mixed(one: string, other: string, share: number): string {
  const [a, b] = [channels(one), channels(other)];
  return `rgb(${a.map((value, n) => Math.round(value + ((b[n] ?? value) - value) * share)).join(" ")})`;
}

function faded(colour: string, alpha: number): string {
  return `rgb(${channels(colour).join(" ")} / ${alpha})`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
