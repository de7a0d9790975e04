import { describe, expect, it } from "vitest";
import {
  Capture,
  type CaptureChoice,
  CaptureError,
  type Devices,
  faultOf,
} from "../../src/studio/capture.ts";

class Track extends EventTarget {
  readonly kind: string;
  readonly settings: MediaTrackSettings;
  enabled = true;
  contentHint = "";
  stopped = false;
  constructor(kind: string, settings: MediaTrackSettings = {}) {
    super();
    this.kind = kind;
    this.settings = settings;
  }
  getSettings(): MediaTrackSettings {
    return this.settings;
  }
  stop(): void {
    this.stopped = true;
  }
}

/** A phone: two cameras of which one can be open at a time, one microphone. */
class Phone extends EventTarget {
  cameras: Track[] = [];
  asked: MediaStreamConstraints[] = [];
  refusal: Error | null = null;
  getUserMedia = async (constraints: MediaStreamConstraints): Promise<MediaStream> => {
    this.asked.push(constraints);
    if (this.refusal) throw this.refusal;
    const tracks: Track[] = [];
    if (constraints.video) {
      if (this.cameras.some((track) => !track.stopped)) throw named("NotReadableError");
      const facing = (constraints.video as { facingMode: { ideal: string } }).facingMode.ideal;
      const track = new Track("video", { facingMode: facing });
      this.cameras.push(track);
      tracks.push(track);
    }
    if (constraints.audio) tracks.push(new Track("audio"));
    return {
      getVideoTracks: () => tracks.filter((track) => track.kind === "video"),
      getAudioTracks: () => tracks.filter((track) => track.kind === "audio"),
      getTracks: () => tracks,
    } as unknown as MediaStream;
  };
  enumerateDevices = async (): Promise<MediaDeviceInfo[]> =>
    [
      { kind: "videoinput", deviceId: "front", label: "Front" },
      { kind: "videoinput", deviceId: "back", label: "Back" },
      { kind: "audioinput", deviceId: "microphone", label: "Microphone" },
    ] as MediaDeviceInfo[];
}

const choice: CaptureChoice = { facing: "user", cameraId: null, microphoneId: null };

function named(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}

function capture(phone: Phone | undefined): Capture {
  return new Capture({ devices: phone as unknown as Devices, choice, changed: () => undefined });
}

describe("the camera", () => {
  it("opens with a hint for motion and a voice", async () => {
    const phone = new Phone();
    const own = capture(phone);
    await own.open();
    expect(own.video?.contentHint).toBe("motion");
    expect(own.audio?.contentHint).toBe("speech");
    expect(own.cameras).toHaveLength(2);
    expect(own.mirrored).toBe(true);
  });

  it("turns around by letting the first camera go before it opens the second", async () => {
    const phone = new Phone();
    const own = capture(phone);
    await own.open();
    await own.turnAround();
    expect(own.choice.facing).toBe("environment");
    expect(own.mirrored).toBe(false);
    expect(phone.cameras.map((track) => track.stopped)).toEqual([true, false]);
  });

  it("carries out two quick taps one after the other", async () => {
    const phone = new Phone();
    const own = capture(phone);
    await own.open();
    await Promise.all([own.turnAround(), own.turnAround()]);
    expect(own.choice.facing).toBe("user");
    expect(phone.cameras.filter((track) => !track.stopped)).toHaveLength(1);
  });

  it("keeps the microphone muted when another one is chosen", async () => {
    const own = capture(new Phone());
    await own.open();
    own.setMuted(true);
    await own.chooseMicrophone("microphone");
    expect(own.audio?.enabled).toBe(false);
  });

  it("says that permission is missing", async () => {
    const phone = new Phone();
    phone.refusal = named("NotAllowedError");
    await expect(capture(phone).open()).rejects.toMatchObject({ fault: "blocked" });
  });

  it("tells a missing microphone from a missing camera", async () => {
    const phone = new Phone();
    phone.refusal = named("NotFoundError");
    await expect(capture(phone).open()).rejects.toMatchObject({ fault: "no_microphone" });
  });

  it("says that a page without a secure address has no camera", async () => {
    await expect(capture(undefined).open()).rejects.toBeInstanceOf(CaptureError);
  });

  it("lets everything go when closed", async () => {
    const phone = new Phone();
    const own = capture(phone);
    await own.open();
    own.close();
    own.close();
    expect(phone.cameras.every((track) => track.stopped)).toBe(true);
  });

  it("is asked for again when the system took it", async () => {
    const phone = new Phone();
    const own = capture(phone);
    await own.open();
    const taken = phone.cameras[0] as Track;
    taken.stopped = true;
    taken.dispatchEvent(new Event("ended"));
    await new Promise((resolve) => setTimeout(resolve));
    expect(own.video).not.toBe(taken);
    expect(phone.asked).toHaveLength(2);
  });
});

describe("a fault", () => {
  it.each([
    ["NotAllowedError", "blocked"],
    ["NotReadableError", "busy"],
    ["NotFoundError", "no_camera"],
    ["TypeError", "failed"],
  ])("of %s is %s", (name, fault) => {
    expect(faultOf(named(name))).toBe(fault);
  });
});
