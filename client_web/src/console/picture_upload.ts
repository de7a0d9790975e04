/** Uploading one picture with progress: `fetch` tells none on the way up, so this is the one XMLHttpRequest. */

import { errorOf, VitrineError } from "../protocol/errors.ts";
import type { PictureUploaded } from "../protocol/messages.ts";

export const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
export const PICTURE_TYPES: readonly string[] = ["image/png", "image/jpeg", "image/webp"];
const TIMEOUT_MS = 120_000;

/** What is wrong with a file before it is sent; null when nothing is. */
export function pictureProblem(file: Pick<File, "type" | "size">): "too_large" | "wrong_type" | null {
  if (!PICTURE_TYPES.includes(file.type)) return "wrong_type";
  return file.size > MAX_PICTURE_BYTES ? "too_large" : null;
}

export interface UploadOptions {
  server: string;
  token: string;
  file: File;
  /** Share that is on its way, 0 to 1. */
  progress: (share: number) => void;
  signal: AbortSignal;
}

export function uploadPicture(options: UploadOptions): Promise<PictureUploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", options.file, options.file.name);
    request.open("POST", `${options.server}/api/pictures`);
    request.setRequestHeader("Authorization", `Bearer ${options.token}`);
    request.timeout = TIMEOUT_MS;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) options.progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as PictureUploaded);
      else void errorOf(new Response(request.responseText, { status: request.status })).then(reject);
    });
    const lost = (): void => reject(new VitrineError("network", "The server cannot be reached."));
    request.addEventListener("error", lost);
    request.addEventListener("timeout", lost);
    request.addEventListener("abort", lost);
    options.signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
