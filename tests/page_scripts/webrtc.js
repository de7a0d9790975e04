// The smallest honest WHIP publisher and WHEP viewer, for tests and benchmarks that need one without the product's
// own pages. Exported as `window.webrtc`.
(() => {
  const wait = (target, event, ready) =>
    ready() ? Promise.resolve() : new Promise((resolve) => target.addEventListener(event, () => ready() && resolve()));

  async function exchange(peer, url, token) {
    await peer.setLocalDescription();
    // Whole candidates in the offer: loopback gathering takes a few milliseconds.
    await Promise.race([
      wait(peer, "icegatheringstatechange", () => peer.iceGatheringState === "complete"),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ]);
    return post(peer, url, token);
  }

  async function post(peer, url, token) {
    const posted_ms = performance.now();
    const headers = { "Content-Type": "application/sdp" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const reply = await fetch(url, { method: "POST", headers, body: peer.localDescription.sdp });
    const body = await reply.text();
    if (reply.status !== 201) throw new Error(`${url}: ${reply.status} ${body}`);
    await peer.setRemoteDescription({ type: "answer", sdp: body });
    return { posted_ms, session: new URL(reply.headers.get("Location"), reply.url).href };
  }

  const preferring = (mime) => (codecs) => [
    ...codecs.filter((c) => c.mimeType === mime),
    ...codecs.filter((c) => c.mimeType !== mime),
  ];

  function h264First(transceiver, capabilities) {
    transceiver.setCodecPreferences(preferring("video/H264")(capabilities.codecs));
  }

  window.webrtc = {
    async publish(url, token, stream, { maxBitrate, layers } = {}) {
      const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
      for (const track of stream.getTracks()) {
        const sendEncodings = track.kind === "video" && layers ? { sendEncodings: layers } : {};
        const transceiver = peer.addTransceiver(track, { direction: "sendonly", streams: [stream], ...sendEncodings });
        if (track.kind === "video") h264First(transceiver, RTCRtpSender.getCapabilities("video"));
      }
      const posted = await exchange(peer, url, token);
      if (maxBitrate) await limit(peer, maxBitrate);
      return { peer, ...posted };
    },

    // Offers at once, as a player that wants the first frame early: the server is the one that is reachable.
    async view(url, video, { token, trickle = true } = {}) {
      const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
      const stream = new MediaStream();
      video.srcObject = stream;
      peer.addEventListener("track", (event) => stream.addTrack(event.track));
      const picture = peer.addTransceiver("video", { direction: "recvonly" });
      h264First(picture, RTCRtpReceiver.getCapabilities("video"));
      peer.addTransceiver("audio", { direction: "recvonly" });
      if (!trickle) return { peer, ...(await exchange(peer, url, token)) };
      await peer.setLocalDescription();
      return { peer, ...(await post(peer, url, token)) };
    },

    async leave({ peer, session }, token) {
      peer.close();
      await fetch(session, { method: "DELETE", headers: token ? { Authorization: `Bearer ${token}` } : {} });
    },
    limit,
    h264First,
  };

  async function limit(peer, maxBitrate) {
    for (const sender of peer.getSenders()) {
      if (sender.track?.kind !== "video") continue;
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.maxBitrate = maxBitrate;
      await sender.setParameters(parameters);
    }
  }
})();
