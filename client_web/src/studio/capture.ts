/** The host's camera and microphone: opening, choosing, turning the phone's camera around, coming back after an interruption. */

export type Facing = "user" | "environment";

export interface CaptureChoice {
  facing: Facing;
  /** Device ids; null lets the browser choose. */
  cameraId: string | null;
  microphoneId: string | null;
}

/** Why there is no picture or sound; each has its own sentence saying what to do. */
export type CaptureFault = "blocked" | "no_camera" | "no_microphone" | "busy" | "insecure" | "failed";

export class CaptureError extends Error {
  readonly fault: CaptureFault;

  constructor(fault: CaptureFault, cause?: unknown) {
    super(fault, { cause });
    this.name = "CaptureError";
    this.fault = fault;
  }
}

/** The part of `navigator.mediaDevices` that is needed. */
export type Devices = Pick<
  MediaDevices,
  "getUserMedia" | "enumerateDevices" | "addEventListener" | "removeEventListener"
>;

export interface CaptureOptions {
  devices: Devices | undefined;
  choice: CaptureChoice;
  /** The microphone alone, for who is heard and not seen. */
  soundOnly?: boolean;
  /** Something a page shows has changed: tracks, devices, mute. */
  changed: () => void;
}

const VIDEO = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
  // As the camera sees it: Chromium would crop an upright picture to the shape asked for.
  resizeMode: { ideal: "none" },
};
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true } as const;

/** Names of `DOMException`s of getUserMedia to what a host can do about them. */
export function faultOf(error: unknown): CaptureFault {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "blocked";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "no_camera";
  return "failed";
}

