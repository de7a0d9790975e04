/** The host as a figure in a small studio, by three and three-vrm. Import this file only when it is to be shown: it is heavy. */

import { type VRM, VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";
import {
  AmbientLight,
  CanvasTexture,
  DirectionalLight,
  Mesh,
  Object3D,
  PerspectiveCamera,
  Scene,
  SRGBColorSpace,
  WebGLRenderer,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import type { HostPose } from "./driver.ts";
import { LIDS, mouthShapes, type Naming, namingOf } from "./mapping.ts";

/** A phone's screen has more pixels than a stylised face needs; below the least a face is a smear. */
const MOST_PIXEL_RATIO = 2;
const LEAST_PIXEL_RATIO = 0.5;
/** A device that needs longer for a picture, over so many of them, gets fewer pixels to draw. */
const SLOW_MS = 45;
const JUDGED = 6;
const LOAD_MS = 15_000;

export class HostScene {
  readonly canvas: HTMLCanvasElement;
  /** What was drawn last, for tests and for whoever looks into the page. */
  mouthOpen = 0;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(24, 1, 0.1, 20);
  readonly #eyesOn = new Object3D();
  #vrm: VRM | null = null;
  #morphs: Mesh[] = [];
  #naming: Naming = "vrm";
  #lastMs = 0;
  #ratio = Math.min(MOST_PIXEL_RATIO, devicePixelRatio);
  #judged = 0;
  #spentMs = 0;

  /** Throws where the browser has no WebGL. `lost` when the graphics were taken away. */
  constructor(canvas: HTMLCanvasElement, lost: () => void) {
    this.canvas = canvas;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "low-power" });
    canvas.addEventListener("webglcontextlost", lost);
    this.#scene.background = studio();
    const key = new DirectionalLight("#fff0df", 2.5);
    key.position.set(0.9, 1.4, 2.2);
    const rim = new DirectionalLight("#ffb98f", 1.6);
    rim.position.set(-1.6, 1.2, -1.4);
    this.#scene.add(key, rim, new AmbientLight("#dfe8e6", 1.25), this.#eyesOn);
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

  /** Draws one picture. */
  draw(pose: HostPose, atMs: number): void {
    this.#judge(atMs - this.#lastMs);
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
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
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
    // the first picture, or one after the page was hidden
    if (sinceLastMs > 2000) return;
    this.#spentMs += sinceLastMs;
    this.#judged += 1;
    if (this.#judged < JUDGED) return;
    const isSlow = this.#spentMs / this.#judged > SLOW_MS;
    [this.#judged, this.#spentMs] = [0, 0];
    if (isSlow) this.#ratio = Math.max(LEAST_PIXEL_RATIO, this.#ratio * 0.7);
  }

  /** Head and shoulders with room for the hands, in the upper part of a tall screen where no card lies. */
  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    const ratio = this.#ratio;
    if (this.canvas.width === Math.floor(width * ratio) && this.canvas.height === Math.floor(height * ratio))
      return;
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(width, height, false);
    const shape = width / height;
    const isPortrait = shape < 0.8;
    this.#camera.aspect = shape;
    this.#camera.position.set(0, isPortrait ? 1.36 : 1.46, isPortrait ? 3.05 : 1.9);
    this.#camera.lookAt(0, isPortrait ? 1.33 : 1.42, 0);
    this.#camera.updateProjectionMatrix();
  }
}

/** The studio's wall with its warm light, in the colours of the drawn stage. */
function studio(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = 64;
  canvas.height = 256;
  const pen = canvas.getContext("2d");
  if (pen !== null) {
    const wall = pen.createLinearGradient(0, 0, 0, 256);
    wall.addColorStop(0, "#122a2b");
    wall.addColorStop(0.42, "#2d5350");
    wall.addColorStop(0.75, "#1b3b3a");
    wall.addColorStop(1, "#0c1d20");
    pen.fillStyle = wall;
    pen.fillRect(0, 0, 64, 256);
    const glow = pen.createRadialGradient(32, 100, 0, 32, 100, 90);
    glow.addColorStop(0, "rgb(255 224 186 / 34%)");
    glow.addColorStop(1, "rgb(255 224 186 / 0%)");
    pen.fillStyle = glow;
    pen.fillRect(0, 0, 64, 256);
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}
