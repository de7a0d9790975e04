/** The front camera, and what to tell people when there is none. Pictures stay in this page. */

import { VitrineError } from "../protocol/errors.ts";

/** Codes of the errors that `openCamera` throws. */
export type CameraProblem =
  | "camera_denied"
  | "camera_missing"
  | "camera_busy"
  | "camera_insecure"
  | "camera_failed";

const WANTED: MediaTrackConstraints = {
  facingMode: "user",
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

export interface Camera {
  video: HTMLVideoElement;
  /** Turns the camera off: its light goes out. */
  close(): void;
}

/** Asks for the front camera. Throws a `VitrineError` whose code is a `CameraProblem`. */
export async function openCamera(
  devices: Pick<MediaDevices, "getUserMedia"> | undefined = navigator.mediaDevices,
): Promise<Camera> {
  if (devices === undefined) throw new VitrineError("camera_insecure", "Cameras need https.");
  let stream: MediaStream;
  try {
    stream = await devices.getUserMedia({ video: WANTED, audio: false });
  } catch (cause) {
    const problem = problemOf(cause);
    throw new VitrineError(problem, "The camera could not be opened.", { cause });
  }
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const close = (): void => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    await video.play();
  } catch (cause) {
    close();
    throw new VitrineError("camera_failed", "The camera's picture does not play.", { cause });
  }
  return { video, close };
}

/** What a refusal of `getUserMedia` means to people. */
export function problemOf(error: unknown): CameraProblem {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "camera_denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "camera_missing";
    case "NotReadableError":
    case "AbortError":
      return "camera_busy";
    default:
      return "camera_failed";
  }
}
