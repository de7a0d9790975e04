// Watches the real player in its page: which caption is on which frame, and the sound as it comes, both on the page's
// own clock. Exported as `window.captions`.
(() => {
  const frames = []; // [ms of the page's clock, rtp] of every frame that had a callback
  const changes = []; // {atMs, rtp, text, lang} each time another caption stood there
  const sound = []; // {atMs, pcm} of each stretch of sound, base64 of 16 bit mono at RATE
  const RATE = 16_000;
  let shown = "";

  const root = () => document.querySelector("vitrine-player")?.shadowRoot;

  const look = (atMs, rtp) => {
    const element = root().querySelector(".captions:not(.captions--sample)");
    const isShown = element !== null && !element.hidden && element.getClientRects().length > 0;
    const parts = isShown ? [".captions__said", ".captions__coming"].map((name) => element.querySelector(name).textContent) : [];
    const text = parts.join("");
    if (text === shown) return;
    shown = text;
    changes.push({ atMs, rtp, text, lang: isShown ? element.querySelector(".captions__text").lang : "" });
  };

  const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

  window.captions = {
    ready: () => Boolean(root() && window.videoOf(root())?.videoWidth > 0 && window.videoOf(root()).srcObject?.getAudioTracks().length),
    async start() {
      const video = window.videoOf(root());
      // The player asked first, so its callback has run by the time of ours: what it drew for this frame is there.
      const onFrame = (now, metadata) => {
        video.requestVideoFrameCallback(onFrame);
        frames.push([now, metadata.rtpTimestamp]);
        look(performance.now(), metadata.rtpTimestamp);
      };
      video.requestVideoFrameCallback(onFrame);
      const context = new AudioContext({ sampleRate: RATE });
      await context.resume();
      const node = context.createScriptProcessor(1024, 1, 1);
      node.onaudioprocess = ({ inputBuffer }) => {
        const floats = inputBuffer.getChannelData(0);
        const pcm = Int16Array.from(floats, (value) => Math.max(-1, Math.min(1, value)) * 32_767);
        sound.push({ atMs: performance.now(), pcm: base64(new Uint8Array(pcm.buffer)) });
      };
      context.createMediaStreamSource(video.srcObject).connect(node);
      node.connect(context.destination);
    },
    take: () => ({ frames: frames.splice(0), changes: changes.splice(0), sound: sound.splice(0) }),
  };
})();
