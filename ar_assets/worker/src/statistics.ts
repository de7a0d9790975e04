// What a model holds, counted as it is drawn.

import type { Document, Node, Primitive } from '@gltf-transform/core';

export interface Statistics {
  triangles: number;
  vertices: number;
  draw_calls: number;
  materials: number;
  textures: number;
}

const TRIANGLES = 4;

export function trianglesOf(primitive: Primitive): number {
  const corners = primitive.getIndices()?.getCount() ?? primitive.getAttribute('POSITION')?.getCount() ?? 0;
  const mode = primitive.getMode();
  if (mode === TRIANGLES) return Math.floor(corners / 3);
  return mode > TRIANGLES ? Math.max(corners - 2, 0) : 0;
}

/** Counts over the shown scene; a mesh counts once per node that shows it. */
export function statisticsOf(document: Document): Statistics {
  const root = document.getRoot();
  const found: Statistics = {
    triangles: 0,
    vertices: 0,
    draw_calls: 0,
    materials: root.listMaterials().length,
    textures: root.listTextures().length,
  };
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  scene?.traverse((node: Node) => {
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      found.triangles += trianglesOf(primitive);
      found.vertices += primitive.getAttribute('POSITION')?.getCount() ?? 0;
      found.draw_calls += 1;
    }
  });
  return found;
}
