/** The one error of the client: what the server refused, or why it could not be asked. */

import type { ErrorBody, ErrorCode, Problem } from "./messages.ts";

/** What goes wrong before or without an answer of the server. */
export type LocalCode =
  | "network"
  | "timed_out"
  | "closed"
  | "bad_answer"
  | "camera_denied"
  | "camera_missing"
  | "camera_busy"
  | "camera_insecure"
  | "camera_failed"
  | "try_on_unavailable"
  | "model_unavailable";

export class VitrineError extends Error {
  /** Stable; decide by this and never by the message. */
  readonly code: ErrorCode | LocalCode;
  /** The error's facts, e.g. `left` of `out_of_stock`. */
  readonly detail: Record<string, unknown>;
  /** HTTP status, when there was one. */
  readonly status: number | null;
  /** Seconds to wait before trying again, when the server said so. */
  readonly retryAfterS: number | null;

  constructor(
    code: ErrorCode | LocalCode,
    message: string,
    facts: {
      detail?: Record<string, unknown>;
      status?: number;
      retryAfterS?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "VitrineError";
    this.code = code;
    this.detail = facts.detail ?? {};
    this.status = facts.status ?? null;
    const told = this.detail.retry_after_s;
    this.retryAfterS = facts.retryAfterS ?? (typeof told === "number" ? told : null);
  }

  static ofProblem(problem: Problem): VitrineError {
    return new VitrineError(problem.code, problem.message, { detail: problem.detail });
  }

  static ofBody(body: ErrorBody, status: number, retryAfterS: number | null): VitrineError {
    return new VitrineError(body.code, body.message, { detail: body.detail, status, retryAfterS });
  }
}

/** The code of any thrown thing; `null` for what is not ours (a bug, then). */
export function codeOf(error: unknown): ErrorCode | LocalCode | null {
  return error instanceof VitrineError ? error.code : null;
}

/** `Retry-After` in seconds: the delta form, or the date form against `nowMs`. */
export function retryAfterSeconds(header: string | null, nowMs: number = Date.now()): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - nowMs) / 1000);
}

/** A failed HTTP response as an error, whatever its body holds (proxies answer HTML). */
export async function errorOf(response: Response): Promise<VitrineError> {
  const retryAfterS = retryAfterSeconds(response.headers.get("Retry-After"));
  try {
    const body: unknown = await response.json();
    if (isErrorBody(body)) return VitrineError.ofBody(body, response.status, retryAfterS);
  } catch {
    // no JSON: the status has to do
  }
  const code = response.status >= 500 ? "unavailable" : response.status === 404 ? "not_found" : "error";
  return new VitrineError(code, `The server answered ${response.status}.`, {
    status: response.status,
    retryAfterS,
  });
}

function isErrorBody(body: unknown): body is ErrorBody {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "string" &&
    "message" in body &&
    typeof body.message === "string" &&
    (!("detail" in body) || (typeof body.detail === "object" && body.detail !== null))
  );
}
