import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { kubectls, run, type RunOptions } from "../kubectls.ts";
import { startWritable, web } from "./clusters.ts";

const programs = kubectls.length === 0 ? ["kubectl"] : kubectls;

const container = (image: string, more: object = {}) => ({
  template: {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "app", image, ports: [{ containerPort: 8080 }], ...more }] },
  },
});

describe.skipIf(kubectls.length === 0).each(programs.map((program) => ({ program })))(
  "$program",
  ({ program }) => {
    const begin = async () => {
      const cluster = await startWritable();
      const kubectl = (command: string | readonly string[], options?: RunOptions) =>
        run(program, cluster, command, options);
      const field = async (path: string): Promise<string> =>
        (await kubectl(`get deployment web -o jsonpath={${path}}`)).stdout;
      return { cluster, kubectl, field };
    };

    test("create fills defaults; a second one is refused", async () => {
      const { kubectl, field } = await begin();
      const manifest = { stdin: stringify(web()) };
      expect((await kubectl("create -f -", manifest)).stdout).toBe("deployment.apps/web created\n");
      expect(await field(".spec.strategy.rollingUpdate.maxSurge")).toBe("25%");
      expect(await field(".spec.template.spec.terminationGracePeriodSeconds")).toBe("30");
      expect((await kubectl("create -f -", manifest)).stderr).toContain(
        '(AlreadyExists): error when creating "STDIN": deployments.apps "web" already exists',
      );
    });

    test("typed create commands: deployment, service, namespace, configmap, secret", async () => {
      const { cluster, kubectl } = await begin();
      const commands = [
        "create deployment other --image=nginx:1 --replicas=0",
        "create service clusterip cart --tcp=80:8080",
        "create namespace shop",
        "create configmap settings --from-literal=mode=live",
        "create secret generic keys --from-literal=a=b",
        "run once --image=tool:1 --restart=Never",
      ];
      for (const command of commands) expect(await kubectl(command)).toMatchObject({ code: 0, stderr: "" });
      const object = (resource: Parameters<typeof cluster.store.get>[0], name: string) =>
        cluster.store.get(resource, name, "default")?.object;
      expect(object("deployments", "other")).toMatchObject({
        spec: { replicas: 0, template: { spec: { containers: [{ image: "nginx:1" }] } } },
      });
      expect(object("services", "cart")).toMatchObject({
        spec: { clusterIP: expect.stringMatching(/^10\.96\./), ports: [{ port: 80, targetPort: 8080 }] },
      });
      expect(object("configmaps", "settings")).toMatchObject({ data: { mode: "live" } });
      expect(object("secrets", "keys")).toMatchObject({ data: { a: "Yg==" } });
      expect(object("pods", "once")).toMatchObject({
        spec: { restartPolicy: "Never" },
        status: { phase: "Pending", qosClass: "BestEffort" },
      });
      expect(cluster.store.get("namespaces", "shop")?.object["status"]).toEqual({ phase: "Active" });
    });

    test("client-side apply: three-way, with the annotation; what is left out goes", async () => {
      const { cluster, kubectl, field } = await begin();
      const apply = async (spec: object) =>
        (await kubectl("apply -f -", { stdin: stringify(web({ ...spec })) })).stdout;
      const env = [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ];
      expect(await apply(container("shop:1", { env }))).toBe("deployment.apps/web created\n");
      expect(await apply(container("shop:1", { env }))).toBe("deployment.apps/web unchanged\n");
      // Somebody else adds a sidecar, which an apply does not know and leaves.
      const sidecar = { spec: { template: { spec: { containers: [{ name: "side", image: "side:1" }] } } } };
      cluster.writes.patch("deployments", "web", "default", { type: "strategic", body: sidecar });
      expect(await apply(container("shop:2", { env: env.slice(1) }))).toBe(
        "deployment.apps/web configured\n",
      );
      const images = await field(".spec.template.spec.containers[*].image");
      expect(images.split(" ").sort()).toEqual(["shop:2", "side:1"]);
      expect(await field(".spec.template.spec.containers[?(@.name=='app')].env[*].name")).toBe("B");
      expect(await field(".metadata.annotations")).toContain("last-applied-configuration");
    });

    test("server-side apply: conflicts name field and owner; force takes it", async () => {
      const { kubectl, field } = await begin();
      const apply = (manager: string, spec: object, flags = "") =>
        kubectl(`apply --server-side --field-manager=${manager}${flags} -f -`, {
          stdin: stringify(web({ ...spec })),
        });
      expect((await apply("team", container("shop:1"))).stdout).toBe(
        "deployment.apps/web serverside-applied\n",
      );
      const refused = await apply("robot", container("shop:2"));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        'Apply failed with 1 conflict: conflict with "team": .spec.template.spec.containers[name="app"].image',
      );
      expect((await apply("robot", container("shop:2"), " --force-conflicts")).code).toBe(0);
      expect(await field(".spec.template.spec.containers[0].image")).toBe("shop:2");
    });

    test("edit through EDITOR; what is invalid comes back with the API's words", async () => {
      const { cluster, kubectl, field } = await begin();
      cluster.writes.create("deployments", web());
      const folder = mkdtempSync(join(tmpdir(), "why5xx-editor-"));
      try {
        const editor = join(folder, "editor.sh");
        const edit = (script: string) => {
          writeFileSync(editor, `#!/bin/sh\nsed -i '${script}' "$1"\n`, { mode: 0o700 });
          return kubectl("edit deployment web", { env: { EDITOR: editor, TMPDIR: folder } });
        };
        expect((await edit("s/replicas: 2/replicas: 5/")).stdout).toBe("deployment.apps/web edited\n");
        expect(await field(".spec.replicas")).toBe("5");
        const refused = await edit("s/replicas: 5/replicas: -1/");
        expect(refused.stderr).toContain('deployments.apps "web" is invalid');
        // Kubectl opens the file again with the reasons on top.
        const [, copy = ""] = /stored to "([^"]+)"/.exec(refused.stderr) ?? [];
        expect(readFileSync(copy, "utf8")).toContain(
          "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        );
        expect(await field(".spec.replicas")).toBe("5");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test.each([
      ["strategic", '{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"shop:9"}]}}}}'],
      ["merge", '{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"shop:9"}]}}}}'],
      ["json", '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"shop:9"}]'],
    ])("patch --type=%s", async (type, patch) => {
      const { cluster, kubectl, field } = await begin();
      cluster.writes.create("deployments", web());
      const { stdout } = await kubectl(["patch", "deployment", "web", `--type=${type}`, "-p", patch]);
      expect(stdout).toBe("deployment.apps/web patched\n");
      expect(await field(".spec.template.spec.containers[0].image")).toBe("shop:9");
      // Only the strategic patch knows that the port belongs to the same container; the merge patch replaced the list.
      const port = await field(".spec.template.spec.containers[0].ports[0].containerPort");
      expect(port).toBe(type === "merge" ? "" : "8080");
    });

    test("label, annotate, set image, set env, scale", async () => {
      const { cluster, kubectl, field } = await begin();
      cluster.writes.create("deployments", web());
      for (const command of [
        "label deployment web team=cart",
        "annotate deployment web note=x",
        "set image deployment/web app=shop:3",
        "set env deployment/web MODE=live",
        "scale deployment web --replicas=4",
      ])
        expect((await kubectl(command)).code).toBe(0);
      expect(await field(".metadata.labels.team")).toBe("cart");
      expect(await field(".metadata.annotations.note")).toBe("x");
      expect(await field(".spec.template.spec.containers[0].image")).toBe("shop:3");
      expect(await field(".spec.template.spec.containers[0].env[0].value")).toBe("live");
      expect(await field(".spec.replicas")).toBe("4");
      // Image, environment and scale changed what is wanted; label and annotation did not.
      expect(await field(".metadata.generation")).toBe("4");
      const refused = await kubectl("scale deployment web --current-replicas=9 --replicas=1");
      expect(refused.stderr).toContain("Expected replicas to be 9, was 4");
      expect((await kubectl("label deployment web team=other")).stderr).toContain("already has a value");
    });

    test("a dry run at the server answers and writes nothing", async () => {
      const { cluster, kubectl } = await begin();
      const before = cluster.store.revision();
      const { stdout } = await kubectl("apply --dry-run=server -f -", { stdin: stringify(web()) });
      expect(stdout).toBe("deployment.apps/web created (server dry run)\n");
      expect(cluster.store.revision()).toBe(before);
    });

    test("a field that does not exist is refused by name", async () => {
      const { kubectl } = await begin();
      const { code, stderr } = await kubectl("create -f -", { stdin: stringify(web({ replicaz: 3 })) });
      expect(code).toBe(1);
      expect(stderr).toMatch(/unknown field "(?:spec\.)?replicaz"/);
    });

    test("auth can-i knows that writes are taken", async () => {
      const { kubectl } = await begin();
      expect((await kubectl("auth can-i delete pods")).stdout.trim()).toBe("yes");
    });
  },
);
