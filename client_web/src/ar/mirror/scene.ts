/** The mirror's picture: the camera's frame, what is worn in front of it, and the head that hides its far parts. */

import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  DirectionalLight,
  Group,
  LinearFilter,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  NeutralToneMapping,
  PerspectiveCamera,
  Plane,
  PMREMGenerator,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  Vector3,
  WebGLRenderer,
} from "three";
import { RoomEnvironment } from "three/examples/jsm/environments/RoomEnvironment.js";
import { type FramePoints, MESH_LANDMARKS, POINT } from "../face/landmarks.ts";
import type { Light } from "../face/light.ts";
import { skullBehind, trianglesOf } from "../face/occluder.ts";
import { type FaceInSpace, pointAt, verticalFov } from "../face/pose.ts";
import { add, middle, times, type Vec } from "../face/vectors.ts";
import type { LipstickFinish, WornCategory } from "../model.ts";
import { LipLayer } from "./lip_layer.ts";
import { type Place, placesFor } from "./worn.ts";
import type { WornModel } from "./worn_model.ts";

/** What is worn: a variant of a model, or a shade on the lips. */
export type Look =
  | { kind: "model"; model: WornModel; category: WornCategory; variant: string | null }
  | { kind: "lips"; shade: string; finish: LipstickFinish };

/** The occluder lies this far under the skin, so that what rests on the skin is seen. */
const UNDER_SKIN_M = 0.004;

/** Arms are seen this far behind the mesh's last points before the ears, where the ear covers them. */
const BEHIND_EARS_M = 0.012;

interface Worn {
  look: Look;
  /** One for each piece of the product. */
  pieces: Group[];
}

export class MirrorScene {
  readonly renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(50, 1, 0.05, 5);
  readonly #picture: CanvasTexture;
  readonly #lips: LipLayer;
  readonly #face: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #skull: Mesh<SphereGeometry, MeshBasicMaterial>;
  readonly #ambient = new AmbientLight(0xffffff, 0.4);
  readonly #key = new DirectionalLight(0xffffff, 1.2);
  readonly #heads = new Group();
  /** Arms of glasses end behind the ears, whatever hair is there. */
  readonly #earPlane = new Plane();
  #worn: (Worn | null)[] = [];
  #places: Place[] = [];
  #hasFace = false;

  constructor(
    canvas: HTMLCanvasElement,
    frame: HTMLCanvasElement,
    edges: readonly (readonly [number, number])[],
    isSoftware: boolean,
  ) {
    // without a graphics card four samples of each pixel cost more than the face does
    this.renderer = new WebGLRenderer({
      canvas,
      antialias: !isSoftware,
      powerPreference: "high-performance",
    });
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.localClippingEnabled = true;
    this.#picture = new CanvasTexture(frame);
    this.#picture.colorSpace = SRGBColorSpace;
    this.#picture.generateMipmaps = false;
    this.#picture.minFilter = LinearFilter;
    this.#scene.background = this.#picture;
    this.#lips = new LipLayer(this.#picture);
    const unseen = new MeshBasicMaterial({ colorWrite: false });
    const mesh = new BufferGeometry();
    mesh.setAttribute("position", new BufferAttribute(new Float32Array(MESH_LANDMARKS * 3), 3));
    mesh.setIndex(new BufferAttribute(trianglesOf(edges), 1));
    this.#face = new Mesh(mesh, unseen);
    this.#face.frustumCulled = false;
    this.#skull = new Mesh(new SphereGeometry(1, 40, 28), unseen);
    this.#heads.add(this.#face, this.#skull);
    this.#heads.renderOrder = -1;
    const room = new PMREMGenerator(this.renderer);
    this.#scene.environment = room.fromScene(new RoomEnvironment(), 0.04).texture;
    room.dispose();
    this.#scene.add(this.#heads, this.#lips.mesh, this.#ambient, this.#key, this.#key.target);
  }

  /** Sizes the drawing: the frame's shape, `widthPx` wide. */
  resize(frameWidth: number, frameHeight: number, widthPx: number): void {
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(widthPx, Math.round((widthPx * frameHeight) / frameWidth), false);
    this.#camera.fov = verticalFov(frameWidth, frameHeight);
    this.#camera.aspect = frameWidth / frameHeight;
    this.#camera.updateProjectionMatrix();
    // a texture of another size has to be made anew
    this.#picture.dispose();
  }

