/** Watching by WHEP (draft-ietf-wish-whep-04). */

import { Peer, type PeerOptions } from "./peer.ts";
import { withRoundTripReports } from "./round_trip.ts";
import { preferVideoCodecs } from "./video_codecs.ts";

export interface ViewOptions extends PeerOptions {
  /** The stream's tracks are there at once; pictures follow when `changed` says `connected`. */
  stream: MediaStream;
}

/** Opens a viewing session; resolves when the server has answered. Throws a VitrineError, e.g. `no_publisher`. */
export async function view(options: ViewOptions): Promise<Peer> {
  const peer = new Peer({ extend: withRoundTripReports, ...options });
  const video = peer.connection.addTransceiver("video", { direction: "recvonly" });
  const audio = peer.connection.addTransceiver("audio", { direction: "recvonly" });
  preferVideoCodecs(video, RTCRtpReceiver.getCapabilities("video"));
  for (const { receiver } of [video, audio]) options.stream.addTrack(receiver.track);
  await peer.open();
  return peer;
}
