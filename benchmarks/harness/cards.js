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

  // Looked at in a task after the rendering step in which something changed: whichever of the player's callback and
  // ours ran first, both have run by then.
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const now = openCards();
    const key = now.join();
    if (key === shown) return;
    shown = key;
    changes.push({ shown: now, number: current });
  };
  const lookLater = () => channel.port2.postMessage(null);

  window.cards = {
    ready: () => Boolean(root() && window.videoOf(root())?.videoWidth >= 1280),
    start() {
      const video = window.videoOf(root());
      const look = (_now, metadata) => {
        video.requestVideoFrameCallback(look);
        const number = window.barcode.read(video);
        if (number === null) {
          misread += 1;
          return;
        }
        current = number;
        frames.push([metadata.rtpTimestamp, number]);
        lookLater();
      };
      video.requestVideoFrameCallback(look);
      new MutationObserver(lookLater).observe(root(), { subtree: true, childList: true, attributes: true });
    },
    shown: () => shown,
    take: () => ({ frames: frames.splice(0), changes: changes.splice(0), misread }),
  };
})();
