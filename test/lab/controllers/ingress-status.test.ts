import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startIngressStatus } from "../../../lab/controllers/ingress-status.ts";
import { objectOf } from "../../../lab/controllers/objects.ts";
import { settingsOf } from "../../../lab/controllers/settings.ts";
import { openTestMachine, pass, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const ingress = (name: string, ingressClassName: string): object => ({
  metadata: { name, namespace: "shop" },
  spec: {
    ingressClassName,
    defaultBackend: { service: { name: "cart", port: { number: 80 } } },
  },
});

test("an Ingress gets the addresses of the gateway that serves it, and follows when they change", async () => {
  const machine = openTestMachine();
  machine.create("ingresses", ingress("own", "nginx"));
  machine.create("ingresses", ingress("other", "traefik"));
  const settings = settingsOf(machine);
  let addresses = ["10.42.2.2"];
  settings.addressesOf = ({ spec }) => (spec?.ingressClassName === "nginx" ? addresses : undefined);
  const status = (name: string) => objectOf(machine.store, "ingresses", name, "shop")?.status?.loadBalancer;
  await whileRunning(machine, [(m) => startIngressStatus(m, settings)], async () => {
    await pass(100);
    expect(status("own")).toEqual({ ingress: [{ ip: "10.42.2.2" }] });
    expect(status("other")?.ingress).toBeUndefined();
    addresses = [];
    await pass(6000);
    expect(status("own")).toEqual({});
  });
});