export class Capture {
  readonly #devices: Devices | undefined;
  readonly #changed: () => void;
  readonly #soundOnly: boolean;
  #choice: CaptureChoice;
  #video: MediaStreamTrack | null = null;
  #audio: MediaStreamTrack | null = null;
  #known: MediaDeviceInfo[] = [];
  #muted = false;
  #closed = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: CaptureOptions) {
    this.#devices = options.devices;
    this.#choice = options.choice;
    this.#soundOnly = options.soundOnly ?? false;
    this.#changed = options.changed;
    this.#devices?.addEventListener("devicechange", this.#devicesChanged);
  }

  get video(): MediaStreamTrack | null {
    return this.#video;
  }

  get audio(): MediaStreamTrack | null {
    return this.#audio;
  }

  get choice(): CaptureChoice {
    return this.#choice;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** A picture of oneself is expected as in a mirror; the other side's camera is not. */
  get mirrored(): boolean {
    const facing = this.#video?.getSettings().facingMode;
    return facing === undefined ? this.#choice.facing === "user" : facing === "user";
  }

  get cameras(): MediaDeviceInfo[] {
    return this.#known.filter((device) => device.kind === "videoinput" && device.deviceId !== "");
  }

  get microphones(): MediaDeviceInfo[] {
    return this.#known.filter((device) => device.kind === "audioinput" && device.deviceId !== "");
  }

  /** Opens camera and microphone. Rejects with `CaptureError`. */
  async open(): Promise<void> {
    await this.#inTurn(async () => {
      const video = this.#soundOnly ? false : this.#videoConstraints();
      const stream = await this.#ask({ video, audio: this.#audioConstraints() });
      this.#takeVideo(stream.getVideoTracks()[0] ?? null);
      this.#takeAudio(stream.getAudioTracks()[0] ?? null);
      await this.#list();
    });
  }

  /** Front to back or back to front. */
  async turnAround(): Promise<void> {
    await this.#changeCamera((choice) => ({
      ...choice,
      facing: choice.facing === "user" ? "environment" : "user",
      cameraId: null,
    }));
  }

  async chooseCamera(cameraId: string): Promise<void> {
    await this.#changeCamera((choice) => ({ ...choice, cameraId }));
  }

  async chooseMicrophone(microphoneId: string): Promise<void> {
    await this.#inTurn(async () => {
      const before = this.#choice;
      this.#choice = { ...before, microphoneId };
      try {
        const stream = await this.#ask({ audio: this.#audioConstraints() });
        this.#takeAudio(stream.getAudioTracks()[0] ?? null);
      } catch (error) {
        this.#choice = before;
        throw error;
      }
    });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    if (this.#audio) this.#audio.enabled = !muted;
    this.#changed();
  }

  /** Lets camera and microphone go; `open` takes them again. */
  pause(): void {
    this.#takeVideo(null);
    this.#takeAudio(null);
  }

  /** May be called twice. */
  close(): void {
    this.#closed = true;
    this.#devices?.removeEventListener("devicechange", this.#devicesChanged);
    this.pause();
  }

  /** Phones open only one camera at a time, so the old one is let go first and reopened when the new one fails. */
  async #changeCamera(change: (choice: CaptureChoice) => CaptureChoice): Promise<void> {
    await this.#inTurn(async () => {
      const before = this.#choice;
      this.#choice = change(before);
      this.#video?.stop();
      try {
        const stream = await this.#ask({ video: this.#videoConstraints() });
        this.#takeVideo(stream.getVideoTracks()[0] ?? null);
      } catch (error) {
        this.#choice = before;
        const stream = await this.#ask({ video: this.#videoConstraints() });
        this.#takeVideo(stream.getVideoTracks()[0] ?? null);
        throw error;
      }
    });
  }

  async #ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (!this.#devices) throw new CaptureError("insecure");
    try {
      const stream = await this.#devices.getUserMedia(constraints);
      if (this.#closed) for (const track of stream.getTracks()) track.stop();
      return stream;
    } catch (error) {
      throw new CaptureError(await this.#whichFault(error), error);
    }
  }

  /** A missing device is told apart by what the list has: browsers give the same error for both. */
  async #whichFault(error: unknown): Promise<CaptureFault> {
    const fault = faultOf(error);
    if (fault !== "no_camera" || !this.#devices) return fault;
    if (this.#soundOnly) return "no_microphone";
    const devices = await this.#devices.enumerateDevices().catch(() => []);
    return devices.some((device) => device.kind === "videoinput") ? "no_microphone" : "no_camera";
  }

  #videoConstraints(): MediaTrackConstraints {
    const { cameraId, facing } = this.#choice;
    return cameraId
      ? { ...VIDEO, deviceId: { ideal: cameraId } }
      : { ...VIDEO, facingMode: { ideal: facing } };
  }

  #audioConstraints(): MediaTrackConstraints {
    const { microphoneId } = this.#choice;
    return microphoneId ? { ...AUDIO, deviceId: { ideal: microphoneId } } : { ...AUDIO };
  }

  #takeVideo(track: MediaStreamTrack | null): void {
    if (track) track.contentHint = "motion";
    this.#video?.stop();
    this.#video = this.#watch(track);
    this.#changed();
  }

  #takeAudio(track: MediaStreamTrack | null): void {
    if (track) {
      track.contentHint = "speech";
      track.enabled = !this.#muted;
    }
    this.#audio?.stop();
    this.#audio = this.#watch(track);
    this.#changed();
  }

  /** A track ends by itself when the device goes away or the system takes it (a phone call): ask for it again. */
  #watch(track: MediaStreamTrack | null): MediaStreamTrack | null {
    if (!track || this.#closed) {
      track?.stop();
      return null;
    }
    track.addEventListener("ended", () => {
      if (track !== this.#video && track !== this.#audio) return;
      this.open().catch(() => this.#changed());
    });
    return track;
  }

  readonly #devicesChanged = (): void => {
    void this.#list();
  };

  async #list(): Promise<void> {
    this.#known = (await this.#devices?.enumerateDevices().catch(() => [])) ?? [];
    this.#changed();
  }

  /** One change of devices at a time: a second tap waits for the first. */
  async #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(change, change);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
