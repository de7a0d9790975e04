/** A product's model for the mirror: loaded once, one copy for each variant that is shown. */

import { basis, draco } from "virtual:vendored";
import type { WebGLRenderer } from "three";
import {
  Box3,
  type Group,
  Matrix4,
  Mesh,
  MeshPhysicalMaterial,
  type MeshStandardMaterial,
  type Plane,
  Quaternion,
  Vector3,
} from "three";
import { MeshoptDecoder } from "three/examples/jsm/libs/meshopt_decoder.module.js";
import { DRACOLoader } from "three/examples/jsm/loaders/DRACOLoader.js";
import { type GLTF, GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { KTX2Loader } from "three/examples/jsm/loaders/KTX2Loader.js";
import { VitrineError } from "../../protocol/errors.ts";
import { anchorOf, type ModelAnchor, type ProductModel, type WornCategory } from "../model.ts";

interface VariantMapping {
  material: number;
  variants: number[];
}

export class WornModel {
  readonly #gltf: GLTF;
  /** From the model's space into its anchor's. */
  readonly toAnchor: Matrix4;
  readonly #copies = new Map<string, Promise<Group>>();

  private constructor(gltf: GLTF, toAnchor: Matrix4) {
    this.#gltf = gltf;
    this.toAnchor = toAnchor;
  }

  /** Throws `model_unavailable`. */
  static async load(
    url: string,
    model: ProductModel,
    category: WornCategory,
    renderer: WebGLRenderer,
  ): Promise<WornModel> {
    const loader = new GLTFLoader();
    const dracoLoader = new DRACOLoader().setDecoderPath(draco);
    const ktx2Loader = new KTX2Loader().setTranscoderPath(basis).detectSupport(renderer);
    loader.setMeshoptDecoder(MeshoptDecoder).setDRACOLoader(dracoLoader).setKTX2Loader(ktx2Loader);
    try {
      const gltf = await loader.loadAsync(url);
      gltf.scene.updateMatrixWorld(true);
      return new WornModel(gltf, intoAnchor(model, category, new Box3().setFromObject(gltf.scene)));
    } catch (cause) {
      throw new VitrineError("model_unavailable", "The 3D model could not be loaded.", { cause });
    } finally {
      dracoLoader.dispose();
      ktx2Loader.dispose();
    }
  }

  /** The model in this variant; null is the file's own look. What lies behind `cut` is not drawn. */
  copy(variant: string | null, cut: Plane | null = null): Promise<Group> {
    const key = variant ?? "";
    let copy = this.#copies.get(key);
    if (copy === undefined) {
      copy = this.#make(variant, cut);
      this.#copies.set(key, copy);
    }
    return copy;
  }

  async #make(variant: string | null, cut: Plane | null): Promise<Group> {
    const copy = this.#gltf.scene.clone(true);
    const index = variant === null ? -1 : this.#variantNames().indexOf(variant);
    const meshes: Mesh[] = [];
    copy.traverse((object) => {
      if (object instanceof Mesh) meshes.push(object);
    });
    await Promise.all(meshes.map((mesh) => this.#dress(mesh, index, cut)));
    return copy;
  }

  #variantNames(): string[] {
    const json = this.#gltf.parser.json as {
      extensions?: { KHR_materials_variants?: { variants?: { name?: string }[] } };
    };
    return (json.extensions?.KHR_materials_variants?.variants ?? []).map(({ name }) => name ?? "");
  }

  async #dress(mesh: Mesh, variant: number, cut: Plane | null): Promise<void> {
    const { gltfExtensions } = mesh.userData as {
      gltfExtensions?: { KHR_materials_variants?: { mappings?: VariantMapping[] } };
    };
    const mappings = gltfExtensions?.KHR_materials_variants?.mappings ?? [];
    const mapping = mappings.find(({ variants }) => variants.includes(variant));
    if (mapping !== undefined) {
      mesh.material = await this.#gltf.parser.getDependency("material", mapping.material);
      // vertex colours and flat shading are the mesh's own
      this.#gltf.parser.assignFinalMaterial(mesh);
    }
    mesh.material = withoutTransmission(mesh.material as MeshStandardMaterial);
    if (cut !== null) mesh.material.clippingPlanes = [cut];
    mesh.frustumCulled = false;
  }

  close(): void {
    this.#gltf.scene.traverse((object) => {
      if (object instanceof Mesh) object.geometry.dispose();
    });
    for (const copy of this.#copies.values()) {
      void copy.then((group) =>
        group.traverse((object) => {
          if (object instanceof Mesh) disposeMaterial(object.material as MeshStandardMaterial);
        }),
      );
    }
    this.#copies.clear();
  }
}

/**
 * Light through glass costs a second drawing of the whole picture in every frame; in front of a moving face plain
 * transparency looks the same: as clear as the glass lets light through.
 */
function withoutTransmission(material: MeshStandardMaterial): MeshStandardMaterial {
  if (!(material instanceof MeshPhysicalMaterial) || material.transmission === 0) return material.clone();
  const clear = material.clone();
  const { r, g, b } = clear.color;
  const through = clear.transmission * Math.sqrt(0.2126 * r + 0.7152 * g + 0.0722 * b);
  clear.opacity = Math.min(1, Math.max(0.12, 1 - through));
  clear.transmission = 0;
  clear.transparent = true;
  clear.depthWrite = false;
  return clear;
}

function disposeMaterial(material: MeshStandardMaterial): void {
  for (const value of Object.values(material)) {
    if (value !== null && typeof value === "object" && "isTexture" in value)
      (value as MeshStandardMaterial).dispose();
  }
  material.dispose();
}

/** Where the anchor of a model without anchors would be, in parts of its box (x, y, z from 0 to 1). */
const GUESSED: Record<WornCategory, readonly [number, number, number]> = {
  glasses: [0.5, 0.62, 0.97],
  hat: [0.5, 0.08, 0.5],
  earring: [0.5, 1, 0.5],
  necklace: [0.5, 1, 0.3],
  lipstick: [0.5, 0.5, 0.5],
};

function anchorFor(model: ProductModel, category: WornCategory): ModelAnchor | null {
  switch (category) {
    case "glasses":
      return anchorOf(model, "bridge");
    case "hat":
      return anchorOf(model, "crown_rim");
    case "earring":
      return anchorOf(model, "hook");
    case "necklace": {
      // chains are of any length: they hang from the shoulders, not from their lowest point
      const [left, right] = [anchorOf(model, "neck_left"), anchorOf(model, "neck_right")];
      if (left === null || right === null) return null;
      const position = left.position.map((value, axis) => (value + (right.position[axis] ?? 0)) / 2);
      return { name: "neck", position, rotation: [0, 0, 0, 1] };
    }
    case "lipstick":
      return null;
  }
}

function intoAnchor(model: ProductModel, category: WornCategory, box: Box3): Matrix4 {
  const anchor = anchorFor(model, category);
  if (anchor !== null && anchor.position.length === 3) {
    const [x = 0, y = 0, z = 0, w = 1] = anchor.rotation;
    const place = new Matrix4().compose(
      new Vector3(...(anchor.position as [number, number, number])),
      new Quaternion(x, y, z, w).normalize(),
      new Vector3(1, 1, 1),
    );
    return place.invert();
  }
  const size = box.getSize(new Vector3());
  const [u, v, w] = GUESSED[category];
  const at = new Vector3(u, v, w).multiply(size).add(box.min);
  return new Matrix4().makeTranslation(-at.x, -at.y, -at.z);
}
