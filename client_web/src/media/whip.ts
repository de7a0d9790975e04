/** Publishing by WHIP (RFC 9725). */

import { asSingle, takesLayers, threeLayers } from "./layers.ts";
import { Peer, type PeerOptions } from "./peer.ts";
import { preferVideoCodecs } from "./video_codecs.ts";

export interface PublishOptions extends PeerOptions {
  /** At most one of each kind (§4.2). */
  tracks: readonly MediaStreamTrack[];
  /** Ceiling of the video, bits a second. */
  maxVideoBps?: number;
  /** Sends the picture in three sizes where the server takes them. */
  layered?: boolean;
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
    const maxBitrate = options.maxVideoBps ?? 2_500_000;
    const sendEncodings = options.layered ? threeLayers() : [{ maxBitrate }];
    for (const track of options.tracks) {
      const isVideo = track.kind === "video";
      const transceiver = peer.connection.addTransceiver(track, {
        direction: "sendonly",
        streams: [stream],
        ...(isVideo ? { sendEncodings } : {}),
      });
      if (isVideo) preferVideoCodecs(transceiver, RTCRtpSender.getCapabilities("video"));
    }
    const publication = new Publication(peer);
    await peer.open();
    const isRefused = options.layered && !takesLayers(peer.connection.remoteDescription?.sdp ?? "");
    await publication.#prefer(options.degradation ?? "balanced", isRefused ? maxBitrate : null);
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

  /** `singleBps`: the layers were refused, and the one that is left gets all of this. */
  async #prefer(degradation: RTCDegradationPreference, singleBps: number | null): Promise<void> {
    const sender = this.peer.connection.getSenders().find((each) => each.track?.kind === "video");
    if (sender === undefined) return;
    try {
      const parameters = sender.getParameters();
      // Firefox knows it on the parameters only, Safari not at all
      const encodings = singleBps === null ? parameters.encodings : asSingle(parameters.encodings, singleBps);
      await sender.setParameters({ ...parameters, encodings, degradationPreference: degradation });
    } catch {
      // a preference: the browser's own choice is fine
    }
  }
}
