import { describe, expect, it } from "vitest";
import { missingOnThisMachine, namespaceRemedy } from "../../../lab/machine/requirements.ts";

const settings =
  (values: Record<string, string> = {}) =>
  (name: string): string | undefined =>
    values[name];

describe("what a machine lacks for a lab", () => {
  it("names the package of a missing program", () => {
    expect(missingOnThisMachine(["no-such-program"])).toContain(
      "no-such-program is not installed: apt-get install no-such-program",
    );
  });

  it.each([
    [
      "unshare: unshare failed: Operation not permitted",
      { "kernel.unprivileged_userns_clone": "0" },
      "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ],
    [
      "unshare: write failed /proc/self/uid_map: Operation not permitted",
      { "kernel.apparmor_restrict_unprivileged_userns": "1" },
      "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ],
    [
      "unshare: unshare failed: No space left on device",
      { "user.max_user_namespaces": "0" },
      "sudo sysctl -w user.max_user_namespaces=10000",
    ],
    ["unshare: mount /proc failed: Operation not permitted", {}, "systempaths=unconfined"],
    ["unshare: unshare failed: Operation not permitted", {}, "seccomp"],
    ["Error: Unknown device type.", {}, "modprobe -a bridge veth"],
  ])("%s with %j", (said, values, remedy) => {
    const text = namespaceRemedy(`${said}\nmore`, settings(values));
    expect(text).toContain(remedy);
    expect(text).toContain(`(${said})`);
  });
});
