// Vertex attributes that no material looks at.

import { type Document, type Material, type Primitive, Texture, TextureInfo } from '@gltf-transform/core';
import { KHRMaterialsVariants, type Mapping, type MappingList, type Transform } from '@gltf-transform/extensions';

/**
 * Drops texture coordinates that no texture uses and tangents without a normal map; colours and custom attributes stay.
 * Numbers stay dense, and the override in KHR_texture_transform moves with its texture: glTF-Transform's prune
 * forgets it and writes an invalid file (MESH_PRIMITIVE_TOO_FEW_TEXCOORDS).
 */
export function dropUnusedAttributes(document: Document): void {
  const infos = document.getRoot().listMaterials().flatMap(textureInfos);
  const used = [...new Set(infos.flatMap((info) => coordinatesOf(info)))].sort((a, b) => a - b);
  const renumbered = new Map(used.map((old, index) => [old, index]));
  for (const primitive of primitives(document)) {
    const materials = materialsOf(primitive);
    const wantsTangents = materials.some((material) => material.getNormalTexture());
    const highest = Math.max(-1, ...materials.flatMap(textureInfos).flatMap(coordinatesOf));
    for (const semantic of primitive.listSemantics()) {
      const set = /^TEXCOORD_(\d+)$/.exec(semantic)?.[1];
      if (set !== undefined) {
        moveCoordinates(primitive, semantic, Number(set) <= highest ? renumbered.get(Number(set)) : undefined);
      }
      else if (semantic === 'TANGENT' && !wantsTangents) primitive.setAttribute(semantic, null);
    }
  }
  for (const info of infos) {
    info.setTexCoord(renumbered.get(info.getTexCoord()) ?? 0);
    const transform = info.getExtension<Transform>('KHR_texture_transform');
    const override = transform?.getTexCoord();
    if (transform && override !== null && override !== undefined) {
      transform.setTexCoord(renumbered.get(override) ?? 0);
    }
  }
}

export function primitives(document: Document): Primitive[] {
  return document
    .getRoot()
    .listMeshes()
    .flatMap((mesh) => mesh.listPrimitives());
}

/** The primitive's own material and those of its variants. */
function materialsOf(primitive: Primitive): Material[] {
  const list = primitive.getExtension<MappingList>(KHRMaterialsVariants.EXTENSION_NAME);
  const others = list?.listMappings().map((mapping: Mapping) => mapping.getMaterial()) ?? [];
  return [primitive.getMaterial(), ...others].filter((material) => material !== null);
}

/** The texture infos of a material and its extensions that belong to a texture. */
function textureInfos(material: Material): TextureInfo[] {
  const graph = material.getGraph();
  const found: TextureInfo[] = [];
  for (const owner of [material, ...material.listExtensions()]) {
    const edges = graph.listChildEdges(owner);
    const names = new Set<string>();
    for (const edge of edges) {
      if (edge.getChild() instanceof Texture) names.add(`${edge.getName()}Info`);
    }
    for (const edge of edges) {
      const info = edge.getChild();
      if (info instanceof TextureInfo && names.has(edge.getName())) found.push(info);
    }
  }
  return found;
}

/** The set that a texture reads: the transform's override wins, but readers without it read the other. */
function coordinatesOf(info: TextureInfo): number[] {
  const override = info.getExtension<Transform>('KHR_texture_transform')?.getTexCoord();
  return override === null || override === undefined ? [info.getTexCoord()] : [info.getTexCoord(), override];
}

function moveCoordinates(primitive: Primitive, semantic: string, to: number | undefined): void {
  const accessor = primitive.getAttribute(semantic);
  const name = `TEXCOORD_${to}`;
  if (name === semantic) return;
  primitive.setAttribute(semantic, null);
  if (to !== undefined) primitive.setAttribute(name, accessor);
}
