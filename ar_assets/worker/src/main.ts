// The resident worker: one job per line of JSON on stdin, one answer per line on stdout, one at a time.
// It opens only the files that a job names, never an address from inside a model, and no socket.

import { createInterface } from 'node:readline';
import { analyse } from './jobs/analyse.ts';
import { importModel } from './jobs/import_model.ts';
import { optimise } from './jobs/optimise.ts';
import { validate } from './jobs/validate.ts';

const JOBS: Record<string, (request: never) => Promise<unknown>> = {
  analyse,
  import: importModel,
  optimise,
  validate,
};

interface Request {
  id: number;
  job: string;
}

/** Say something to the parent; libraries that print must not get between the answers. */
function answer(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function handle(line: string): Promise<void> {
  const request = JSON.parse(line) as Request;
  const job = JOBS[request.job];
  if (!job) {
    answer({ id: request.id, error: `no such job: ${request.job}` });
    return;
  }
  try {
    answer({ id: request.id, result: (await job(request as never)) ?? {} });
  } catch (error) {
    answer({ id: request.id, error: error instanceof Error ? error.message : String(error) });
  }
}

console.log = console.error;
const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
answer({ ready: true });
async function serve(): Promise<void> {
  for await (const line of lines) {
    if (line) await handle(line);
  }
}
void serve();
