// The Khronos validator over a GLB. It does not look inside compressed meshes: give it a plain one.

import { readFile } from 'node:fs/promises';
import { type Message, validateBytes } from 'gltf-validator';

const MAX_ISSUES = 200;
const SHOWN = 20;
const ERROR = 0;

export interface Validation {
  errors: number;
  warnings: number;
  /** The first errors, else the first warnings. */
  messages: { code: string; message: string; pointer: string }[];
}

export async function validate(request: { source: string }): Promise<Validation> {
  const report = await validateBytes(new Uint8Array(await readFile(request.source)), {
    format: 'glb',
    maxIssues: MAX_ISSUES,
    writeTimestamp: false,
    externalResourceFunction: (uri) => Promise.reject(new Error(`outside address ${uri}`)),
  });
  const { numErrors, numWarnings, messages } = report.issues;
  const worst = messages.filter((one) => (one.severity === ERROR) === numErrors > 0);
  return { errors: numErrors, warnings: numWarnings, messages: worst.slice(0, SHOWN).map(brief) };
}

function brief({ code, message, pointer }: Message): { code: string; message: string; pointer: string } {
  return { code, message: message.slice(0, 300), pointer: pointer ?? '' };
}
