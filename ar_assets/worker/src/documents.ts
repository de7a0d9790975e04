// Reading and writing models. Bytes come in by hand: the reader gets no way to open files or addresses of its own.

import { readFile, writeFile } from 'node:fs/promises';
import { type Document, type GLTF, type JSONDocument, Logger, WebIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import createDracoDecoder from 'draco3dgltf/draco_decoder_gltf_nodejs.js';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import dracoWasm from '../node_modules/draco3dgltf/draco_decoder_gltf.wasm';

const MESHOPT_TWIN = 'KHR_meshopt_compression';
const MESHOPT = 'EXT_meshopt_compression';

let shared: Promise<WebIO> | undefined;

/** The one reader and writer; decoders start with its first use. */
export function io(): Promise<WebIO> {
  shared ??= start();
  return shared;
}

async function start(): Promise<WebIO> {
  await Promise.all([MeshoptDecoder.ready, MeshoptEncoder.ready]);
  return new WebIO()
    .setLogger(new Logger(Logger.Verbosity.SILENT))
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({
      'draco3d.decoder': await createDracoDecoder({ wasmBinary: dracoWasm }),
      'meshopt.decoder': MeshoptDecoder,
      'meshopt.encoder': MeshoptEncoder,
    });
}

/** A GLB on disk. */
export async function readGlb(path: string): Promise<Document> {
  const reader = await io();
  const packed = await reader.binaryToJSON(new Uint8Array(await readFile(path)));
  return reader.readJSON(withOneMeshopt(packed));
}

/** A .gltf on disk with its files by address; addresses that are not in `files` are an error of the gate. */
export async function readGltf(path: string, files: Record<string, string>): Promise<Document> {
  const reader = await io();
  const json = JSON.parse(await readFile(path, 'utf8')) as GLTF.IGLTF;
  const resources: JSONDocument['resources'] = {};
  for (const { uri } of [...(json.buffers ?? []), ...(json.images ?? [])]) {
    if (uri === undefined || resources[uri]) continue;
    resources[uri] = uri.startsWith('data:') ? inline(uri) : new Uint8Array(await readFile(known(files, uri)));
  }
  return reader.readJSON(withOneMeshopt({ json, resources }));
}

export async function writeGlb(path: string, document: Document): Promise<number> {
  const bytes = await (await io()).writeBinary(document);
  await writeFile(path, bytes);
  return bytes.byteLength;
}

function inline(uri: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'));
}

function known(files: Record<string, string>, uri: string): string {
  const path = files[uri];
  if (path === undefined) throw new Error(`no file for ${uri}`);
  return path;
}

/** The two meshopt extensions differ in name and in what the decoder accepts; ours accepts both. */
function withOneMeshopt(packed: JSONDocument): JSONDocument {
  const { json } = packed;
  if (!json.extensionsUsed?.includes(MESHOPT_TWIN)) return packed;
  for (const part of [...(json.buffers ?? []), ...(json.bufferViews ?? [])]) {
    const extensions = part.extensions as Record<string, unknown> | undefined;
    if (extensions?.[MESHOPT_TWIN] === undefined) continue;
    extensions[MESHOPT] = extensions[MESHOPT_TWIN];
    delete extensions[MESHOPT_TWIN];
  }
  const renamed = (names: string[] = []): string[] => names.map((name) => (name === MESHOPT_TWIN ? MESHOPT : name));
  json.extensionsUsed = renamed(json.extensionsUsed);
  json.extensionsRequired = renamed(json.extensionsRequired);
  return packed;
}
