import * as v from "valibot";
import { type LifecycleHook, type Rollout, readRollout } from "../components/service/rollout";
import { flag, group, integer, list, map, number, oneOf, scalar, text } from "./checks";
import { o } from "./values";

const strategy = () => oneOf("rolling", "blueGreen", "canary", "linear");
const hook = group({
  stages: list(text()),
  lambda: o(text()),
  role: o(text()),
  details: o(text()),
  pause: o(flag()),
  timeoutInMinutes: o(number()),
  onTimeout: o(oneOf("ROLLBACK", "CONTINUE")),
});

const settings = group({
  strategy: strategy(),
  minimumHealthyPercent: o(number()),
  maximumPercent: o(number()),
  circuitBreaker: o(flag()),
  bakeTimeInMinutes: o(number()),
  canaryPercent: o(number()),
  canaryBakeTimeInMinutes: o(number()),
  stepPercent: o(number()),
  stepBakeTimeInMinutes: o(number()),
  testHeader: o(map(scalar())),
  lifecycleHooks: o(list(hook)),
  alarms: o(group({ errorPercent: o(integer(1, 100, " percent")), unhealthyTargets: o(flag()), alarmNames: o(list(text())) })),
});

/** Which keys belong to which strategy; the rest belong to all that have two sets of tasks, or to all. */
const ONLY: Record<string, Rollout["strategy"][]> = {
  minimumHealthyPercent: ["rolling"],
  maximumPercent: ["rolling"],
  bakeTimeInMinutes: ["blueGreen", "canary", "linear"],
  testHeader: ["blueGreen", "canary", "linear"],
  lifecycleHooks: ["blueGreen", "canary", "linear"],
  canaryPercent: ["canary"],
  canaryBakeTimeInMinutes: ["canary"],
  stepPercent: ["linear"],
  stepBakeTimeInMinutes: ["linear"],
};

/** A strategy by its name, or with its settings; AWS's limits are the component's to know. */
export const rollout = v.lazy((given) => (typeof given === "string" ? strategy() : withLimits)) as unknown as v.GenericSchema<
  unknown,
  Rollout
>;

const withLimits = v.pipe(
  settings,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const value = dataset.value;
    const at = (key: string): [v.ObjectPathItem] => [
      { type: "object", origin: "value", input: value, key, value: value[key as "strategy"] },
    ];
    for (const [key, strategies] of Object.entries(ONLY)) {
      if (key in value && !strategies.includes(value.strategy)) {
        addIssue({
          message: `it belongs to ${strategies.join(", ")}, and the strategy is ${value.strategy}; leave it out, or choose another strategy.`,
          path: at(key),
        });
      }
    }
    try {
      readRollout({ ...value, ...(value.lifecycleHooks && { lifecycleHooks: value.lifecycleHooks as LifecycleHook[] }) } as Rollout, 200);
    } catch (error) {
      const [, key, message] = /^rollout\.([^:]+): (.*)$/.exec((error as Error).message) ?? [];
      addIssue({ message: message ?? (error as Error).message, path: at(key ?? "strategy") });
    }
  }),
);
