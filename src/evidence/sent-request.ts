/** One request of a load that we sent ourselves, as the client saw it. All times are Unix ms of this machine's clock. */
export interface SentRequest {
  /** The `X-Request-ID` it carried: ingress-nginx takes it over as `$req_id`, so its log joins on it exactly. */
  id: string;
  /** When the open loop wanted it sent. Latency is counted from here, so a stalled server cannot hide its queue. */
  dueMs: number;
  /** When it was handed to the connection. */
  sentMs: number;
  endMs: number;
  method: string;
  /** Path with query. */
  path: string;
  /** Absent when no whole response came. */
  status?: number;
  /** Absent when the response came whole. */
  error?: string;
  /** The client's port of the connection, which HAProxy logs. */
  localPort?: number;
  /** How long the connection had rested before this request, in ms. Absent on a new connection. */
  idleMs?: number;
}
