// A plain GLB to a small one: what is twice becomes once, fewer triangles, fewer bits, mesh compression, textures that
// were encoded outside. Named nodes, empty nodes (anchors), extras and variants stay.

import { readFile } from 'node:fs/promises';
import { type Document, PropertyType } from '@gltf-transform/core';
import { EXTMeshoptCompression, EXTTextureWebP } from '@gltf-transform/extensions';
import { dedup, flatten, join, prune, quantize, reorder, weld } from '@gltf-transform/functions';
import { MeshoptEncoder } from 'meshoptimizer';
import { dropUnusedAttributes } from '../attributes.ts';
import { readGlb, writeGlb } from '../documents.ts';
import { type Simplification, simplify } from '../simplify.ts';
import { type Statistics, statisticsOf } from '../statistics.ts';

export interface OptimiseRequest {
  source: string;
  out: string;
  /** By number of the image in the source. */
  textures: { image: number; path: string; type: 'image/webp' | 'image/png' | 'image/jpeg' }[];
  simplify: Simplification | null;
  /** Bits per number; null leaves floats and writes no mesh compression. */
  bits: { position: number; normal: number; texture: number; colour: number } | null;
  /** Draw calls above which meshes with the same material are joined. */
  max_draw_calls: number;
}

export async function optimise(request: OptimiseRequest): Promise<Statistics & { bytes: number }> {
  const document = await readGlb(request.source);
  await replaceTextures(document, request.textures);
  await document.transform(dedup({ keepUniqueNames: false }));
  dropUnusedAttributes(document);
  await document.transform(prune(KEEPING), weld());
  if (statisticsOf(document).draw_calls > request.max_draw_calls) await joinMeshes(document);
  if (request.simplify) await simplify(document, request.simplify);
  if (request.bits) await compress(document, request.bits);
  await document.transform(prune(KEEPING));
  const bytes = await writeGlb(request.out, document);
  return { ...statisticsOf(document), bytes };
}

const KEEPING = {
  keepLeaves: true,
  keepAttributes: true,
  keepExtras: true,
  keepSolidTextures: true,
  propertyTypes: [
    PropertyType.MESH,
    PropertyType.PRIMITIVE,
    PropertyType.SKIN,
    PropertyType.ANIMATION,
    PropertyType.MATERIAL,
    PropertyType.TEXTURE,
    PropertyType.ACCESSOR,
    PropertyType.BUFFER,
  ],
};

async function replaceTextures(document: Document, textures: OptimiseRequest['textures']): Promise<void> {
  const known = document.getRoot().listTextures();
  for (const { image, path, type } of textures) {
    known[image]?.setImage(new Uint8Array(await readFile(path))).setMimeType(type);
  }
  const isWebp = known.some((texture) => texture.getMimeType() === 'image/webp');
  const extension = document.createExtension(EXTTextureWebP).setRequired(true);
  if (!isWebp) extension.dispose();
}

/** Only where there are too many draws: joining moves vertices out of the nodes that brands named. */
async function joinMeshes(document: Document): Promise<void> {
  if (document.getRoot().listAnimations().length > 0) return;
  await document.transform(flatten({ cleanup: false }), join({ cleanup: false }), prune(KEEPING), weld());
}

async function compress(document: Document, bits: NonNullable<OptimiseRequest['bits']>): Promise<void> {
  await document.transform(
    reorder({ encoder: MeshoptEncoder, target: 'size' }),
    quantize({
      quantizePosition: bits.position,
      quantizeNormal: bits.normal,
      quantizeTexcoord: bits.texture,
      quantizeColor: bits.colour,
      cleanup: false,
    }),
  );
  document
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.FILTER });
}
