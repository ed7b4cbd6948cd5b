import type { LogStream } from "../../src/evidence/evidence.ts";
import { scanAppLog } from "../../src/logs/app-log.ts";
import type { AppSignal } from "../../src/logs/traffic.ts";
import { collectedMs } from "./log-text.ts";

export const appStream = (text: string | Uint8Array): LogStream => ({
  namespace: "shop",
  pod: "web-1",
  container: "app",
  name: "shop/web-1/app",
  role: "container",
  bytes: typeof text === "string" ? Buffer.from(text) : text,
});

export const signalsOf = (text: string): AppSignal[] => scanAppLog(appStream(text), collectedMs);

/** The signals without what they all share. */
export const briefly = (text: string): Partial<AppSignal>[] =>
  signalsOf(text).map(
    ({ pod: _p, namespace: _n, container: _c, previous: _v, line: _l, timeMs: _t, ...rest }) => rest,
  );
