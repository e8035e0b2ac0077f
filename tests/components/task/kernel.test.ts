import assert from "node:assert/strict";
import * as fc from "fast-check";
import { group } from "../../../components/base/schema";
import { container } from "../../../components/task/container-arguments";
import { type KernelArgs, kernelDefinition } from "../../../components/task/kernel";
import type { JsonObject } from "../../../facts/graph";
import { complaintsOf, valuesOf } from "../../helpers/arguments";
import { deploy, refusal } from "../../helpers/deploy";
import { containers } from "../../helpers/service";
import { makeService, type ServiceGiven, type Variant } from "../../helpers/variants";

const CONTAINER = group(container);
const defined = (args: KernelArgs) => kernelDefinition(valuesOf(CONTAINER, args));

/** Everything, as it is taken in bridge mode. */
const ALL: KernelArgs = {
  addCapabilities: ["SYS_PTRACE"],
  ulimits: { nproc: { softLimit: 100, hardLimit: 200 }, nofile: 100_000, memlock: -1 },
  sharedMemorySize: "256 MB",
  tmpfs: { "/b": 16, "/a": "1 GB" },
  systemControls: { "net.core.somaxconn": "1024", "kernel.shmmax": "1" },
  dockerLabels: { b: "2", a: "1" },
  extraHosts: { "db.internal": "10.0.0.5", cache: "::1" },
  dnsServers: ["10.0.0.3", "10.0.0.2"],
  dnsSearchDomains: ["shop.internal"],
};

