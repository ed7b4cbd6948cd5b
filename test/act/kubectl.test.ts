import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kubectls, run } from "../lab/kubectls.ts";
import { incident } from "./incident.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-patch-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const target = "shop.example.com/cart";
const right = 8080;

describe.each(kubectls.map((program) => [program]))("%s", (program) => {
  test("takes the patch file that is printed, by the command that is told", async () => {
    const scene = await incident(() => 200);
    const { stdout, stderr } = await scene.run(["fix", target, "-o", "patch"]);
    const file = join(folder, "patch.json");
    writeFileSync(file, stdout);
    const command = /kubectl (patch .*) FILE/.exec(stderr)?.[1]?.split(" ") ?? [];
    const patched = await run(program, scene.cluster, [...command, file]);
    expect(patched).toMatchObject({ code: 0, stdout: "service/cart patched\n" });
    expect(scene.port()).toBe(right);
  });

  test("shows why5xx as the one who set the field, and a change of its own ends a rollback", async () => {
    const scene = await incident(() => 200);
    await scene.run(["fix", target, "--apply", "--yes", "--no-verify"]);
    const shown = await run(program, scene.cluster, "get service cart -n shop -o yaml --show-managed-fields");
    expect(shown.stdout).toContain("manager: why5xx");
    const body = JSON.stringify([{ op: "replace", path: "/spec/ports/0/targetPort", value: 9090 }]);
    await run(program, scene.cluster, [
      "patch",
      "service",
      "cart",
      "-n",
      "shop",
      "--type",
      "json",
      "-p",
      body,
    ]);
    const { stderr, code } = await scene.run(["fix", "--rollback", "--yes"]);
    expect(stderr).toContain("/spec/ports/0/targetPort: was set to 8080, is 9090");
    expect(code).toBe(2);
  });
});
