// The frame number in the picture, and back: a row of 32 cells across the top (white, black, 24 bits, 6 bits of
// checksum). Cells are 40 px at 1280, 11 px at 360 lines: they survive the encoder at every size it sends.
// Exported as `window.barcode`.
(() => {
  const CELLS = 32;
  const NUMBER_BITS = 24;
  const CHECK_BITS = 6;
  const check = (number) => ((number * 2654435761) >>> 0) >>> (32 - CHECK_BITS);

  const bits = (number) => {
    const cells = [1, 0];
    for (let bit = NUMBER_BITS - 1; bit >= 0; bit--) cells.push((number >>> bit) & 1);
    const sum = check(number);
    for (let bit = CHECK_BITS - 1; bit >= 0; bit--) cells.push((sum >>> bit) & 1);
    return cells;
  };

  const HEIGHT = 1 / 12; // share of the picture's height
  const scratch = document.createElement("canvas");
  scratch.width = CELLS * 4;
  scratch.height = 4;
  const reading = scratch.getContext("2d", { willReadFrequently: true });

  window.barcode = {
    draw(context, number) {
      const { width, height } = context.canvas;
      const cell = width / CELLS;
      bits(number).forEach((bit, index) => {
        context.fillStyle = bit ? "#fff" : "#000";
        context.fillRect(Math.round(index * cell), 0, Math.ceil(cell), Math.round(height * HEIGHT));
      });
    },

    // The number in the picture that `video` shows now, or null when it cannot be read.
    read(video) {
      const { videoWidth: width, videoHeight: height } = video;
      if (!width) return null;
      // Only the middle of the row: its edges mix with what is below.
      reading.drawImage(video, 0, height * HEIGHT * 0.3, width, height * HEIGHT * 0.4, 0, 0, scratch.width, scratch.height);
      const pixels = reading.getImageData(0, 0, scratch.width, scratch.height).data;
      const level = (index) => {
        let sum = 0;
        for (const x of [1, 2]) for (const y of [1, 2]) sum += pixels[(y * scratch.width + index * 4 + x) * 4 + 1];
        return sum / 4;
      };
      const middle = (level(0) + level(1)) / 2;
      if (level(0) - level(1) < 60) return null;
      let number = 0;
      for (let bit = 0; bit < NUMBER_BITS; bit++) number = number * 2 + (level(2 + bit) > middle ? 1 : 0);
      let sum = 0;
      for (let bit = 0; bit < CHECK_BITS; bit++) sum = sum * 2 + (level(2 + NUMBER_BITS + bit) > middle ? 1 : 0);
      return sum === check(number) ? number : null;
    },

    // A moving 720p picture with the number of each frame in it, drawn 30 times a second. `drawnAt(number)` is when
    // (ms since 1970, the page's monotonic clock) that frame was handed to the encoder.
    source(width = 1280, height = 720, fps = 30) {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
      const stream = canvas.captureStream(0);
      const [track] = stream.getVideoTracks();
      const drawn = [];
      let number = 0;
      let due = performance.now();
      const paint = () => {
        context.fillStyle = `hsl(${(number * 2) % 360} 45% 45%)`;
        context.fillRect(0, height * HEIGHT, width, height);
        context.fillStyle = "#f5e6d0";
        const x = (number * 7) % (width + 300);
        context.fillRect(x - 300, height * 0.3, 300, 220);
        context.fillStyle = "#102030";
        context.font = "bold 120px sans-serif";
        context.fillText(String(number), 80, height * 0.85);
        window.barcode.draw(context, number);
        drawn[number] = performance.timeOrigin + performance.now();
        track.requestFrame();
        number += 1;
        due = Math.max(due + 1000 / fps, performance.now() - 500);
        timer = setTimeout(paint, Math.max(0, due - performance.now()));
      };
      let timer = setTimeout(paint, 0);
      return { stream, track, drawnAt: (n) => drawn[n], count: () => number, stop: () => clearTimeout(timer) };
    },
  };
})();
