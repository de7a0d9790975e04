// Watches the real player in its page: which frame number is on the screen when the open cards change. Exported as
// `window.cards`.
(() => {
  const frames = []; // [rtp, number] of every frame that had a callback
  const changes = []; // {shown: product ids, number} each time the open cards changed
  let current = null; // number on the screen now
  let shown = "";
  let misread = 0;

  const root = () => document.querySelector("vitrine-player")?.shadowRoot;

  const openCards = () =>
    [...root().querySelectorAll("article.pin[data-product]")]
      .filter((card) => card.getClientRects().length > 0)
      .map((card) => card.dataset.product)
      .sort();

  const look = () => {
    const now = openCards();
    const key = now.join();
    if (key === shown) return;
    shown = key;
    changes.push({ shown: now, number: current });
  };
  // For changes outside of frame callbacks: looked at in a task of their own.
  const channel = new MessageChannel();
  channel.port1.onmessage = look;

  window.cards = {
    ready: () => Boolean(root() && window.videoOf(root())?.videoWidth >= 1280),
    start() {
      const video = window.videoOf(root());
      // The player asked first, so its callback has run by the time of ours: what it drew for this frame is there.
      const onFrame = (_now, metadata) => {
        video.requestVideoFrameCallback(onFrame);
        const number = window.barcode.read(video);
        if (number === null) {
          misread += 1;
          return;
        }
        current = number;
        frames.push([metadata.rtpTimestamp, number]);
        look();
      };
      video.requestVideoFrameCallback(onFrame);
      new MutationObserver(() => channel.port2.postMessage(null)).observe(root(), { subtree: true, childList: true, attributes: true });
    },
    shown: () => shown,
    take: () => ({ frames: frames.splice(0), changes: changes.splice(0), misread }),
  };
})();
