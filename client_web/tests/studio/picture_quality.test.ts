import { expect, it } from "vitest";
import type { Ingest } from "../../src/protocol/messages.ts";
import { lines, PictureWatch, pictureQuality } from "../../src/studio/picture_quality.ts";

const arriving: Ingest = {
  type: "ingest",
  bitrate_bps: 2_400_000,
  loss: 0,
  width_px: 1280,
  height_px: 720,
  fps: 30,
};

it("calls 720 lines good, whichever way the phone is held", () => {
  expect(pictureQuality(arriving)).toBe("good");
  expect(pictureQuality({ ...arriving, width_px: 720, height_px: 1280 })).toBe("good");
  expect(lines(720, 1280)).toBe(720);
});

it.each([
  [{ loss: 0.05 }, "fair"],
  [{ fps: 20 }, "fair"],
  [{ width_px: 960, height_px: 540 }, "fair"],
  [{ loss: 0.2 }, "weak"],
  [{ fps: 8 }, "weak"],
  [{ width_px: 640, height_px: 360 }, "weak"],
])("calls %o %s", (change, quality) => {
  expect(pictureQuality({ ...arriving, ...change })).toBe(quality);
});

it("alarms nobody in the first seconds", () => {
  const watch = new PictureWatch();
  for (let report = 0; report < 3; report += 1) {
    watch.take({ ...arriving, width_px: 640, height_px: 360 });
    expect(watch.quality).toBe("settling");
    expect(watch.trouble).toBeNull();
  }
  watch.take({ ...arriving });
  expect(watch.quality).toBe("good");
});

it("tells a weak upload from a device that cannot keep up, once it lasts", () => {
  const upload = new PictureWatch();
  const device = new PictureWatch();
  for (let report = 0; report < 4; report += 1) {
    upload.take({ ...arriving, loss: 0.3 });
    device.take({ ...arriving, fps: 9 });
  }
  expect(upload.trouble).toBe("upload");
  expect(device.trouble).toBe("device");
  device.take({ ...arriving });
  expect(device.trouble).toBeNull();
});
