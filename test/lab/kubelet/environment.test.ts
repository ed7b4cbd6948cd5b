import type { Container } from "kubernetes-types/core/v1";
import { expect, test } from "vitest";
import { commandOf } from "../../../lab/kubelet/container/command.ts";
import { environmentOf } from "../../../lab/kubelet/container/environment.ts";
import { openStage } from "./stage.ts";

const pod = {
  metadata: { name: "cart-1", namespace: "shop", uid: "u-1", labels: { app: "cart" } },
  spec: { nodeName: "worker-1", containers: [] },
};
const facts = { pod, podIp: "10.42.1.2", hostIp: "10.0.0.1" };
const named = (name: string) => ({ name, namespace: "shop" });

function environment(container: Partial<Container>): Record<string, string> {
  const { machine } = openStage();
  machine.store.put("configmaps", { metadata: named("settings"), data: { URL: "http://db", MODE: "a" } });
  const data = { PASSWORD: Buffer.from("s3cret").toString("base64") };
  machine.store.put("secrets", { metadata: named("keys"), data });
  return environmentOf({ name: "app", ...container }, facts, machine.store);
}

const field = (fieldPath: string) => ({ fieldRef: { fieldPath } });

test("variables from everywhere", () => {
  expect(
    environment({
      envFrom: [{ prefix: "S_", configMapRef: { name: "settings" } }],
      resources: { limits: { cpu: "500m" } },
      env: [
        { name: "HOST", value: "db" },
        { name: "EMPTY" },
        { name: "URL", value: "http://$(HOST)/$(ABSENT)/$$(HOST)" },
        { name: "IP", valueFrom: field("status.podIP") },
        { name: "NODE", valueFrom: field("spec.nodeName") },
        { name: "APP", valueFrom: field("metadata.labels['app']") },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
        { name: "MODE", valueFrom: { configMapKeyRef: { name: "settings", key: "MODE" } } },
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "keys", key: "PASSWORD" } } },
        { name: "NONE", valueFrom: { secretKeyRef: { name: "keys", key: "x", optional: true } } },
      ],
    }),
  ).toEqual({
    S_URL: "http://db",
    S_MODE: "a",
    HOST: "db",
    EMPTY: "",
    URL: "http://db/$(ABSENT)/$(HOST)",
    IP: "10.42.1.2",
    NODE: "worker-1",
    APP: "cart",
    CPU: "500m",
    MODE: "a",
    PASSWORD: "s3cret",
  });
});

test.each([
  [{ configMapKeyRef: { name: "absent", key: "URL" } }, 'configmap "absent" not found'],
  [{ configMapKeyRef: { name: "settings", key: "x" } }, "couldn't find key x in ConfigMap shop/settings"],
  [{ secretKeyRef: { name: "absent", key: "URL" } }, 'secret "absent" not found'],
  [{ secretKeyRef: { name: "keys", key: "x" } }, "couldn't find key x in Secret shop/keys"],
])("what is missing: %j", (valueFrom, message) => {
  expect(() => environment({ env: [{ name: "X", valueFrom }] })).toThrow(message);
});

test("command and arguments take the place of the image's, or follow them", () => {
  const program = { file: "/bin/server", args: ["--all"] };
  const of = (container: Partial<Container>) => {
    const { file, args } = commandOf({ name: "app", ...container }, program, { PORT: "80" }, "/tmp");
    return [file, ...args];
  };
  expect(of({})).toEqual(["/bin/server", "--all"]);
  expect(of({ args: ["--port=$(PORT)"] })).toEqual(["/bin/server", "--all", "--port=80"]);
  expect(of({ command: ["sh", "-c"], args: ["true"] })).toEqual(["sh", "-c", "true"]);
});
