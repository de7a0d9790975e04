// Reads the frame number of every frame that a video shows, and when it is on the screen. Exported as `window.screenOf`.
(() => {
  window.screenOf = (video) => {
    const seen = [];
    let misread = 0;
    const look = (_now, metadata) => {
      video.requestVideoFrameCallback(look);
      const number = window.barcode.read(video);
      if (number === null) {
        misread += 1;
        return;
      }
      seen.push({
        number,
        shown_ms: performance.timeOrigin + metadata.expectedDisplayTime,
        rtp: metadata.rtpTimestamp ?? null,
        width_px: metadata.width,
      });
    };
    video.requestVideoFrameCallback(look);
    return {
      take: () => ({ seen: seen.splice(0), misread }),
    };
  };
})();
