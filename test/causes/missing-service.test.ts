import { describe, expect, it } from "vitest";
import { createService } from "../../src/causes/service/missing-service.ts";
import type { Route, Workload } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { present, unknown } from "../../src/evidence/observed.ts";

const route = (port: object): Route =>
  ({ backend: { service: ref("Service", "cart", "shop"), port } }) as unknown as Route;

const workload = (name: string, ports: readonly object[], more: object = {}): Workload =>
  ({
    ref: ref("Deployment", name, "shop"),
    selector: { app: name },
    template: { labels: { app: name, version: "7" }, spec: { containers: [{ name: "app", ports }] } },
    ...more,
  }) as unknown as Workload;

const http = { name: "http", containerPort: 8080 };
const metrics = { name: "metrics", containerPort: 9090 };

const made = (port: object, ...workloads: Workload[]) => createService(route(port), present(workloads));

describe("a Service made for the workload of its name", () => {
  it("selects as the workload does, and leads to the only port there is", () => {
    const fix = made({ number: 80 }, workload("cart", [http]));
    expect(fix.patch?.body).toMatchObject({
      metadata: { name: "cart", namespace: "shop" },
      spec: { selector: { app: "cart" }, ports: [{ port: 80, targetPort: "http" }] },
    });
    expect(fix.applicability).toBe("unsafe");
    expect(fix.commands).toEqual([
      "kubectl expose deployment cart -n shop --name cart --port=80 --target-port=http",
    ]);
  });

  it("has the port's name that the route asks for", () => {
    const fix = made({ name: "http" }, workload("cart", [metrics, http]));
    expect(fix.patch?.body).toMatchObject({
      spec: { ports: [{ name: "http", port: 8080, targetPort: "http" }] },
    });
    expect(fix.commands[0]).toMatch(/^printf %s '\{.*\}' \| kubectl create -f -$/);
  });

  it("takes the port of the same number among several", () => {
    expect(made({ number: 9090 }, workload("cart", [http, metrics])).patch?.body).toMatchObject({
      spec: { ports: [{ port: 9090, targetPort: "metrics" }] },
    });
  });

  it("is for the workload of its very name, where others are only alike", () => {
    const fix = made({ number: 80 }, workload("cart-canary", [http]), workload("cart", [http]));
    expect(fix.title).toContain("for the pods of Deployment shop/cart:");
  });
});

describe("a person makes it", () => {
  it.each([
    ["where several ports may be meant", made({ number: 80 }, workload("cart", [http, metrics]))],
    ["where no port is declared", made({ number: 80 }, workload("cart", []))],
    ["where no workload is alike", made({ number: 80 })],
    [
      "where several are only alike",
      made({ number: 80 }, workload("cart-a", [http]), workload("cart-b", [http])),
    ],
    [
      "where the workload selects by expressions",
      made({ number: 80 }, workload("cart", [http], { selector: undefined })),
    ],
    ["where no workload was read", createService(route({ number: 80 }), unknown("workloads", "forbidden"))],
  ])("%s", (_, fix) => {
    expect(fix.patch).toBeUndefined();
    expect(fix.applicability).toBe("display-only");
  });
});
