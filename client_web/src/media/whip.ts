/** Publishing by WHIP (RFC 9725). */

import { Peer, type PeerOptions } from "./peer.ts";
import { preferVideoCodecs } from "./video_codecs.ts";

export interface PublishOptions extends PeerOptions {
  /** At most one of each kind (§4.2). */
  tracks: readonly MediaStreamTrack[];
  /** Ceiling of the video, bits a second. */
  maxVideoBps?: number;
  /** What to give up first on a weak uplink; a shop's viewers want to see detail but also movement. */
  degradation?: RTCDegradationPreference;
}

/** One publishing session. */
export class Publication {
  readonly peer: Peer;

  private constructor(peer: Peer) {
    this.peer = peer;
  }

  /** Opens a session; resolves when the server has answered. Throws a VitrineError. */
  static async open(options: PublishOptions): Promise<Publication> {
    const peer = new Peer(options);
    const stream = new MediaStream([...options.tracks]);
    for (const track of options.tracks) {
      const isVideo = track.kind === "video";
      const transceiver = peer.connection.addTransceiver(track, {
        direction: "sendonly",
        streams: [stream],
        ...(isVideo ? { sendEncodings: [{ maxBitrate: options.maxVideoBps ?? 2_500_000 }] } : {}),
      });
      if (isVideo) preferVideoCodecs(transceiver, RTCRtpSender.getCapabilities("video"));
    }
    const publication = new Publication(peer);
    await peer.open();
    await publication.#prefer(options.degradation ?? "balanced");
    return publication;
  }

  /** Puts another track in the place of the one of its kind, without a new negotiation. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const sender = this.peer.connection.getSenders().find((each) => each.track?.kind === track.kind);
    await sender?.replaceTrack(track);
  }

  /** Ends the session here and on the server. May be called twice. */
  close(): Promise<void> {
    return this.peer.close();
  }

  async #prefer(degradation: RTCDegradationPreference): Promise<void> {
    const sender = this.peer.connection.getSenders().find((each) => each.track?.kind === "video");
    if (sender === undefined) return;
    try {
      const parameters = sender.getParameters();
      // Firefox knows it on the parameters only, Safari not at all
      await sender.setParameters({ ...parameters, degradationPreference: degradation });
    } catch {
      // a preference: the browser's own choice is fine
    }
  }
}
