import assert from "node:assert/strict";
import { group } from "../../../components/base/schema";
import { appShare, type ShareArgs, share, shareComplaints } from "../../../components/task/share";
import { valuesOf } from "../../helpers/arguments";
import { deploy, refusal } from "../../helpers/deploy";
import { containers } from "../../helpers/service";
import { makeService, VARIANT_NAMES } from "../../helpers/variants";

const SIZE = { cpu: 512, memory: 1024 };
const valued = (all: Record<string, ShareArgs>) =>
  Object.fromEntries(Object.entries(all).map(([name, its]) => [name, valuesOf(group(share), its)]));
const complaints = (all: Record<string, ShareArgs>) =>
  shareComplaints(SIZE, valued(all)).map(({ path, text }) => `${path.join(".")}: ${text}`);

describe("what containers have of their task", () => {
  for (const variant of VARIANT_NAMES)
    it(`is what the sidecars of a ${variant} say, and for the app what they leave`, async () => {
      const sidecars = {
        a: { image: "a:1", cpu: "0.125 vCPU", memory: "128 MB", memoryReservation: "64 MB" },
        b: { image: "b:1", cpu: 64 },
        c: { image: "c:1" },
      };
      const made = await deploy(() => makeService(variant, { cpu: 512, memory: 1024, sidecars }));
      assert.deepEqual(
        containers(made).map(({ name, cpu, memory, memoryReservation }) => [name, cpu, memory, memoryReservation]),
        [
          ["a", 128, 128, 64],
          ["b", 64, undefined, undefined],
          ["c", 0, undefined, undefined],
          ["web", 320, undefined, undefined],
        ],
      );
    });

  it("is nothing of its own for anyone where no sidecar has a share", () =>
    assert.deepEqual(appShare(SIZE, Object.values(valued({ a: { memory: 128 } }))), {}));

  it("fits into the task, with something left for the app", () => {
    assert.deepEqual(complaints({ a: { cpu: 511, memory: 1023 }, b: { memoryReservation: 6, memory: 7 } }), [
      "memory: the sidecars have 1029 MB of the task's 1 GB, so nothing is left for the app; give the task more, or them less.",
    ]);
    assert.deepEqual(complaints({ a: { cpu: 511, memoryReservation: 511, memory: 2000 }, b: { memory: 512 } }), []);
    assert.deepEqual(complaints({ a: { cpu: 256, memory: 512 }, b: { cpu: 256, memory: 512 } }), [
      "cpu: the sidecars have 0.5 vCPU of the task's 0.5 vCPU, so nothing is left for the app; give the task more, or them less.",
      "memory: the sidecars have 1 GB of the task's 1 GB, so nothing is left for the app; give the task more, or them less.",
    ]);
  });

  it("is such as Docker takes", () =>
    assert.deepEqual(complaints({ a: { memory: 5, memoryReservation: 5 }, b: { memory: 6 } }), [
      "sidecars.a.memory: 5 MB is too little for a container; the nearest is 6 MB.",
      "sidecars.a.memoryReservation: 5 MB is too little for a container; the nearest is 6 MB.",
      "sidecars.a.memoryReservation: 5 MB is not less than memory (5 MB); leave out one of them.",
    ]));

  it("is refused by its place in the arguments", async () =>
    assert.equal(
      await refusal(() => makeService("FargateService", { sidecars: { a: { image: "a:1", memory: 2 } } })),
      'FargateService "web": sidecars.a.memory: 2 MB is too little for a container; the nearest is 6 MB.',
    ));
});
