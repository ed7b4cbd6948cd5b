import { describe, expect, it } from "vitest";
import { configuredKeepAlive } from "../../src/causes/application/configured-keep-alive.ts";
import { keepaliveIdleRace } from "../../src/causes/application/keepalive-idle-race.ts";
import type { Judgement } from "../../src/causes/define-cause.ts";
import type { GatewaySettings, PodView } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { present, unknown } from "../../src/evidence/observed.ts";
import type { AppSignal, LoggedRequest } from "../../src/logs/traffic.ts";
import { request, traffic } from "./traffic.ts";

const second = 1000;
const ips = ["10.42.1.5", "10.42.2.5"];

const pod = (ip: string, container: object): PodView =>
  ({
    ref: ref("Pod", `cart-${ip}`, "shop"),
    ips: [ip],
    phase: "Running",
    timeline: [],
    containers: [{ name: "app", role: "main", restarts: 0, spec: { name: "app", ...container } }],
  }) as unknown as PodView;

const podsWith = (container: object): PodView[] => ips.map((ip) => pod(ip, container));

interface Close {
  readonly method?: string;
  readonly path?: string;
  readonly tookMs?: number;
  readonly isSaved?: boolean;
}

/** Each in another minute, on one pod after the other. */
const closed = (closes: readonly Close[]): LoggedRequest[] =>
  closes.map(({ method = "POST", path = "/orders", tookMs = 40, isSaved = false }, i) => {
    const { failure, ...rest } = request({
      method,
      path,
      endMs: (i + 1) * 60 * second,
      durationMs: tookMs,
      status: isSaved ? 200 : 502,
      attempts: [{ address: `${ips[i % 2]}:8080`, failure: "closed-before-header" }],
    });
    return isSaved ? rest : { ...rest, ...(failure === undefined ? {} : { failure }) };
  });

const short = { args: ["gunicorn", "-k", "gthread", "--keep-alive", "2"] };
const mixed: readonly Close[] = [
  ...Array.from({ length: 8 }, (): Close => ({})),
  { method: "GET", path: "/items", isSaved: true },
];

interface Options {
  readonly attempts?: number;
  readonly appLog?: readonly AppSignal[];
}

function judged(container: object, closes: readonly Close[], options: Options = {}): Judgement {
  const { attempts = 1000, appLog = [] } = options;
  const all = closed(closes);
  const stats = {
    attempts: attempts / 2,
    failed: 0,
    byClass: {},
    firstSeenMs: 0,
    lastSeenMs: 3_600_000,
    lastSentMs: 3_600_000,
  };
  const seen = traffic({
    failures: all.filter((r) => r.failure !== undefined),
    masked: all.filter((r) => r.failure === undefined),
    addresses: new Map(ips.map((ip) => [`${ip}:8080`, stats])),
    paths: ["/orders", "/items"].map((template) => ({ template, requests: attempts / 2, failed: 0 })),
  });
  const keep = { value: 60 * second, from: "default", source: "default of ingress-nginx" };
  return keepaliveIdleRace.weigh({
    pods: podsWith(container),
    traffic: seen,
    settings: present({ upstreamKeepaliveMs: keep } as unknown as GatewaySettings),
    appLog: present(appLog),
    patterns: unknown("gateway-log", "not looked at"),
    gateway: unknown("gateway", "not looked at"),
  } as never);
}

describe("an application that keeps idle connections for less time than the gateway", () => {
  it("explains what it closes late as well, where its event loop stands still", () => {
    const found = judged(short, mixed);
    expect(found.state).toBe("supported");
    expect(found.clues.map((clue) => clue.text)).toContainEqual(
      expect.stringContaining("--keep-alive 2), the gateway for 60 s"),
    );
  });

  it("is not accused of late closes when nobody knows how long it keeps connections", () => {
    expect(judged({}, mixed).state).toBe("refuted");
  });

  it("is not accused when it keeps them longer", () => {
    expect(judged({ args: ["gunicorn", "-k", "gthread", "--keep-alive", "75"] }, mixed).state).toBe(
      "refuted",
    );
  });

  it("is not accused of a handler that cuts the requests of its own path", () => {
    expect(judged(short, mixed.slice(0, 8)).state).toBe("refuted");
  });

  it("is not accused of repeatable requests that failed for good, long after a race", () => {
    const gets = mixed.map((close): Close => ({ ...close, method: "GET", isSaved: false }));
    expect(judged(short, gets).state).toBe("refuted");
  });

  it("is not accused of one request in ten", () => {
    expect(judged(short, mixed, { attempts: 90 }).state).toBe("refuted");
  });

  it("is not accused of what workers cut as they died", () => {
    const deaths = mixed.map(
      (_, i) => ({ kind: "worker-killed", timeMs: (i + 1) * 60 * second }) as AppSignal,
    );
    expect(judged(short, mixed, { appLog: deaths }).state).toBe("refuted");
  });

  it("explains late closes beside instant ones", () => {
    const instant: readonly Close[] = [{ tookMs: 1 }, { tookMs: 2 }, { tookMs: 0 }, { tookMs: 60 }];
    const found = judged({}, instant);
    const late = closed(instant)[3]!;
    expect(found).toMatchObject({ state: "supported" });
    expect("explains" in found && found.explains?.(late, late.attempts[0])).toBe(true);
  });
});

const msOf = (container: object): number | undefined => configuredKeepAlive(podsWith(container))?.valueMs;

describe("how long an application keeps idle connections", () => {
  it("is read from the options of its server", () => {
    expect(msOf({ command: ["uvicorn", "main:app", "--timeout-keep-alive=7"] })).toBe(7000);
    expect(msOf({ env: [{ name: "GUNICORN_CMD_ARGS", value: "--threads 2 --keep-alive 3" }] })).toBe(3000);
    expect(msOf({ args: ["java", "-Dserver.tomcat.keep-alive-timeout=20s", "-jar", "app.jar"] })).toBe(
      20_000,
    );
    expect(msOf({ args: ["next", "start", "--keepAliveTimeout", "70000"] })).toBe(70_000);
  });

  it("is read from its environment, by the unit in the name or the size of the number", () => {
    expect(msOf({ env: [{ name: "KEEP_ALIVE_MS", value: "500" }] })).toBe(500);
    expect(msOf({ env: [{ name: "KEEP_ALIVE_TIMEOUT", value: "5" }] })).toBe(5000);
    expect(msOf({ env: [{ name: "KEEP_ALIVE_TIMEOUT", value: "65000" }] })).toBe(65_000);
  });

  it("is nothing to workers that close after each answer", () => {
    expect(msOf({ args: ["gunicorn", "--keep-alive", "5", "app"] })).toBeUndefined();
  });

  it("is not what it keeps to others, nor a switch", () => {
    expect(msOf({ env: [{ name: "DB_KEEPALIVE_TIMEOUT", value: "5" }] })).toBeUndefined();
    expect(msOf({ env: [{ name: "OLLAMA_KEEP_ALIVE", value: "300" }] })).toBeUndefined();
    expect(msOf({ env: [{ name: "KEEP_ALIVE", value: "true" }] })).toBeUndefined();
  });
});
