// Any glTF to a plain GLB: decoded, dequantised, dense, one buffer, triangles as lists. Also undoes our own encoding.

import type { Document } from '@gltf-transform/core';
import { PropertyType } from '@gltf-transform/core';
import { convertPrimitiveToTriangles, dequantize, prune, unpartition } from '@gltf-transform/functions';
import { readGlb, readGltf, writeGlb } from '../documents.ts';
import { type Statistics, statisticsOf } from '../statistics.ts';

export interface ImportRequest {
  source: string;
  format: 'glb' | 'gltf';
  files?: Record<string, string>;
  out: string;
}

const CODECS = ['KHR_draco_mesh_compression', 'EXT_meshopt_compression', 'KHR_mesh_quantization'];
const STRIP = 5;

export async function importModel(request: ImportRequest): Promise<Statistics & { dropped: string[] }> {
  const document =
    request.format === 'glb' ? await readGlb(request.source) : await readGltf(request.source, request.files ?? {});
  const dropped = await makePlain(document);
  await writeGlb(request.out, document);
  return { ...statisticsOf(document), dropped };
}

/** Returns what a product does not need and was left out: cameras, lamps. */
async function makePlain(document: Document): Promise<string[]> {
  const root = document.getRoot();
  const dropped: string[] = [];
  for (const camera of root.listCameras()) {
    camera.dispose();
    dropped.push('camera');
  }
  for (const extension of root.listExtensionsUsed()) {
    if (CODECS.includes(extension.extensionName)) extension.dispose();
    else if (extension.extensionName === 'KHR_lights_punctual') {
      extension.dispose();
      dropped.push('light');
    }
  }
  for (const accessor of root.listAccessors()) accessor.setSparse(false);
  for (const mesh of root.listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      if (primitive.getMode() >= STRIP) convertPrimitiveToTriangles(primitive);
    }
  }
  await document.transform(
    dequantize({ pattern: /.*/ }),
    // Accessors and buffers that nothing uses any more, and nothing else: what the brand made stays
    prune({ propertyTypes: [PropertyType.ACCESSOR, PropertyType.BUFFER], keepAttributes: true, keepExtras: true }),
    unpartition(),
  );
  if (!root.getDefaultScene() && root.listScenes()[0]) root.setDefaultScene(root.listScenes()[0] ?? null);
  return dropped;
}
