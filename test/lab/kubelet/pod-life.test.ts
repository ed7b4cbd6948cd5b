import { get } from "node:http";
import { expect, test } from "vitest";
import { envOf, openStage, podOf, readyOf } from "./stage.ts";

const statusOf = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on("error", reject);
  });

test("a pod runs, is probed, gets ready, serves and is deleted", async () => {
  const stage = openStage();
  const readinessProbe = {
    httpGet: { path: "/healthz", port: "http" },
    periodSeconds: 1,
    timeoutSeconds: 10,
  };
  const ports = [{ name: "http", containerPort: 8080 }];
  stage.run(podOf({ ports, readinessProbe, env: envOf({ LOG_FORMAT: "plain" }) }));

  await expect.poll(() => readyOf(stage.pod())).toBe("True");
  const { status } = stage.pod() ?? {};
  expect(status).toMatchObject({
    phase: "Running",
    qosClass: "BestEffort",
    hostIP: "10.0.0.1",
    containerStatuses: [{ name: "app", ready: true, started: true, restartCount: 0, lastState: {} }],
  });
  expect(await statusOf(`http://${status?.podIP}:8080/cart`)).toBe(200);
  await expect.poll(() => stage.log()).toMatch(/ listening on \S+:8080\n[^]*GET path=\/cart status=200/);

  stage.remove(30);
  await expect.poll(() => stage.pod()).toBeUndefined();
  expect(stage.events()).toEqual(
    expect.arrayContaining([
      'Pulled: Container image "lab/node-server:1" already present on machine',
      "Created: Created container: app",
      "Started: Started container app",
      "Killing: Stopping container app",
    ]),
  );
  await expect(statusOf(`http://${status?.podIP}:8080/cart`)).rejects.toThrow("ECONNREFUSED");
});
