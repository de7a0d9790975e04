import { expect, test } from "vitest";

import { withRoundTripReports } from "../../src/media/round_trip.ts";

const OFFER = [
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=rtcp-fb:111 transport-cc",
  "m=video 9 UDP/TLS/RTP/SAVPF 102",
  "a=rtcp-fb:102 nack",
  "a=rtcp-fb:102 nack pli",
  "",
].join("\r\n");

test("round-trip reports are asked for wherever lost packets are", () => {
  const lines = withRoundTripReports(OFFER).split("\r\n");
  expect(lines.filter((line) => line.includes("rrtr"))).toEqual(["a=rtcp-fb:102 rrtr"]);
  expect(lines.filter((line) => !line.includes("rrtr"))).toEqual(OFFER.split("\r\n"));
});

test("an offer that asks for them already stays as it is", () => {
  const asking = withRoundTripReports(OFFER);
  expect(withRoundTripReports(asking)).toBe(asking);
});
