import * as v from "valibot";
import { readFleet } from "../facts/instances";
import { flag, group, integer, list, oneOf, text, together } from "./checks";
import { complaintOf, days, o } from "./values";

export const cluster = group({ containerInsights: o(oneOf("enhanced", "enabled", "disabled")), execLogRetentionInDays: o(days()) });

const instanceTypes = () =>
  v.pipe(
    list(text()),
    v.rawCheck(({ dataset, addIssue }) => {
      const complaint = dataset.typed && complaintOf(() => readFleet(dataset.value.filter((type) => !type.includes("*"))));
      if (complaint) addIssue({ message: complaint });
    }),
  );

export const ec2 = v.pipe(
  group({
    instanceTypes: o(instanceTypes()),
    min: o(integer(0, 5000, " instances")),
    max: o(integer(0, 5000, " instances")),
    amiFamily: o(oneOf("al2023", "bottlerocket")),
    ami: o(
      text((given) =>
        /^(stay|follow|ami-[0-9a-f]{8,17})$/.test(given)
          ? undefined
          : `${JSON.stringify(given)} is not possible; allowed are "stay", "follow" or the id of an AMI ("ami-…").`,
      ),
    ),
    maxInstanceLifetime: o(integer(1, 365, " days")),
    spotPercent: o(integer(0, 100, " percent")),
    onDemandBase: o(integer(0, 5000, " instances")),
    rootVolumeSize: o(integer(30, 16384, " GiB")),
    detailedMonitoring: o(flag()),
    managedScaling: o(flag()),
    targetCapacity: o(integer(1, 100, " percent")),
    terminationProtection: o(flag()),
  }),
  together(["min", "max"], "min", ({ min = 2, max = Math.max(10, 2 * min) }) =>
    min > max ? `${min} is above ec2.max (${max}); the nearest is ${max}.` : undefined,
  ),
);

const range = (low: number, high: number, unit: string) =>
  v.pipe(
    group({ min: integer(low, high, unit), max: o(integer(low, high, unit)) }),
    together(["min", "max"], "min", ({ min, max }) =>
      max !== undefined && min > max ? `${min} is above max (${max}); the nearest is ${max}.` : undefined,
    ),
  );

export const managedInstances = group({
  vcpus: o(range(1, 448, " vCPUs")),
  memory: o(range(1024, 25165824, " MiB")),
  instanceTypes: o(list(text())),
  capacity: o(oneOf("onDemand", "spot")),
  storageSize: o(integer(30, 16384, " GiB")),
  detailedMonitoring: o(flag()),
  scaleInAfter: o(integer(-1, 3600, " seconds")),
});
