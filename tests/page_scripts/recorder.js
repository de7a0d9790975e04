// Runs before any script of a page: keeps every RTCPeerConnection that the page opens, so that a test can read the
// statistics of a real player or studio. `window.forceRelay` set earlier allows TURN candidates only.
(() => {
  const Original = window.RTCPeerConnection;
  const opened = [];

  class RecordedPeerConnection extends Original {
    constructor(configuration = {}) {
      super(window.forceRelay ? { ...configuration, iceTransportPolicy: "relay" } : configuration);
      opened.push(this);
    }
  }
  window.RTCPeerConnection = RecordedPeerConnection;

  // Chromium's sums restart with each connection, so the newest one that is not closed counts.
  const current = () => opened.filter((peer) => peer.connectionState !== "closed").at(-1);

  async function reports(type, kind) {
    const peer = current();
    if (!peer) return [];
    return [...(await peer.getStats()).values()].filter((r) => r.type === type && (!kind || r.kind === kind));
  }

  // The first video of a page, shadow trees included.
  window.videoOf = (root) => {
    const found = root.querySelector("video");
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && window.videoOf(element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };

  window.recorder = {
    opened,
    async video() {
      const [report] = await reports("inbound-rtp", "video");
      return report
        ? {
            at_ms: report.timestamp,
            frames: report.framesDecoded ?? 0,
            dropped: report.framesDropped ?? 0,
            freezes: report.freezeCount ?? 0,
            freeze_s: report.totalFreezesDuration ?? 0,
            width_px: report.frameWidth ?? 0,
            height_px: report.frameHeight ?? 0,
            lost: report.packetsLost ?? 0,
            octets: report.bytesReceived ?? 0,
            key_frames: report.keyFramesDecoded ?? 0,
            plis: report.pliCount ?? 0,
          }
        : null;
    },
    async sent() {
      const found = await reports("outbound-rtp", "video");
      return found.map((r) => ({ frames: r.framesEncoded, width_px: r.frameWidth, height_px: r.frameHeight, limit: r.qualityLimitationReason }));
    },
    async audio() {
      const [report] = await reports("inbound-rtp", "audio");
      return report ? { level: report.audioLevel ?? 0, energy: report.totalAudioEnergy ?? 0, samples: report.totalSamplesReceived ?? 0 } : null;
    },
    async localCandidateType() {
      // The picture may play before the browser has selected a pair: look for it for up to 10 s.
      for (let round = 0; round < 100; round++) {
        const stats = await current()?.getStats();
        const transport = stats && [...stats.values()].find((r) => r.type === "transport");
        const pair = transport && stats.get(transport.selectedCandidatePairId);
        if (pair) return stats.get(pair.localCandidateId)?.candidateType ?? null;
        await new Promise((again) => setTimeout(again, 100));
      }
      return null;
    },
  };
})();
