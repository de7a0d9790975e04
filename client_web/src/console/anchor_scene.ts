/** The space in which anchors are dragged: the model, the reference body, a handle for each anchor. Loads three.js. */

import {
  AmbientLight,
  Box3,
  Color,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  type Object3D,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { TransformControls } from "three/examples/jsm/controls/TransformControls.js";
import { MeshoptDecoder } from "three/examples/jsm/libs/meshopt_decoder.module.js";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import type { ModelAnchor, ModelCategory, Placement } from "../protocol/messages.ts";
import { ReferenceBody } from "./reference_body.ts";

export type SceneView = "front" | "side" | "top";

export interface AnchorSceneOptions {
  canvas: HTMLCanvasElement;
  glbUrl: string;
  category: ModelCategory;
  placement: Placement | null;
  sizeM: readonly number[];
  anchors: readonly ModelAnchor[];
  /** An anchor was dragged. */
  moved: (name: string, position: [number, number, number]) => void;
  chosen: (name: string) => void;
}

const ACCENT = 0xff5a36;
const INK = 0x0e1013;

export class AnchorScene {
  readonly #options: AnchorSceneOptions;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(32, 1, 0.01, 100);
  readonly #orbit: OrbitControls;
  readonly #gizmo: TransformControls;
  readonly #handles = new Map<string, Mesh>();
  readonly #body: ReferenceBody;
  readonly #middle = new Vector3();
  readonly #watch: ResizeObserver;
  #reach = 0.3;
  #isDue = false;
  #isClosed = false;

  constructor(options: AnchorSceneOptions) {
    this.#options = options;
    const { canvas } = options;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#renderer.outputColorSpace = SRGBColorSpace;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    const key = new DirectionalLight(0xffffff, 2.2);
    key.position.set(1, 2, 2);
    this.#scene.add(new HemisphereLight(0xffffff, 0xb8b2aa, 1.4), new AmbientLight(0xffffff, 0.4), key);
    this.#body = new ReferenceBody(options.category, options.placement, options.sizeM);
    this.#scene.add(this.#body.group);
    this.#orbit = new OrbitControls(this.#camera, canvas);
    this.#orbit.addEventListener("change", () => this.#draw());
    this.#gizmo = new TransformControls(this.#camera, canvas);
    this.#gizmo.setSize(0.7);
    this.#gizmo.addEventListener("change", () => this.#draw());
    this.#gizmo.addEventListener("dragging-changed", (event) => {
      this.#orbit.enabled = event.value !== true;
    });
    this.#gizmo.addEventListener("objectChange", () => this.#dragged());
    this.#scene.add(this.#gizmo.getHelper());
    for (const anchor of options.anchors) {
      const material = new MeshBasicMaterial({ color: INK, depthTest: false, transparent: true });
      const handle = new Mesh(new SphereGeometry(1, 20, 14), material);
      handle.name = anchor.name;
      handle.renderOrder = 10;
      this.#handles.set(anchor.name, handle);
      this.#scene.add(handle);
    }
    canvas.addEventListener("pointerdown", (event) => this.#pick(event));
    this.#watch = new ResizeObserver(() => this.#resize());
    this.#watch.observe(canvas);
  }

  /** Loads the model. Throws when it cannot be shown. */
  async load(): Promise<void> {
    const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder);
    const gltf = await loader.loadAsync(this.#options.glbUrl);
    if (this.#isClosed) return;
    this.#scene.add(gltf.scene);
    const box = new Box3().setFromObject(gltf.scene);
    box.getCenter(this.#middle);
    this.#reach = Math.max(box.getSize(new Vector3()).length(), 0.03);
    for (const handle of this.#handles.values()) handle.scale.setScalar(this.#reach * 0.016);
    this.place(this.#options.anchors);
    this.view("front");
  }

  /** Puts handles and body where the anchors are. */
  place(anchors: readonly ModelAnchor[]): void {
    for (const anchor of anchors) {
      const handle = this.#handles.get(anchor.name);
      handle?.position.fromArray(anchor.position);
      handle?.quaternion.fromArray(anchor.rotation);
    }
    this.#body.follow(anchors);
    this.#draw();
  }

  choose(name: string): void {
    for (const [each, handle] of this.#handles)
      (handle.material as MeshBasicMaterial).color = new Color(each === name ? ACCENT : INK);
    const handle = this.#handles.get(name);
    if (handle) this.#gizmo.attach(handle);
    this.#draw();
  }

  view(view: SceneView): void {
    const away = this.#reach * 2.1;
    const from = { front: [0.35, 0.25, 1], side: [1, 0.15, 0.02], top: [0.02, 1, 0.05] }[view];
    this.#camera.position.copy(this.#middle).addScaledVector(new Vector3().fromArray(from).normalize(), away);
    this.#camera.near = away / 100;
    this.#camera.far = away * 20;
    this.#orbit.target.copy(this.#middle);
    this.#orbit.update();
    this.#resize();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.disconnect();
    this.#gizmo.detach();
    this.#gizmo.dispose();
    this.#orbit.dispose();
    this.#scene.traverse((object: Object3D) => {
      if (object instanceof Mesh) object.geometry.dispose();
    });
    this.#renderer.dispose();
  }

  #dragged(): void {
    const handle = this.#gizmo.object;
    if (!handle) return;
    const { x, y, z } = handle.position;
    this.#options.moved(handle.name, [x, y, z]);
  }

  #pick(event: PointerEvent): void {
    if (this.#gizmo.axis !== null) return; // an arrow is under the finger
    const { canvas } = this.#options;
    const box = canvas.getBoundingClientRect();
    const at = new Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      -((event.clientY - box.top) / box.height) * 2 + 1,
    );
    // the nearest handle within a thumb's reach on the screen
    let best: { name: string; gap: number } | null = null;
    for (const [name, handle] of this.#handles) {
      const seen = handle.position.clone().project(this.#camera);
      const gap = Math.hypot(((seen.x - at.x) * box.width) / 2, ((seen.y - at.y) * box.height) / 2);
      if (gap < 24 && (best === null || gap < best.gap)) best = { name, gap };
    }
    if (best !== null) this.#options.chosen(best.name);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#options.canvas;
    if (width === 0 || height === 0 || this.#isClosed) return;
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.#draw();
  }

  /** One picture per frame at most, and none while nothing changes. */
  #draw(): void {
    if (this.#isDue || this.#isClosed) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (!this.#isClosed) this.#renderer.render(this.#scene, this.#camera);
    });
  }
}
