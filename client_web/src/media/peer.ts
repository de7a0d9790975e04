/**
 * One WebRTC session over HTTP signalling, sending (WHIP) or receiving (WHEP): opens, trickles, survives a change
 * of network by an ICE restart, and says when it is lost for good. Opening again is its owner's decision.
 */

import { systemClock } from "../protocol/clock.ts";
import { VitrineError } from "../protocol/errors.ts";
import { readSentSound, type SentSound } from "./dubs.ts";
import { HttpSession, type HttpSessionOptions, iceFragment, withRestartedIce } from "./http_session.ts";
import { readSentPicture, type SentPicture } from "./sent_picture.ts";

export type PeerState = "connecting" | "connected" | "interrupted" | "lost" | "closed";

export interface PeerOptions extends HttpSessionOptions {
  iceServers?: RTCIceServer[];
  /** "relay" only to test TURN. */
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** Asks for more than the browser does by itself; what the browser refuses is not asked for. */
  extend?: (offer: string) => string;
  /** Called on each change; after `lost` or `closed` nothing follows. */
  changed?: (state: PeerState) => void;
}

/** A dead path is noticed by the browser after some 5 s; it may also heal by itself within this time. */
const HEAL_MS = 1500;
const CONNECT_MS = 12_000;
const RESTART_MS = 6000;

export class Peer {
  readonly connection: RTCPeerConnection;
  readonly #http: HttpSession;
  readonly #changed: (state: PeerState) => void;
  readonly #extend: (offer: string) => string;
  readonly #ended = new AbortController();
  #candidates: RTCIceCandidate[] = [];
  #state: PeerState = "connecting";
  #timer: unknown = null;
  #isRestarting = false;

  constructor(options: PeerOptions) {
    this.#changed = options.changed ?? (() => {});
    this.#extend = options.extend ?? ((offer) => offer);
    const signal = options.signal
      ? AbortSignal.any([options.signal, this.#ended.signal])
      : this.#ended.signal;
    this.#http = new HttpSession({ ...options, signal });
    this.connection = new RTCPeerConnection({
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
      iceServers: options.iceServers ?? [],
      iceTransportPolicy: options.iceTransportPolicy ?? "all",
    });
    const listen = { signal: this.#ended.signal };
    this.connection.addEventListener("icecandidate", ({ candidate }) => this.#gathered(candidate), listen);
    this.connection.addEventListener("connectionstatechange", () => this.#moved(), listen);
    this.connection.addEventListener("iceconnectionstatechange", () => this.#moved(), listen);
    options.signal?.addEventListener("abort", () => void this.close(), { ...listen, once: true });
  }

  get state(): PeerState {
    return this.#state;
  }

  /** Offers what was added to `connection` and takes the answer. Throws a VitrineError and closes when refused. */
  async open(): Promise<void> {
    this.#timer = systemClock.after(CONNECT_MS, () => this.#lost());
    try {
      await this.#describe();
      const opened = await this.#http.open(this.#localSdp());
      if (opened.isCounterOffer) {
        await this.connection.setLocalDescription({ type: "rollback" });
        await this.connection.setRemoteDescription({ type: "offer", sdp: opened.sdp });
        await this.connection.setLocalDescription(await this.connection.createAnswer());
        await this.#http.answerCounterOffer(this.#localSdp());
      } else {
        await this.connection.setRemoteDescription({ type: "answer", sdp: opened.sdp });
      }
      if (this.connection.iceGatheringState === "complete") this.#trickle();
    } catch (error) {
      await this.close();
      if (error instanceof VitrineError || (error instanceof Error && error.name === "AbortError"))
        throw error;
      throw new VitrineError("bad_answer", "The media session cannot be set up.", { cause: error });
    }
  }

  /** Which picture the server sends, and why no larger one; null when it does not say. */
  async sentPicture(): Promise<SentPicture | null> {
    return readSentPicture(await this.#http.ask("picture"));
  }

  /** Has the server send another language's sound, null for the original; null when it does not say. */
  async chooseSound(name: string | null): Promise<SentSound | null> {
    return readSentSound(await this.#http.put("dub", { dub: name }));
  }

  /** Which sound the server sends. */
  async sound(): Promise<SentSound | null> {
    return readSentSound(await this.#http.ask("dub"));
  }

  /** Whether the server still has the session. Rejects when it cannot be asked. */
  lives(): Promise<boolean> {
    return this.#http.lives();
  }

  /** Ends the session here and on the server. May be called twice. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    const wasLost = this.#state === "lost";
    this.#state = "closed";
    systemClock.cancel(this.#timer);
    this.#ended.abort();
    this.connection.close();
    if (!wasLost) this.#changed("closed");
    await this.#http.close();
  }

  async #describe(options?: RTCOfferOptions): Promise<void> {
    const { sdp = "" } = await this.connection.createOffer(options);
    try {
      await this.connection.setLocalDescription({ type: "offer", sdp: this.#extend(sdp) });
    } catch {
      await this.connection.setLocalDescription({ type: "offer", sdp });
    }
  }

  #localSdp(): string {
    return this.connection.localDescription?.sdp ?? "";
  }

  #gathered(candidate: RTCIceCandidate | null): void {
    if (candidate?.candidate) {
      this.#candidates.push(candidate);
    } else if (candidate === null) {
      this.#trickle();
    }
  }

  /** All candidates in one PATCH: the server is ICE-lite and answers checks before it has heard of them. */
  #trickle(): void {
    if (this.connection.remoteDescription === null || this.#candidates.length === 0) return;
    const fragment = iceFragment(this.#localSdp(), this.#candidates, true);
    this.#candidates = [];
    void this.#http.trickle(fragment).catch(() => {});
  }

  #to(state: PeerState): void {
    if (this.#state === state || this.#state === "lost" || this.#state === "closed") return;
    this.#state = state;
    this.#changed(state);
  }

  #moved(): void {
    switch (this.connection.connectionState) {
      case "connected":
        systemClock.cancel(this.#timer);
        this.#isRestarting = false;
        this.#to("connected");
        return;
      case "disconnected":
        this.#to("interrupted");
        systemClock.cancel(this.#timer);
        this.#timer = systemClock.after(HEAL_MS, () => void this.#restart());
        return;
      case "failed":
        // DTLS cannot be restarted, only ICE can
        if (this.connection.iceConnectionState === "failed") void this.#restart();
        else this.#lost();
        return;
      case "closed":
        this.#lost();
    }
  }

  async #restart(): Promise<void> {
    if (this.#isRestarting || this.#state === "closed") return;
    if (!this.#http.canRestart) {
      this.#lost();
      return;
    }
    this.#isRestarting = true;
    this.#to("interrupted");
    systemClock.cancel(this.#timer);
    this.#timer = systemClock.after(RESTART_MS, () => this.#lost());
    try {
      const before = this.connection.remoteDescription?.sdp ?? "";
      await this.#describe({ iceRestart: true });
      const fragment = await this.#http.restart(iceFragment(this.#localSdp(), [], false));
      await this.connection.setRemoteDescription({ type: "answer", sdp: withRestartedIce(before, fragment) });
    } catch {
      this.#lost();
    }
  }

  #lost(): void {
    if (this.#state === "closed" || this.#state === "lost") return;
    this.#to("lost");
    void this.close();
  }
}
