// The console's own tus client, as Node runs it: sends a file, loses the connection once, goes on.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, location, token, file, chunk] = process.argv.slice(2);
const { Upload } = createRequire(`${packages}/`)("tus-js-client");
const data = readFileSync(file);

function send(stopAfter) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(data, {
      uploadUrl: location,
      chunkSize: Number(chunk),
      headers: { Authorization: `Bearer ${token}` },
      retryDelays: [50, 100],
      onChunkComplete: (_size, sent) => {
        if (stopAfter && sent >= stopAfter) void upload.abort().then(() => resolve(sent));
      },
      onSuccess: () => resolve(data.length),
      onError: reject,
    });
    upload.start();
  });
}

const first = await send(data.length / 3);
const second = await send(0);
console.log(JSON.stringify({ first, second }));
