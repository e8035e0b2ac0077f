import assert from "node:assert/strict";
import * as fc from "fast-check";
import { FARGATE_SIZES, fargateComplaint, parseCpu, parseMemory } from "../../facts/sizes";

const range = (from: number, to: number, step: number) => Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

/** AWS's table, as its documentation prints it. */
const AWS: [cpu: number, memory: number[]][] = [
  [256, [512, 1024, 2048]],
  [512, [1024, 2048, 3072, 4096]],
  [1024, range(2048, 8192, 1024)],
  [2048, range(4096, 16384, 1024)],
  [4096, range(8192, 30720, 1024)],
  [8192, range(16384, 61440, 4096)],
  [16384, range(32768, 122880, 8192)],
  [32768, [61440, 122880, 249856]],
];

describe("Fargate sizes", () => {
  it("are exactly AWS's table", () => {
    assert.deepEqual(
      [...FARGATE_SIZES].map(([cpu, memory]) => [cpu, [...memory]]),
      AWS,
    );
  });

  it("takes every pair of the table and no other near it", () => {
    const memories = [...new Set(AWS.flatMap(([, legal]) => legal))];
    for (const [cpu, legal] of AWS) {
      for (const memory of memories)
        assert.equal(fargateComplaint({ cpu, memory }) === undefined, legal.includes(memory), `${cpu}:${memory}`);
    }
  });

  const refused: [cpu: number, memory: number, argument: string, text: string][] = [
    [300, 512, "cpu", '0.29296875 vCPU is not a Fargate size; allowed: 0.25, 0.5, 1, 2, 4, 8, 16, 32 vCPU; the nearest is "0.25 vCPU".'],
    [3, 512, "cpu", '3 alone is CPU units, 1024 to a vCPU; if vCPUs are meant, the nearest is "2 vCPU".'],
    [256, 4096, "memory", '4 GB does not go with 0.25 vCPU on Fargate; allowed: 512 MB, 1 GB or 2 GB; the nearest is "2 GB".'],
    [512, 512, "memory", '512 MB does not go with 0.5 vCPU on Fargate; allowed: 1 GB to 4 GB in steps of 1 GB; the nearest is "1 GB".'],
    [8192, 18432, "memory", '18 GB does not go with 8 vCPU on Fargate; allowed: 16 GB to 60 GB in steps of 4 GB; the nearest is "16 GB".'],
    [
      16384,
      39936,
      "memory",
      '39 GB does not go with 16 vCPU on Fargate; allowed: 32 GB to 120 GB in steps of 8 GB; the nearest is "40 GB".',
    ],
    [32768, 131072, "memory", '128 GB does not go with 32 vCPU on Fargate; allowed: 60 GB, 120 GB or 244 GB; the nearest is "120 GB".'],
  ];
  for (const [cpu, memory, argument, text] of refused) {
    it(`refuses ${cpu}:${memory} and names the nearest`, () => assert.deepEqual(fargateComplaint({ cpu, memory }), { argument, text }));
  }

  it("is legal, or refused with a nearest value that is legal, whatever the numbers", () => {
    const cpus = fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.constantFrom(...FARGATE_SIZES.keys()));
    fc.assert(
      fc.property(cpus, fc.integer({ min: 1, max: 300_000 }), (cpu, memory) => {
        const complaint = fargateComplaint({ cpu, memory });
        if (complaint === undefined) return assert.ok(FARGATE_SIZES.get(cpu)?.includes(memory));
        const nearest = /the nearest is "([^"]+)"\.$/.exec(complaint.text)?.[1] ?? "";
        if (complaint.argument === "memory") {
          const mended = parseMemory(nearest);
          assert.equal(fargateComplaint({ cpu, memory: mended ?? 0 }), undefined);
          for (const other of FARGATE_SIZES.get(cpu) ?? []) assert.ok(Math.abs(other - memory) >= Math.abs((mended ?? 0) - memory));
        } else {
          const mended = parseCpu(nearest) ?? 0;
          assert.ok(FARGATE_SIZES.has(mended));
          // A number below 64 is taken for vCPUs.
          const meant = cpu < 64 ? cpu * 1024 : cpu;
          for (const other of FARGATE_SIZES.keys()) assert.ok(Math.abs(other - meant) >= Math.abs(mended - meant));
        }
      }),
    );
  });
});

describe("units of sizes", () => {
  const cpus: [given: string | number, units: number | undefined][] = [
    ["0.25 vCPU", 256],
    [".5vcpu", 512],
    ["1 vCPU", 1024],
    ["32 vCPUs", 32768],
    [256, 256],
    ["256", 256],
    [" 512 ", 512],
    ["0.3 vCPU", undefined],
    ["0 vCPU", undefined],
    [0, undefined],
    [-256, undefined],
    [0.25, undefined],
    [Number.NaN, undefined],
    ["1 GB", undefined],
    ["", undefined],
  ];
  for (const [given, units] of cpus) it(`reads ${JSON.stringify(given)} of CPU as ${units}`, () => assert.equal(parseCpu(given), units));

  const memories: [given: string | number, mib: number | undefined][] = [
    ["512 MB", 512],
    ["512MiB", 512],
    ["1 GB", 1024],
    ["1.5 gib", 1536],
    ["2G", 2048],
    [512, 512],
    ["2048", 2048],
    ["0.3 MB", undefined],
    ["1 TB", undefined],
    ["1 vCPU", undefined],
    ["-1 GB", undefined],
    [0, undefined],
  ];
  for (const [given, mib] of memories)
    it(`reads ${JSON.stringify(given)} of memory as ${mib}`, () => assert.equal(parseMemory(given), mib));
});