describe("what a container asks of its machine", () => {
  it("is what the arguments say, each under AWS's name, in a fixed order", () =>
    assert.deepEqual(defined(ALL), {
      systemControls: [
        { namespace: "kernel.shmmax", value: "1" },
        { namespace: "net.core.somaxconn", value: "1024" },
      ],
      linuxParameters: {
        capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] },
        initProcessEnabled: true,
        sharedMemorySize: 256,
        tmpfs: [
          { containerPath: "/a", size: 1024, mountOptions: ["rw", "noexec", "nosuid", "nodev"] },
          { containerPath: "/b", size: 16, mountOptions: ["rw", "noexec", "nosuid", "nodev"] },
        ],
      },
      ulimits: [
        { name: "memlock", softLimit: -1, hardLimit: -1 },
        { name: "nofile", softLimit: 100_000, hardLimit: 100_000 },
        { name: "nproc", softLimit: 100, hardLimit: 200 },
      ],
      dockerLabels: { a: "1", b: "2" },
      extraHosts: [
        { hostname: "cache", ipAddress: "::1" },
        { hostname: "db.internal", ipAddress: "10.0.0.5" },
      ],
      dnsServers: ["10.0.0.3", "10.0.0.2"],
      dnsSearchDomains: ["shop.internal"],
    }));

  it("adds capabilities where none is dropped, and says nothing of them where there are none", () => {
    assert.deepEqual(defined({ addCapabilities: ["SYS_PTRACE"] }).linuxParameters.capabilities, { add: ["SYS_PTRACE"], drop: ["ALL"] });
    const none = kernelDefinition(valuesOf(CONTAINER, { dropCapabilities: [] }));
    assert.deepEqual(none, { systemControls: [], linuxParameters: { initProcessEnabled: true } });
  });

  it("has its limits", () =>
    assert.deepEqual(
      complaintsOf(CONTAINER, {
        addCapabilities: ["SYS_PTRCE"],
        ulimits: { files: 1, nofile: { softLimit: 9, hardLimit: 8 }, core: -2, memlock: { softLimit: -1, hardLimit: 5 } },
        sharedMemorySize: "lots",
        tmpfs: { cache: "1 GB" },
        systemControls: { "vm.max_map_count": 262_144 },
        extraHosts: { "a b": "10.0.0.5", db: "db.internal" },
        dnsServers: ["8.8.8"],
        dnsSearchDomains: ["-x"],
      }),
      [
        'addCapabilities[0]: "SYS_PTRCE" is not a valid value; allowed: ALL, AUDIT_CONTROL, AUDIT_WRITE and 35 others; did you mean "SYS_PTRACE"?',
        'ulimits: "files" is not a valid value; allowed: core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, stack.',
        "ulimits.nofile.softLimit: 9 is above hardLimit (8); the nearest is 8.",
        "ulimits.core: -2 is out of range; allowed: -1 to 2147483647; the nearest is -1.",
        "ulimits.memlock.softLimit: -1 is above hardLimit (5); the nearest is 5.",
        'sharedMemorySize: "lots" is not a memory size; write "256 MB" or 256 (MiB).',
        'tmpfs: "cache" is not an absolute path; write one like "/cache".',
        'systemControls: "vm.max_map_count" is not possible; allowed: net.*, fs.mqueue.*, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shmall, kernel.shmmax, kernel.shmmni, kernel.shm_rmid_forced.',
        'extraHosts: "a b" is not a host name; write one like "db.internal".',
        'extraHosts.db: "db.internal" is not an IP address; write one like "10.0.0.2".',
        'dnsServers[0]: "8.8.8" is not an IP address; write one like "10.0.0.2".',
        'dnsSearchDomains[0]: "-x" is not a domain; write one like "shop.internal".',
      ],
    ));

  it("is in the task's definition, of app and sidecar", async () => {
    const made = await deploy(() =>
      makeService("Ec2Service", { networkMode: "bridge", ...ALL, sidecars: { a: { image: "a:1", ...ALL } } }),
    );
    const wanted = JSON.parse(JSON.stringify(defined(ALL))) as JsonObject;
    for (const one of containers(made)) assert.deepEqual({ ...one, ...wanted }, one);
  });

  /** By place, what is refused there of all. */
  const PLACES: [variant: Variant, more: ServiceGiven, place: string, refused: (keyof KernelArgs)[]][] = [
    ["FargateService", {}, "Fargate", ["sharedMemorySize", "tmpfs", "extraHosts", "dnsServers", "dnsSearchDomains"]],
    [
      "ManagedInstancesService",
      {},
      "Managed Instances",
      ["sharedMemorySize", "tmpfs", "dockerLabels", "extraHosts", "dnsServers", "dnsSearchDomains"],
    ],
    ["Ec2Service", {}, "EC2 in awsvpc mode", ["extraHosts", "dnsServers", "dnsSearchDomains"]],
    ["Ec2Service", { networkMode: "bridge" }, "EC2 in bridge mode", []],
  ];
  for (const [variant, more, place, refused] of PLACES) {
    for (const key of Object.keys(ALL) as (keyof KernelArgs)[]) {
      const args = { ...more, [key]: ALL[key] };
      it(`${refused.includes(key) ? "refuses" : "takes"} ${key} on ${place}, of app and sidecar`, async () => {
        const given = [args, { ...more, sidecars: { a: { image: "a:1", [key]: ALL[key] } } }];
        for (const [i, one] of given.entries()) {
          const at = `${variant} "web": ${i === 0 ? "" : "sidecars.a."}${key}: `;
          if (!refused.includes(key)) await deploy(() => makeService(variant, one));
          else
            assert.ok((await refusal(() => makeService(variant, one))).startsWith(`${at}a task on ${place} cannot have it; allowed on: `));
        }
      });
    }
  }

  it("says where it is taken, and what to do instead", async () =>
    assert.equal(
      await refusal(() => makeService("FargateService", { tmpfs: { "/cache": 16 }, dnsServers: ["10.0.0.2"] })),
      `FargateService "web": 2 arguments are wrong
  tmpfs: a task on Fargate cannot have it; allowed on: EC2 (compute: ec2); writablePaths are on the disk of the task, or leave it out.
  dnsServers: a task on Fargate cannot have it; allowed on: EC2 in bridge mode (compute: ec2, networkMode: bridge); the DHCP options of the VPC decide it for all that is in it, or leave it out.`,
    ));

  it("is less on Fargate: one capability, two minutes to start, no GPU", async () => {
    const sidecars: ServiceGiven["sidecars"] = {
      a: { image: "a:1", addCapabilities: ["SYS_PTRACE", "NET_ADMIN"], startTimeout: 121, gpu: 1 },
    };
    assert.equal(
      await refusal(() => makeService("FargateService", { sidecars })),
      `FargateService "web": 3 arguments are wrong
  sidecars.a.gpu: a task on Fargate cannot have it; allowed on: EC2 and Managed Instances with instances that have GPUs; set compute, or leave it out.
  sidecars.a.addCapabilities[1]: "NET_ADMIN" is not possible on Fargate; allowed: SYS_PTRACE.
  sidecars.a.startTimeout: 121 is out of range on Fargate; allowed: 2 to 120 seconds; the nearest is 120.`,
    );
    await deploy(() => makeService("Ec2Service", { sidecars: { a: { image: "a:1", addCapabilities: ["NET_ADMIN"], startTimeout: 121 } } }));
    await deploy(() => makeService("FargateService", { sidecars: { a: { image: "a:1", startTimeout: 120 } } }));
  });

  it("counts the GPUs of sidecars, too", async () =>
    assert.match(
      await refusal(() => makeService("Ec2Service", { sidecars: { a: { image: "a:1", gpu: 1 } } })),
      /^Cluster "apps": .*web asks for 1 GPUs, a m5\.large has 0/,
    ));

  it("is canonical: nothing that is empty but what ECS writes out, lists by name, the same bytes whatever the order of the keys", () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    const reversed = <T>(entries: Record<string, T>) => Object.fromEntries(Object.entries(entries).reverse());
    const any = fc.record<Required<KernelArgs>>(
      {
        addCapabilities: fc.subarray(["SYS_PTRACE", "NET_ADMIN"]),
        ulimits: fc.dictionary(fc.constantFrom("nofile", "nproc", "core"), fc.nat({ max: 2_147_483_647 })),
        sharedMemorySize: fc.integer({ min: 1, max: 4096 }),
        tmpfs: fc.dictionary(
          name.map((word) => `/${word}`),
          fc.integer({ min: 1, max: 64 }),
        ),
        systemControls: fc.dictionary(
          name.map((word) => `net.${word}`),
          fc.string(),
        ),
        dockerLabels: fc.dictionary(name, fc.string()),
        extraHosts: fc.dictionary(name, fc.ipV4()),
        dnsServers: fc.array(fc.ipV4(), { maxLength: 2 }),
        dnsSearchDomains: fc.array(name, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(any, (args) => {
        const definition = defined(args);
        const backwards = Object.fromEntries(
          Object.entries(args).map(([key, value]) => [
            key,
            typeof value === "object" && !Array.isArray(value) ? reversed<unknown>(value) : value,
          ]),
        );
        assert.equal(JSON.stringify(defined(reversed(backwards))), JSON.stringify(definition));
        const { systemControls: _, linuxParameters, ...others } = definition;
        const { capabilities, initProcessEnabled, ...parameters } = linuxParameters;
        assert.ok(capabilities && initProcessEnabled);
        for (const [key, value] of Object.entries({ ...others, ...parameters }))
          assert.ok(typeof value === "number" || Object.keys(value as object).length > 0, `${key} is empty`);
        for (const list of [definition.ulimits, definition.extraHosts, definition.systemControls, parameters.tmpfs]) {
          const keys = (list ?? []).map((one) => Object.values(one as object)[0] as string);
          assert.deepEqual(keys, [...keys].sort());
        }
      }),
    );
  });
});
