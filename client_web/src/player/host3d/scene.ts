/** The host as a figure in a small studio, by three and three-vrm. Import this file only when it is to be shown: it is heavy. */

import { type VRM, VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";
import {
  type Color,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshStandardMaterial,
  Object3D,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  Texture,
  WebGLRenderer,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import type { HostPose } from "./driver.ts";
import { LIDS, mouthShapes, type Naming, namingOf } from "./mapping.ts";
import { Desk, type HostLook, isSame, paintWall, studioColour } from "./studio.ts";

/** A phone's screen has more pixels than a stylised face needs; below the least a face is a smear. */
const MOST_PIXEL_RATIO = 2;
const LEAST_PIXEL_RATIO = 0.5;
/** A device that needs longer for so many pictures, one after the other, gets fewer pixels to draw. */
const SLOW_MS = 45;
const HOPELESS_MS = 250;
const JUDGED = 3;
const LOAD_MS = 15_000;
const LENS_DEG = 24;
/** Where her eyes are, above the floor. */
const EYES_M = 1.645;

export class HostScene {
  readonly canvas: HTMLCanvasElement;
  /** What was drawn last, for tests and for whoever looks into the page. */
  mouthOpen = 0;
  readonly #renderer: WebGLRenderer;
  readonly #isSharp: boolean;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(LENS_DEG, 1, 0.1, 20);
  readonly #eyesOn = new Object3D();
  readonly #desk = new Desk();
  readonly #sky = new HemisphereLight("#fff6ec", "#cdab98", 1.8);
  readonly #key = new DirectionalLight("#fff6ec", 1.9);
  readonly #rims = [new DirectionalLight("#ffffff", 1.5), new DirectionalLight("#ffffff", 1.1)];
  /** Each of her materials with the colour it was made in. */
  readonly #cloth: { material: MeshStandardMaterial; own: Color }[] = [];
  #look: HostLook = {};
  #worn: HostLook = {};
  #vrm: VRM | null = null;
  #morphs: Mesh[] = [];
  #naming: Naming = "vrm";
  #lastMs = 0;
  #ratio = Math.min(MOST_PIXEL_RATIO, devicePixelRatio);
  #slow = 0;

  /**
   * Throws where the browser has no WebGL. `lost` when the graphics were taken away; fewer pixels are drawn where that
   * is slow, unless it is to be sharp.
   */
  constructor(canvas: HTMLCanvasElement, lost: () => void, isSharp = false) {
    this.canvas = canvas;
    this.#isSharp = isSharp;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "low-power" });
    canvas.addEventListener("webglcontextlost", lost);
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = PCFShadowMap;
    const key = this.#key;
    key.position.set(-1.1, 2.75, 2.6);
    key.target.position.set(0, 1.35, 0);
    key.castShadow = true;
    key.shadow.mapSize.set(1024, 1024);
    key.shadow.radius = 5;
    key.shadow.normalBias = 0.012;
    Object.assign(key.shadow.camera, { left: -0.8, right: 0.8, top: 0.8, bottom: -0.8, near: 1, far: 6 });
    const fill = new DirectionalLight("#fff3ea", 0.75);
    fill.position.set(0.5, 0.9, 3);
    const [left, right] = this.#rims;
    left?.position.set(-1.6, 1.9, -1.5);
    right?.position.set(1.8, 1.7, -1.2);
    this.#scene.add(key, key.target, fill, ...this.#rims, this.#sky, this.#eyesOn, this.#desk.group);
    this.#paint();
  }

  /** Loads a VRM, or a GLB with a mouth that can be moved. Throws when there is none. */
  async load(url: string, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LOAD_MS)]);
    const response = await fetch(url, { signal: limit });
    if (!response.ok) throw new Error(`The model answered ${response.status}.`);
    const loader = new GLTFLoader();
    loader.register((parser) => new VRMLoaderPlugin(parser));
    const gltf = await loader.parseAsync(await response.arrayBuffer(), "");
    if (signal.aborted) throw new Error("The host is not wanted any more.");
    const vrm = (gltf.userData.vrm as VRM | undefined) ?? null;
    if (vrm !== null) VRMUtils.rotateVRM0(vrm);
    gltf.scene.traverse((object) => {
      // moved by its bones beyond the bounds of its rest
      object.frustumCulled = false;
      if (object instanceof Mesh) this.#note(object);
      if (object instanceof Mesh && object.morphTargetDictionary !== undefined) this.#morphs.push(object);
    });
    const own = this.#morphs.flatMap((mesh) => Object.keys(mesh.morphTargetDictionary ?? {}));
    const expressions = Object.keys(vrm?.expressionManager?.expressionMap ?? {});
    const naming = namingOf(new Set(expressions.length > 0 ? expressions : own));
    if (naming === null) throw new Error("The model's mouth cannot be moved.");
    this.#naming = naming;
    this.#vrm = vrm;
    if (vrm?.lookAt) vrm.lookAt.target = this.#eyesOn;
    this.#scene.add(gltf.scene);
  }

  /** Her outfit and the studio that goes with it. */
  dress(look: HostLook): void {
    // told again every two seconds, mostly the same
    if (look === this.#worn) return;
    this.#worn = look;
    if (isSame(look, this.#look)) return;
    this.#look = look;
    for (const { material, own } of this.#cloth) {
      const colour = look[material.name];
      if (colour === undefined) material.color.copy(own);
      else material.color.set(colour);
    }
    this.#paint();
  }

  /** Draws one picture. */
  draw(pose: HostPose, atMs: number): void {
    if (this.#lastMs > 0 && !this.#isSharp) this.#judge(atMs - this.#lastMs);
    this.#fit();
    const shapes = mouthShapes(pose.mouth, this.#naming);
    this.mouthOpen = Object.values(shapes).reduce((sum, value) => sum + value, 0);
    for (const lid of LIDS[this.#naming]) shapes[lid] = pose.blink;
    if (this.#naming === "vrm") shapes.happy = pose.smile * (1 - 0.7 * Math.min(1, this.mouthOpen));
    this.#wear(shapes);
    const vrm = this.#vrm;
    if (vrm !== null) {
      for (const [bone, [x, y, z]] of Object.entries(pose.bones))
        vrm.humanoid.getNormalizedBoneNode(bone as "head")?.rotation.set(x, y, z);
      const [left, up] = pose.gaze;
      this.#eyesOn.position.set(
        3 * Math.tan((left * Math.PI) / 180),
        1.6 + 3 * Math.tan((up * Math.PI) / 180),
        3,
      );
      vrm.update(Math.min(0.1, Math.max(0, (atMs - this.#lastMs) / 1000)));
    }
    this.#lastMs = atMs;
    this.#renderer.render(this.#scene, this.#camera);
  }

  close(): void {
    if (this.#vrm !== null) VRMUtils.deepDispose(this.#vrm.scene);
    if (this.#scene.background instanceof Texture) this.#scene.background.dispose();
    this.#desk.close();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #note(mesh: Mesh): void {
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    for (const material of [mesh.material].flat())
      if (material instanceof MeshStandardMaterial)
        this.#cloth.push({ material, own: material.color.clone() });
  }

  /** Wall, desk and the light that comes from them, for the picture's size. */
  #paint(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.#desk.dress(this.#look);
    for (const rim of this.#rims) rim.color.set(studioColour(this.#look, "glow"));
    if (width === 0 || height === 0) return;
    const { tall, middle } = shotOf(width / height);
    const metre = height / tall;
    const y = (metres: number): number => height / 2 - (metres - middle) * metre;
    if (this.#scene.background instanceof Texture) this.#scene.background.dispose();
    this.#scene.background = paintWall({ width, height, metre, y }, this.#look);
  }

  #wear(shapes: Record<string, number>): void {
    const manager = this.#vrm?.expressionManager;
    if (manager) {
      for (const name of ["aa", "ih", "ou", "ee", "oh", "blink", "happy"])
        manager.setValue(name, shapes[name] ?? 0);
      return;
    }
    for (const mesh of this.#morphs) {
      mesh.morphTargetInfluences?.fill(0);
      for (const [name, value] of Object.entries(shapes)) {
        const n = mesh.morphTargetDictionary?.[name];
        if (n !== undefined && mesh.morphTargetInfluences) mesh.morphTargetInfluences[n] = value;
      }
    }
  }

  /** Fluent before sharp: the mouth has to be where the sound is. */
  #judge(sinceLastMs: number): void {
    // one alone is a page that was hidden
    this.#slow = sinceLastMs > SLOW_MS ? this.#slow + 1 : 0;
    if (this.#slow < JUDGED) return;
    this.#slow = 0;
    // the shadows cost every point of her a second time
    if (this.#ratio < 1) this.#key.castShadow = false;
    const share = sinceLastMs > HOPELESS_MS ? 0.5 : 0.7;
    this.#ratio = Math.max(LEAST_PIXEL_RATIO, this.#ratio * share);
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    const ratio = this.#ratio;
    if (this.canvas.width === Math.floor(width * ratio) && this.canvas.height === Math.floor(height * ratio))
      return;
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(width, height, false);
    const { tall, middle } = shotOf(width / height);
    this.#camera.aspect = width / height;
    this.#camera.position.set(0, middle, tall / 2 / Math.tan((LENS_DEG * Math.PI) / 360));
    this.#camera.updateProjectionMatrix();
    this.#paint();
  }
}

/**
 * Metres from edge to edge at her, and the height of the picture's middle: to the waist and the desk, her eyes in the
 * upper third, above where a tall screen has its cards.
 */
function shotOf(shape: number): { tall: number; middle: number } {
  const [tall, eyes] = shape < 0.8 ? [1.62, 0.35] : [1.16, 0.37];
  return { tall, middle: EYES_M - (0.5 - eyes) * tall };
}
