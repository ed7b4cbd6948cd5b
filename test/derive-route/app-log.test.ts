import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import type { Route } from "../../src/derive/views.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { pod, service } from "./objects.ts";

const route: Route = {
  target: "service/cart",
  namespace: "shop",
  gatewayKind: "unknown",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

const derive = (
  logs: NonNullable<EvidenceOptions["logs"]>,
  objects: readonly object[] = [service("cart"), pod()],
) => observe(evidenceOf(objects, { logs }), route).appLog;

const listening = "2026-01-01T11:00:00Z Server listening on 127.0.0.1:8080\n";
const later = "2026-01-01T11:30:00Z Server listening on 0.0.0.0:8080\n";

describe("the application's log", () => {
  it("is that of the route's pods, current and previous, oldest first", () => {
    const logs = [
      { namespace: "shop", pod: "cart-0", container: "app", text: later },
      { namespace: "shop", pod: "cart-0", container: "app", previous: true, text: listening },
      { namespace: "shop", pod: "pay-0", container: "app", text: listening },
      { namespace: "blog", pod: "cart-0", container: "app", text: listening },
    ];
    expect(derive(logs)).toMatchObject({
      state: "present",
      value: [
        { kind: "listening", pod: "cart-0", previous: true, address: "127.0.0.1", port: 8080 },
        { kind: "listening", pod: "cart-0", previous: false, address: "0.0.0.0" },
      ],
    });
  });

  it("may be silent, which is not unknown", () => {
    expect(derive([{ namespace: "shop", pod: "cart-0", text: "" }])).toEqual({ state: "present", value: [] });
  });

  it("is unknown when none was read, with the reason, and absent without a pod", () => {
    const refused = { namespace: "shop", pod: "cart-0", reason: "cannot get pods/log" };
    expect(derive([refused])).toEqual({
      state: "unknown",
      evidence: "app-log",
      reason: "cannot get pods/log",
    });
    expect(derive([]).state).toBe("unknown");
    expect(derive([{ role: "access-log", text: listening }]).state).toBe("unknown");
    expect(derive([], [service("cart")]).state).toBe("absent");
  });
});
