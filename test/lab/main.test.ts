import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Body } from "./clusters.ts";
import { namesOf } from "./clusters.ts";
import { shop } from "./shop.ts";

const program = "lab/api-server/main.ts";

describe("the double as a program", () => {
  test("serves a bundle until it is told to stop, then removes its kubeconfig", async () => {
    const folder = mkdtempSync(join(tmpdir(), "why5xx-bundle-"));
    try {
      const list = { apiVersion: "v1", kind: "PodList", items: shop.objects.pods };
      writeFileSync(join(folder, "pods.json"), JSON.stringify(list));
      const child = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "ignore"] });
      const [kubeconfigPath] = (await once(createInterface(child.stdout), "line")) as [string];
      const config = parse(readFileSync(kubeconfigPath, "utf8")) as {
        clusters: { cluster: { server: string } }[];
      };
      const answer = await fetch(`${config.clusters[0]?.cluster.server}/api/v1/namespaces/shop/pods`);
      expect(namesOf((await answer.json()) as Body)).toHaveLength(3);
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([0, null]);
      expect(existsSync(kubeconfigPath)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([[[]], [["no/such/bundle"]]])("with %j it says what is wrong and exits with 2", (args) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^(usage: node|no\/such\/bundle: no such file)/);
    expect(stderr).not.toContain("    at ");
  });
});
