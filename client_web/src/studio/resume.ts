/**
 * What to do when the studio of a show is opened: wait for the button, go back on air at once, or stand beside
 * another device that is filming. Nobody's camera goes out because a second screen looked at the show.
 */

import type { ShowStatus } from "../protocol/messages.ts";

export type Resume = "offer" | "resume" | "beside" | "ended";

/** Reports come every two seconds; without one for this long nobody films. */
const REPORT_MS = 2300;

export interface ResumeWitness {
  status: () => ShowStatus;
  /** This browser was on air with this show a moment ago (its page was killed or reloaded). */
  wasOnAir: () => boolean;
  /** Another tab of this browser is on air with it right now. */
  isOnAirInOtherTab: () => Promise<boolean>;
  /** Resolves true with the next report of an arriving picture, false after `withinMs` or when the status changes. */
  nextPicture: (withinMs: number) => Promise<boolean>;
}

export async function decideResume(witness: ResumeWitness): Promise<Resume> {
  const status = witness.status();
  if (status === "ended") return "ended";
  if (status === "scheduled") return "offer";
  if (await witness.isOnAirInOtherTab()) return "beside";
  if (status === "away" || witness.wasOnAir()) return "resume";
  // The first report may still speak of a camera that has just died; a second one cannot.
  if (!(await witness.nextPicture(REPORT_MS))) return afterSilence(witness);
  if (!(await witness.nextPicture(REPORT_MS))) return afterSilence(witness);
  return "beside";
}

function afterSilence(witness: ResumeWitness): Resume {
  return witness.status() === "ended" ? "ended" : "resume";
}
