import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { runProgram } from "../cli/run-program.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-hostile-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const host = "x';touch pwned;'\u001b[2Jshop";
const evil = "cart$(touch pwned)\u001b[31m\nFixed: nothing to do";

const meta = (name: string) => ({ name, namespace: "shop" });

/** A bundle from somebody who would like to be run: a Service that selects no pod, with names that no API server takes. */
function writeBundle(): string {
  const labels = { app: evil };
  const objects = [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: meta(evil),
      spec: { selector: { app: "cra" }, ports: [{ port: 80 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta(evil),
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "a" }] } },
      },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: meta("web"),
      spec: {
        rules: [
          {
            host,
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: evil, port: { number: 81 } } } },
              ],
            },
          },
        ],
      },
    },
  ];
  const bundle = join(folder, "bundle");
  mkdirSync(bundle);
  writeFileSync(join(bundle, "all.yaml"), objects.map((o) => stringify(o)).join("---\n"));
  return bundle;
}

describe.each([["text"], ["json"]])("fix -o %s of hostile names", (format) => {
  test("shows what they hold and does not act on a terminal", async () => {
    const { stdout, stderr, code } = await runProgram(["fix", "--from", writeBundle(), "-o", format]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toContain("touch pwned");
    // oxlint-disable-next-line no-control-regex -- the subject
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(stdout).not.toMatch(/^Fixed: nothing to do/m);
  });
});

test("fix -o patch tells a command with every name quoted", async () => {
  const { stderr } = await runProgram(["fix", "--from", writeBundle(), "-o", "patch", "--change", "1"]);
  // oxlint-disable-next-line no-control-regex -- the subject
  expect(stderr.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f]/);
  expect(stderr).toMatch(/kubectl patch \w+ (?:web|'cart\$\(touch pwned\)[^']*') -n shop /);
});
