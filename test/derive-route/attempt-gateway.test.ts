import { describe, expect, it } from "vitest";
import { gatewayChangeAt } from "../../src/derive/gateway-change-at.ts";
import type { FailureClass, GatewaySignal } from "../../src/logs/traffic.ts";
import { observe } from "../../src/derive/observe.ts";
import { present } from "../../src/evidence/observed.ts";
import { evidenceOf } from "../support/evidence.ts";
import { closed, ms, refused, served, trafficWith } from "./attempt-log.ts";
import { pod, service } from "./objects.ts";

const tryAt = (at: string, failure: FailureClass = "closed-before-header") => ({
  startMs: ms(at) - 5,
  endMs: ms(at),
  address: "10.0.0.7:8080",
  class: failure,
});

const signal = (kind: "reload" | "shutdown", at: string, gatewayPod?: string): GatewaySignal => ({
  kind,
  timeMs: ms(at),
  line: kind,
  ...(gatewayPod === undefined ? {} : { gatewayPod }),
});

const stateAt = (at: string, gatewayPod: string | undefined, ...signals: GatewaySignal[]) =>
  gatewayChangeAt(tryAt(at), gatewayPod, signals, [])?.state;

describe("the gateway of a failed attempt", () => {
  it("had loaded a new configuration shortly before", () => {
    const reload = signal("reload", "11:00:00", "ingress/a");
    const seen = ["10:59:57", "10:59:59", "11:00:08", "11:00:12"].map((at) =>
      stateAt(at, "ingress/a", reload),
    );
    expect(seen).toEqual([undefined, "gateway-reload", "gateway-reload", undefined]);
  });

  it("was shutting down, which says more than a reload", () => {
    const both = [signal("shutdown", "11:00:00", "ingress/a"), signal("reload", "11:00:01", "ingress/a")];
    expect(stateAt("11:00:03", "ingress/a", ...both)).toBe("gateway-shutdown");
  });

  it("is the pod that logged the attempt, not another one", () => {
    expect(stateAt("11:00:03", "ingress/b", signal("reload", "11:00:00", "ingress/a"))).toBeUndefined();
    expect(stateAt("11:00:03", undefined, signal("reload", "11:00:00"))).toBe("gateway-reload");
  });

  it("explains what its pod does not, and alone what it answers by itself", () => {
    const gatewayLog = present([signal("reload", "11:00:00")]);
    const refusing = { ...refused("11:00:01"), failure: "config-answer" as const };
    const said = [served("10:30:00"), closed("11:00:01"), served("11:10:00"), refusing];
    const deleted = { deletionTimestamp: "2026-01-01T11:00:30Z", deletionGracePeriodSeconds: 30 };
    const statesOf = (metadata: object): unknown => {
      const evidence = evidenceOf([service("cart"), pod({ metadata })]);
      const { attemptStates } = observe(
        evidence,
        {
          target: "service/cart",
          namespace: "shop",
          gatewayKind: "ingress-nginx",
          backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
          role: "primary",
          isDefaultBackend: false,
        },
        { traffic: present(trafficWith(said)), gatewayLog },
      );
      return attemptStates.state === "present"
        ? attemptStates.value.byState.map((s) => `${s.state} ${s.attempts}`)
        : attemptStates.state;
    };
    expect(statesOf({})).toEqual(["gateway-reload 2"]);
    expect(statesOf(deleted)).toEqual(["gateway-reload 1", "terminating 1"]);
  });
});
