/** Bringing a model's file to the server by tus: in pieces, going on by itself after a lost connection. */

import { VitrineError } from "../protocol/errors.ts";
import type { Upload } from "../protocol/messages.ts";

export const MAX_MODEL_BYTES = 100 * 1024 * 1024;
export const MODEL_ENDINGS: readonly string[] = [
  ".glb",
  ".zip",
  ".gltf",
  ".obj",
  ".stl",
  ".ply",
  ".fbx",
  ".usdz",
];
/** Waits between tries; after the last one the person decides. */
const TRY_AGAIN_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const REFUSED_FOR_GOOD: ReadonlySet<number> = new Set([400, 401, 403, 404, 413, 415, 422]);

/** What is wrong with a file before it is sent; null when nothing is. */
export function modelFileProblem(
  file: Pick<File, "name" | "size">,
): "empty" | "too_large" | "wrong_type" | null {
  const name = file.name.toLowerCase();
  if (!MODEL_ENDINGS.some((ending) => name.endsWith(ending))) return "wrong_type";
  if (file.size === 0) return "empty";
  return file.size > MAX_MODEL_BYTES ? "too_large" : null;
}

export interface ModelUploadOptions {
  server: string;
  token: string;
  file: File;
  upload: Upload;
  /** Share that has arrived, 0 to 1. */
  progress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends what the server does not have yet. Rejects with VitrineError; sending again goes on where it stopped. */
export async function sendModel(options: ModelUploadOptions): Promise<void> {
  // Loaded when something is to be sent: most visits of the console send nothing.
  const { Upload: TusUpload, DetailedError } = await import("tus-js-client");
  await new Promise<void>((resolve, reject) => {
    const sending = new TusUpload(options.file, {
      uploadUrl: `${options.server}${options.upload.location}`,
      chunkSize: options.upload.chunk_bytes,
      headers: { Authorization: `Bearer ${options.token}` },
      retryDelays: TRY_AGAIN_MS,
      storeFingerprintForResuming: false,
      onShouldRetry: (error) => {
        const status = error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0;
        return !REFUSED_FOR_GOOD.has(status);
      },
      onProgress: (sent, total) => options.progress(total > 0 ? sent / total : 0),
      onSuccess: () => resolve(),
      onError: (error) =>
        reject(new VitrineError("network", "The upload did not get through.", { cause: error })),
    });
    options.signal.addEventListener(
      "abort",
      () => {
        void sending.abort();
        reject(new VitrineError("closed", "The upload was given up."));
      },
      { once: true },
    );
    sending.start();
  });
}
