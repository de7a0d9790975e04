/**
 * Lipstick as a layer of the picture: the shade takes the place of the lips' own colour, their light and shadow stay,
 * so the texture does too. A finish decides how much of the highlights it keeps or adds.
 */

import { BufferAttribute, BufferGeometry, Color, Mesh, ShaderMaterial, type Texture, Vector2 } from "three";
import type { FramePoints } from "../face/landmarks.ts";
import type { Light } from "../face/light.ts";
import { lipRing } from "../face/lips.ts";
import type { LipstickFinish } from "../model.ts";

/** Opacity, how much of the lips' contrast stays, the highest highlight, and the added shine. */
const FINISHES: Record<
  LipstickFinish,
  readonly [opacity: number, contrast: number, ceiling: number, shine: number]
> = {
  matte: [0.86, 0.7, 1.12, 0],
  satin: [0.78, 0.9, 1.5, 0.06],
  gloss: [0.68, 1.15, 2.4, 0.26],
};

const VERTEX = /* glsl */ `
attribute float coverage;
attribute float across;
uniform vec2 size;
varying float vCoverage;
varying float vAcross;
varying vec2 vUv;
void main() {
  vCoverage = coverage;
  vAcross = across;
  vUv = vec2(position.x / size.x, 1.0 - position.y / size.y);
  gl_Position = vec4(vUv * 2.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENT = /* glsl */ `
uniform sampler2D picture;
uniform vec3 shade;
uniform vec4 finish;
uniform float lips;
uniform float level;
varying float vCoverage;
varying float vAcross;
varying vec2 vUv;
vec3 toScreen(vec3 c) {
  return mix(c * 12.92, 1.055 * pow(max(c, 0.0), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}
void main() {
  vec3 skin = toScreen(texture2D(picture, vUv).rgb);
  float ratio = dot(skin, vec3(0.299, 0.587, 0.114)) / lips;
  float texture = min(1.0 + (ratio - 1.0) * finish.y, finish.z);
  vec3 colour = shade * level * max(texture, 0.15);
  // a shine lies where the lip bends towards us, and only where the picture has light there
  float bend = exp(-pow((vAcross - 0.45) / 0.2, 2.0));
  colour += finish.w * bend * smoothstep(0.95, 1.5, ratio);
  gl_FragColor = vec4(mix(skin, clamp(colour, 0.0, 1.0), vCoverage * finish.x), 1.0);
}`;

/** A face this bright shows a shade as it is in its name. */
const FULL_LIGHT = 0.62;

export class LipLayer {
  readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  readonly #size = new Vector2(1, 1);

  constructor(picture: Texture) {
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        picture: { value: picture },
        size: { value: this.#size },
        shade: { value: [1, 0, 0] },
        finish: { value: FINISHES.satin },
        lips: { value: 0.4 },
        level: { value: 1 },
      },
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    });
    this.mesh = new Mesh(new BufferGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
    this.mesh.visible = false;
  }

  /** Moves the ring to the lips of this frame. */
  follow(points: FramePoints, light: Light): void {
    const ring = lipRing(points);
    const { geometry, material } = this.mesh;
    const count = ring.coverage.length;
    let place = geometry.getAttribute("position") as BufferAttribute | undefined;
    if (place === undefined) {
      place = new BufferAttribute(new Float32Array(count * 3), 3);
      geometry.setAttribute("position", place);
      geometry.setAttribute("coverage", new BufferAttribute(ring.coverage, 1));
      geometry.setAttribute("across", new BufferAttribute(ring.across, 1));
      geometry.setIndex(new BufferAttribute(ring.indices, 1));
    }
    for (let i = 0; i < count; i += 1) {
      place.setXYZ(i, ring.positions[i * 2] as number, ring.positions[i * 2 + 1] as number, 0);
    }
    place.needsUpdate = true;
    this.#size.set(points.widthPx, points.heightPx);
    setUniform(material, "lips", light.lips);
    setUniform(material, "level", Math.min(1, Math.max(0.45, light.level / FULL_LIGHT)));
  }

  paint(shade: string, finish: LipstickFinish): void {
    const colour = new Color(shade).convertLinearToSRGB();
    setUniform(this.mesh.material, "shade", colour.toArray());
    setUniform(this.mesh.material, "finish", FINISHES[finish]);
  }

  close(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

function setUniform(material: ShaderMaterial, name: string, value: unknown): void {
  const uniform = material.uniforms[name];
  if (uniform !== undefined) uniform.value = value;
}