  /** One look, or two to compare. A null look is the face as it is. */
  async wear(looks: readonly (Look | null)[]): Promise<void> {
    const worn = await Promise.all(looks.map((look) => dress(look, this.#earPlane)));
    for (const each of this.#worn)
      each?.pieces.forEach((piece) => {
        this.#scene.remove(piece);
      });
    this.#worn = worn;
    for (const each of worn)
      each?.pieces.forEach((piece) => {
        this.#scene.add(piece);
      });
    this.#put();
  }

  /** Moves everything to the face of the frame that was just drawn into the frame's canvas. */
  follow(face: { points: FramePoints; space: FaceInSpace; light: Light } | null): void {
    this.#picture.needsUpdate = true;
    this.#hasFace = face !== null;
    this.#heads.visible = face !== null;
    if (face === null) return;
    const { points, space, light } = face;
    this.#hide(space);
    this.#light(light, space);
    this.#lips.follow(points, light);
    const category = this.#worn.find((each) => each?.look.kind === "model")?.look;
    this.#places = category?.kind === "model" ? placesFor(category.category, space) : [];
    this.#put();
  }

  /**
   * Draws. With two looks the first is right of `split` (0 to 1 on the canvas) and the second left of it: people see
   * the canvas mirrored.
   */
  render(split: number): void {
    const { renderer } = this;
    const { width, height } = renderer.domElement;
    if (this.#worn.length < 2) {
      this.#showOnly(0);
      renderer.render(this.#scene, this.#camera);
      return;
    }
    const edge = Math.round(width * split);
    renderer.setScissorTest(true);
    [
      [edge, width - edge],
      [0, edge],
    ].forEach(([from, wide], index) => {
      if ((wide ?? 0) <= 0) return;
      renderer.setScissor(from ?? 0, 0, wide ?? 0, height);
      this.#showOnly(index);
      renderer.render(this.#scene, this.#camera);
    });
    renderer.setScissorTest(false);
  }

  close(): void {
    this.#lips.close();
    this.#face.geometry.dispose();
    this.#skull.geometry.dispose();
    this.#face.material.dispose();
    this.#picture.dispose();
    this.#scene.environment?.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  #showOnly(index: number): void {
    this.#worn.forEach((each, i) => {
      for (const piece of each?.pieces ?? []) piece.visible = this.#hasFace && i === index;
    });
    const look = this.#worn[index]?.look;
    this.#lips.mesh.visible = this.#hasFace && look?.kind === "lips";
    if (look?.kind === "lips") this.#lips.paint(look.shade, look.finish);
  }

  #put(): void {
    for (const each of this.#worn) {
      if (each?.look.kind !== "model") continue;
      const { toAnchor } = each.look.model;
      each.pieces.forEach((piece, index) => {
        const place = this.#places[index];
        if (place === undefined) return;
        const [x, y, z, o] = [place.x, place.y, place.z, place.origin].map((v) => new Vector3(...v));
        piece.matrix.makeBasis(x as Vector3, y as Vector3, z as Vector3).setPosition(o as Vector3);
        if (place.isMirrored) piece.matrix.multiply(new Matrix4().makeScale(-1, 1, 1));
        piece.matrix.multiply(toAnchor);
        piece.matrixWorldNeedsUpdate = true;
      });
    }
  }

  #hide(face: FaceInSpace): void {
    const under = times(face.z, -UNDER_SKIN_M);
    const place = this.#face.geometry.getAttribute("position") as BufferAttribute;
    for (let i = 0; i < MESH_LANDMARKS; i += 1) {
      place.setXYZ(
        i,
        (face.positions[i * 3] as number) + under[0],
        (face.positions[i * 3 + 1] as number) + under[1],
        (face.positions[i * 3 + 2] as number) + under[2],
      );
    }
    place.needsUpdate = true;
    const ears = middle(
      pointAt(face.positions, POINT.templeLeft),
      pointAt(face.positions, POINT.templeRight),
    );
    this.#earPlane.setFromNormalAndCoplanarPoint(
      new Vector3(...face.z),
      new Vector3(...add(ears, times(face.z, -BEHIND_EARS_M))),
    );
    const { centre, radii } = skullBehind(face);
    const vector = (v: Vec): Vector3 => new Vector3(...v);
    this.#skull.matrixAutoUpdate = false;
    this.#skull.matrix
      .makeBasis(
        vector(times(face.x, radii[0])),
        vector(times(face.y, radii[1])),
        vector(times(face.z, radii[2])),
      )
      .setPosition(vector(centre));
    this.#skull.matrixWorldNeedsUpdate = true;
  }

  #light(light: Light, face: FaceInSpace): void {
    const colour = new Color(...light.colour);
    const level = light.level / 0.55;
    this.#ambient.color.copy(colour);
    this.#ambient.intensity = 0.35 * level;
    this.#key.color.copy(colour);
    this.#key.intensity = 1.6 * level;
    this.#scene.environmentIntensity = 0.75 * level;
    const centre = skullBehind(face).centre;
    this.#key.target.position.set(...centre);
    this.#key.position.set(...add(centre, [light.fromSide * 3, 0.6 + light.fromAbove * 2, 1]));
  }
}

async function dress(look: Look | null, earPlane: Plane): Promise<Worn | null> {
  if (look === null) return null;
  if (look.kind === "lips") return { look, pieces: [] };
  const copy = await look.model.copy(look.variant, look.category === "glasses" ? earPlane : null);
  const count = look.category === "earring" ? 2 : 1;
  const pieces = Array.from({ length: count }, () => {
    const piece = new Group();
    piece.matrixAutoUpdate = false;
    piece.add(copy.clone(true));
    return piece;
  });
  return { look, pieces };
}
