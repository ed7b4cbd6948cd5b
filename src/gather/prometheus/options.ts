export interface PrometheusOptions {
  /** As typed: may hold a path prefix, a query (a tenant) and user:password@. */
  readonly url: string;
  /** File with a bearer token. */
  readonly tokenFile?: string;
  /** File with the certificates that the server's may be signed by, instead of the system's. */
  readonly caFile?: string;
  /** The window that is asked about, back from the moment of collection. */
  readonly sinceMs: number;
  /** For one request. Default 10 s. */
  readonly deadlineMs?: number;
}

/** A URL, a token or a certificate that cannot be used; the message says what would be. */
export class PrometheusProblem extends Error {
  override readonly name = "PrometheusProblem";
}
