/** The host's picture in three sizes (simulcast): viewers on a weak network get a smaller one. */

type Encoding = Pick<RTCRtpEncodingParameters, "rid" | "maxBitrate" | "scaleResolutionDownBy">;

/** A phone or laptop with fewer cores would pay for the smaller pictures with frames of the large one. */
const CORES = 4;

/** Fresh each time: a browser may keep and change what it is given. */
export function threeLayers(): Encoding[] {
  return [
    { rid: "q", maxBitrate: 150_000, scaleResolutionDownBy: 4 },
    { rid: "h", maxBitrate: 500_000, scaleResolutionDownBy: 2 },
    { rid: "f", maxBitrate: 1_500_000, scaleResolutionDownBy: 1 },
  ];
}

/** Whether this device can afford three encodings. */
export function canEncodeLayers(cores: number | undefined): boolean {
  return cores !== undefined && cores >= CORES;
}

/** Whether an answer takes the layers; otherwise the browser keeps the first one alone, which is the smallest. */
export function takesLayers(answer: string): boolean {
  return /^a=simulcast:recv /m.test(answer);
}

/** What the only encoding left becomes when the layers were refused. */
export function asSingle<T extends Encoding>(encodings: readonly T[], maxBitrate: number): T[] {
  return encodings.slice(0, 1).map((encoding) => ({ ...encoding, maxBitrate, scaleResolutionDownBy: 1 }));
}
