/** The picture's quality in words: its size, how much comes, and why it is not larger. */

import type { SentPicture } from "../media/sent_picture.ts";
import type { Formats, Texts } from "../texts/index.ts";

/** What the words are about; `Stage` has it all. */
export interface PictureFacts {
  heightPx: number;
  bps: number;
  sent: SentPicture | null;
}

/** "Your network is slow: 360p": the sentence for a picture that the viewer's network made smaller. */
export function reducedText(sent: SentPicture, heightPx: number, texts: Texts): string {
  const isSlow = sent.reason === "bandwidth";
  if (sent.isSoundOnly) return isSlow ? texts.slowNetworkSound : texts.lossyNetworkSound;
  const lines = sent.heightPx || heightPx;
  return isSlow ? texts.slowNetwork(lines) : texts.lossyNetwork(lines);
}

/** "360p of 720p · 0.4 Mbit/s · your network is slow". */
export function describePicture(
  { heightPx, bps, sent }: PictureFacts,
  texts: Texts,
  formats: Formats,
): string {
  if (sent?.isSoundOnly === true) return reducedText(sent, 0, texts);
  const fullHeightPx = sent?.fullHeightPx ?? 0;
  const size =
    fullHeightPx > heightPx ? texts.pictureOf(heightPx, fullHeightPx) : texts.pictureLines(heightPx);
  const rate = texts.megabits(formats.number(Math.round(bps / 100_000) / 10));
  return [size, rate, why(sent, texts)].join(" · ");
}

function why(sent: SentPicture | null, texts: Texts): string {
  switch (sent?.reason) {
    case "bandwidth":
      return texts.whySlow;
    case "loss":
      return texts.whyLossy;
    case "source":
      return texts.whySource;
    default:
      return texts.whyBest;
  }
}
