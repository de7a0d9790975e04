/** Finds the face in a picture: MediaPipe's face mesh, loaded when first asked for, all on this device. */

import { faceMesh as FOLDER } from "virtual:vendored";
import { VitrineError } from "../../protocol/errors.ts";
import { FramePoints } from "./landmarks.ts";

interface Results {
  multiFaceLandmarks?: { x: number; y: number; z: number }[][];
}

/** The part of MediaPipe's class that we use. */
interface FaceMesh {
  setOptions(options: Record<string, unknown>): void;
  initialize(): Promise<void>;
  onResults(listener: (results: Results) => void): void;
  send(inputs: { image: HTMLCanvasElement }): Promise<void>;
  close(): Promise<void>;
}

interface MediaPipe {
  FaceMesh?: new (config: { locateFile: (file: string) => string }) => FaceMesh;
  FACEMESH_TESSELATION?: [number, number][];
}

const LOAD_MS = 60_000;
/** From this time for one frame on, the processor is tried instead of the graphics card. */
const SLOW_MS = 55;
/** The first frames compile shaders and say nothing about speed. */
const WARM_UP = 5;
const MEASURED = 12;

export class FaceTracker {
  readonly #mesh: FaceMesh;
  /** Edges of the mesh, for the occluder. */
  readonly edges: readonly [number, number][];
  #found: FramePoints | null = null;
  #onCpu: boolean;
  #size: readonly [number, number] = [1, 1];
  readonly #times: number[] = [];
  #seen = 0;

  private constructor(mesh: FaceMesh, edges: readonly [number, number][], onCpu: boolean) {
    this.#mesh = mesh;
    this.edges = edges;
    this.#onCpu = onCpu;
    mesh.onResults((results) => {
      const face = results.multiFaceLandmarks?.[0];
      this.#found = face === undefined ? null : FramePoints.of(face, ...this.#size);
    });
  }

  /** Loads about 10 MB once; the browser keeps them. Throws `try_on_unavailable`. */
  static async load(onCpu = isDrawnInSoftware()): Promise<FaceTracker> {
    try {
      const { FaceMesh, FACEMESH_TESSELATION } = await mediaPipe();
      if (FaceMesh === undefined || FACEMESH_TESSELATION === undefined) throw new Error("no face mesh");
      const mesh = new FaceMesh({ locateFile: (file) => new URL(file, FOLDER).href });
      mesh.setOptions({
        maxNumFaces: 1,
        refineLandmarks: true,
        minDetectionConfidence: 0.5,
        minTrackingConfidence: 0.5,
        useCpuInference: onCpu,
      });
      await withinTime(mesh.initialize(), LOAD_MS);
      return new FaceTracker(mesh, FACEMESH_TESSELATION, onCpu);
    } catch (cause) {
      throw new VitrineError("try_on_unavailable", "The face mesh could not be loaded.", { cause });
    }
  }

  get runsOnCpu(): boolean {
    return this.#onCpu;
  }

  /** The face in a picture, or null. One call at a time. */
  async find(frame: HTMLCanvasElement): Promise<FramePoints | null> {
    this.#size = [frame.width, frame.height];
    this.#found = null;
    const startedAt = performance.now();
    await this.#mesh.send({ image: frame });
    this.#judge(performance.now() - startedAt);
    return this.#found;
  }

  close(): void {
    void this.#mesh.close().catch(() => {});
  }

  /** Changes once to the processor where the graphics card is slower than a picture may take. */
  #judge(ms: number): void {
    this.#seen += 1;
    if (this.#onCpu || this.#seen <= WARM_UP) return;
    this.#times.push(ms);
    if (this.#times.length < MEASURED) return;
    const median = this.#times.toSorted((a, b) => a - b)[MEASURED >> 1] as number;
    this.#times.length = 0;
    if (median < SLOW_MS) return;
    this.#onCpu = true;
    this.#mesh.setOptions({ useCpuInference: true });
  }
}

/** MediaPipe's script names itself on the window; it cannot be imported. */
let loading: Promise<MediaPipe> | null = null;

function mediaPipe(): Promise<MediaPipe> {
  loading ??= new Promise<MediaPipe>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("face_mesh.js", FOLDER).href;
    script.crossOrigin = "anonymous";
    script.addEventListener("load", () => resolve(window as unknown as MediaPipe));
    script.addEventListener("error", () => {
      loading = null;
      script.remove();
      reject(new Error("face_mesh.js did not load"));
    });
    document.head.append(script);
  });
  return loading;
}

/** Without a graphics card, inference on it is seven times slower than on the processor (measured: 177 ms and 26 ms). */
export function isDrawnInSoftware(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (gl === null) return true;
  const name = String(gl.getParameter(gl.RENDERER));
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const full = info === null ? name : String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(`${name} ${full}`);
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("took too long")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
