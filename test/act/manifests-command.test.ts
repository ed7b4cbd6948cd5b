import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../cli/run-program.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-manifests-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const args = ["fix", "shop.example.com/cart", "--from", "corpus/target-port-nobody-listens-on/bundle"];
const manifest =
  "kind: Service\nmetadata:\n  name: cart\nspec:\n  ports:\n    - port: 80 # public\n      targetPort: 8081\n";

test("fix --manifests edits the file, shows how, and says what comes next", async () => {
  const path = join(folder, "service.yaml");
  writeFileSync(path, manifest);
  const { stdout, stderr, code } = await runProgram([...args, "--manifests", folder]);
  expect(readFileSync(path, "utf8")).toBe(manifest.replace("8081", "8080"));
  expect(stdout).toContain("-      targetPort: 8081\n+      targetPort: 8080");
  expect(stderr).toContain("Deploy it, then: why5xx verify shop.example.com/cart");
  expect(code).toBe(0);
});

test("fix --manifests leaves a template as it is and shows its line", async () => {
  const path = join(folder, "service.yaml");
  const template = manifest.replace("8081", "{{ .Values.port }}");
  writeFileSync(path, template);
  const { stdout, code } = await runProgram([...args, "--manifests", folder]);
  expect(readFileSync(path, "utf8")).toBe(template);
  expect(stdout).toContain("service.yaml:7: targetPort: {{ .Values.port }}");
  expect(code).toBe(2);
});

test("fix --manifests says where it looked in vain", async () => {
  const { stderr, code } = await runProgram([...args, "--manifests", folder]);
  expect(stderr).toContain(`--manifests ${folder}: no .yaml or .yml file was found there.`);
  expect(code).toBe(2);
});

test("fix -o patch prints a patch file that kubectl takes, and how", async () => {
  const { stdout, stderr, code } = await runProgram([...args, "-o", "patch"]);
  expect(JSON.parse(stdout)).toEqual([{ op: "replace", path: "/spec/ports/0/targetPort", value: 8080 }]);
  expect(stderr).toContain("kubectl patch service cart -n shop --type json --patch-file FILE");
  expect(code).toBe(1);
});
