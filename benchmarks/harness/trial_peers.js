// One page's WebRTC peers for trials in which the benchmark itself carries offers and answers.
(() => {
  const peers = new Map();
  const FORMAT = "video/H264";

  function open(name) {
    peers.get(name)?.close();
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    peers.set(name, peer);
    return peer;
  }

  function prefer(transceiver, codecs) {
    transceiver.setCodecPreferences([
      ...codecs.filter((c) => c.mimeType === FORMAT),
      ...codecs.filter((c) => c.mimeType !== FORMAT),
    ]);
  }

  async function gathered(peer) {
    const done = new Promise((resolve) =>
      peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && resolve()),
    );
    await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 500))]);
    return peer.localDescription.sdp;
  }

  function show(peer) {
    peer.addEventListener("track", ({ track }) => {
      const video = document.createElement("video");
      video.muted = true;
      video.autoplay = true;
      video.srcObject = new MediaStream([track]);
      document.body.append(video);
    });
  }

  let camera = null;
  window.trial = {
    async offerToPublish(name, encodings) {
      camera ??= await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720, frameRate: 30 } });
      const peer = open(name);
      const transceiver = peer.addTransceiver(camera.getVideoTracks()[0], {
        direction: "sendonly",
        sendEncodings: encodings,
      });
      prefer(transceiver, RTCRtpSender.getCapabilities("video").codecs);
      await peer.setLocalDescription();
      return gathered(peer);
    },
    async offerToView(name) {
      const peer = open(name);
      show(peer);
      prefer(peer.addTransceiver("video", { direction: "recvonly" }), RTCRtpReceiver.getCapabilities("video").codecs);
      const offer = await peer.createOffer();
      // as the player asks (client_web/src/media/round_trip.ts)
      const sdp = offer.sdp.replace(/^a=rtcp-fb:(\d+) nack\r\n/gm, "$&a=rtcp-fb:$1 rrtr\r\n");
      await peer.setLocalDescription({ type: "offer", sdp });
      return gathered(peer);
    },
    async accept(name, sdp) {
      await peers.get(name).setRemoteDescription({ type: "answer", sdp });
    },
    async answer(name, sdp) {
      const peer = open(name);
      show(peer);
      await peer.setRemoteDescription({ type: "offer", sdp });
      await peer.setLocalDescription();
      return gathered(peer);
    },
    state(name) {
      return peers.get(name)?.connectionState ?? "none";
    },
    async seen(name) {
      for (const report of (await peers.get(name).getStats()).values())
        if (report.type === "inbound-rtp" && report.kind === "video")
          return {
            frames: report.framesDecoded,
            freezes: report.freezeCount,
            freeze_s: report.totalFreezesDuration,
            lost: report.packetsLost,
            height_px: report.frameHeight ?? 0,
            plis: report.pliCount,
          };
      return { frames: 0, freezes: 0, freeze_s: 0, lost: 0, height_px: 0, plis: 0 };
    },
    async layersSent(name) {
      let layers = 0;
      for (const report of (await peers.get(name).getStats()).values())
        if (report.type === "outbound-rtp" && report.framesSent > 20) layers += 1;
      return layers;
    },
    leave(name) {
      peers.get(name)?.close();
      peers.delete(name);
    },
  };
})();
