/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are Compose's, not this file's */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { parse } from "yaml";
import { leavesOf, type Path, showField } from "../../../adopt/ledger";
import { complaintsOf } from "../../../settings/complaints";
import { type Adopted, adopted } from "./project";

const TEXT = readFileSync(join(__dirname, "every-field.yaml"), "utf8");
const EVERYTHING = parse(TEXT, { merge: true }) as Record<string, unknown>;
const BESIDE = {
  "other.yaml": "services: {}\n",
  "more.yaml": "volumes: {}\n",
  "more.env": "",
  "web.env": "FEATURE=on\nAPI_KEY=0123456789abcdef\n",
};

const begins = (path: Path, above: Path) => above.length <= path.length && above.every((key, i) => key === path[i]);
const entriesOf = ({ ledger }: Adopted) => [
  ...ledger.taken.map((one) => ({ ...one, list: one.setting ? "taken" : "same" })),
  ...ledger.changed.map((one) => ({ ...one, list: "changed" })),
  ...ledger.left.map((one) => ({ ...one, list: "left" })),
];

/** Fields of the specification, by the definition of its schema. */
const SPECIFIED: Record<string, string> = {
  service:
    "develop deploy annotations attach build blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus cpuset credential_spec depends_on device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file label_file environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit network_mode models networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop privileged pull_policy pull_refresh_after read_only restart runtime scale security_opt shm_size secrets sysctls stdin_open stop_grace_period stop_signal storage_opt tmpfs tty ulimits use_api_socket user uts userns_mode volumes volumes_from working_dir",
  "service.build":
    "context dockerfile dockerfile_inline entitlements args ssh labels cache_from cache_to no_cache additional_contexts network provenance sbom pull target shm_size extra_hosts isolation privileged secrets tags ulimits platforms",
  "service.healthcheck": "disable interval retries test timeout start_period start_interval",
  "service.deploy": "mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement",
  "service.deploy.update_config": "parallelism delay failure_action monitor max_failure_ratio order",
  "service.deploy.restart_policy": "condition delay max_attempts window",
  "service.deploy.resources.limits": "cpus memory pids",
  "service.deploy.resources.reservations": "cpus memory generic_resources devices",
};

describe("the account of a compose file", () => {
  const all = adopted(TEXT, BESIDE);

  it("has every field of the specification in the document of this test", () => {
    const { web, job, database } = EVERYTHING.services as Record<string, Record<string, unknown>>;
    for (const [place, names] of Object.entries(SPECIFIED)) {
      const group = place
        .split(".")
        .slice(1)
        .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], web);
      assert.deepEqual(
        names.split(" ").filter((name) => !(name in (group as object))),
        [],
        place,
      );
    }
    assert.ok(job!.profiles && database!.provider);
  });

  it("knows every field of the specification", () => {
    const unknown = all.ledger.left.filter(({ todo }) => todo.startsWith("Berth has no setting for it"));
    assert.deepEqual(
      unknown.map(({ path }) => showField(path)),
      [],
    );
  });

  it("has each field of the document in a list", () => {
    const entries = entriesOf(all);
    const lost = leavesOf(EVERYTHING).filter((leaf) => !entries.some(({ path }) => begins(leaf, path)));
    assert.deepEqual(lost.map(showField), []);
  });

  it("makes settings that a stack file may have", () => assert.deepEqual(complaintsOf(all.settings), []));

  it("loses no key that it does not know, wherever one stands", () => {
    const maps: Path[] = [];
    const walk = (value: unknown, path: Path): void => {
      if (typeof value !== "object" || value === null) return;
      if (!Array.isArray(value)) maps.push(path);
      for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) walk(inner, [...path, key]);
    };
    walk(EVERYTHING, []);
    assert.ok(maps.length > 100);
    const lost = maps.filter((path) => {
      const document = structuredClone(EVERYTHING);
      const map = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document);
      (map as Record<string, unknown>).zebra = { stripes: 1 };
      const leaf = [...path, "zebra", "stripes"];
      // Where a name is a name of the user's, such as that of a variable, it is no strange key.
      const entries = entriesOf(adopted(document, BESIDE)).filter((one) => begins(leaf, one.path));
      return entries.length === 0 || entries.some((one) => one.list === "taken" && one.path.length < leaf.length - 1);
    });
    assert.deepEqual(lost.map(showField), []);
  });

  it("takes any value of any field, and throws nothing but a sentence", () => {
    const leaves = leavesOf(EVERYTHING).flatMap((leaf) => leaf.map((_, i) => leaf.slice(0, i + 1)));
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        const document = structuredClone(EVERYTHING);
        const above = path.slice(0, -1).reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], document);
        (above as Record<string | number, unknown>)[path.at(-1)!] = value;
        try {
          const { settings, ledger } = adopted(document, BESIDE);
          assert.deepEqual(complaintsOf(settings), []);
          assert.ok(ledger.left.length > 0);
        } catch (error) {
          assert.equal((error as Error).name, "UserError", (error as Error).stack);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("writes no credential anywhere", () => {
    const secret = "correct-horse-battery-staple";
    const { settings, report } = adopted(
      {
        services: {
          web: {
            build: { context: ".", args: { API_TOKEN: secret } },
            environment: { DB_PASSWORD: secret, URL: `https://u:${secret}@example.com/`, FROM: "x${THE_SECRET}y" },
            env_file: "a.env",
            ports: ["80:80"],
          },
        },
      },
      { ".env": `THE_SECRET=${secret}\n`, "a.env": `SESSION_KEY="${secret}"\n` },
    );
    assert.doesNotMatch(JSON.stringify(settings) + report, new RegExp(secret));
    assert.deepEqual((settings.service as { secrets: object }).secrets, {
      SESSION_KEY: "/shop/prod/SESSION_KEY",
      DB_PASSWORD: "/shop/prod/DB_PASSWORD",
      URL: "/shop/prod/URL",
      FROM: "/shop/prod/FROM",
    });
  });
});
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are Compose's, not this file's */
