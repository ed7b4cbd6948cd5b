import type { AttemptFields } from "./access-line.ts";
import type { TraefikMeaning } from "./traefik-meaning.ts";

interface Asked {
  /** Undefined: no server was asked; "-": one was, and the line does not name it. */
  readonly address: string | undefined;
  /** `RetryAttempts`: tries before the last; the line does not say at which server. */
  readonly retries: number;
  readonly status: number;
  readonly durationMs: number | undefined;
}

/** More tries than this are not believed. */
const maxRetries = 100;

/** The retry middleware tries again when no connection stood or no answer came (traefik pkg/middlewares/retry). */
export function traefikAttempts(asked: Asked, meaning: TraefikMeaning): AttemptFields[] {
  const attempts: AttemptFields[] = [];
  const retries = Math.min(maxRetries, asked.retries);
  for (let i = 1; i <= retries; i++) {
    attempts.push({
      address: "-",
      group: 0,
      failure: "unclassified",
      message: `try ${i} of ${retries + 1}, retried`,
    });
  }
  if (asked.address === undefined) return attempts;
  const last: AttemptFields = { address: asked.address, group: 0 };
  if (meaning.answered) last.status = asked.status;
  if (retries === 0 && asked.durationMs !== undefined) last.durationMs = asked.durationMs;
  if (meaning.failure !== undefined) last.failure = meaning.failure;
  if (meaning.message !== undefined) last.message = meaning.message;
  attempts.push(last);
  return attempts;
}
