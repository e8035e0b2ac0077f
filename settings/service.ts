import * as v from "valibot";
import { isTimezone, sleepMoments, timeOfDay } from "../facts/sleep";
import { flag, group, integer, list, offOr, oneOf, scalar, text, together } from "./checks";
import { container, execNeedsWriting, plainEnvironment } from "./container";
import { rollout } from "./rollout";
import { complaintOf, o, pattern } from "./values";

const nameComplaint = (given: string) => {
  const nearestName =
    given
      .replace(/[^A-Za-z0-9-]+/g, "-")
      .replace(/^[^A-Za-z]+/, "")
      .slice(0, 24)
      .replace(/-+$/, "") || "web";
  return `${JSON.stringify(given)} does not fit into AWS's names; allowed are 1 to 24 letters, digits and "-", a letter first; the nearest is "${nearestName}".`;
};
const containerHealthCheck = group({
  command: list(text()),
  interval: o(integer(5, 300, " seconds")),
  timeout: o(integer(2, 60, " seconds")),
  retries: o(integer(1, 10)),
  startPeriod: o(integer(0, 300, " seconds")),
});

const moment = (example: string) =>
  text((given) => (timeOfDay(given) ? undefined : `${JSON.stringify(given)} is not a time of day; write one like "${example}".`), example);

/** Hours of sleep. */
export const sleep = v.pipe(
  group({
    stop: moment("20:00"),
    start: moment("07:00"),
    timezone: o(
      text((given) => (isTimezone(given) ? undefined : `${JSON.stringify(given)} is not a time zone; write one like "Europe/Berlin".`)),
    ),
    weekends: o(flag()),
  }),
  together(["stop", "start"], "stop", ({ stop, start }) => complaintOf(() => sleepMoments({ stop, start }))),
);

export const service = v.pipe(
  group({
    name: o(text((given) => (/^[A-Za-z]([A-Za-z0-9-]{0,22}[A-Za-z0-9])?$/.test(given) ? undefined : nameComplaint(given)))),
    ...container,
    port: o(integer(1, 65535)),
    path: o(pattern(/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/, "a path pattern", "/*")),
    host: o(pattern(/^[A-Za-z0-9.*?-]{1,128}$/, "a host pattern", "*.example.com")),
    capacity: o(oneOf("onDemand", "mixed", "spot")),
    desiredCount: o(integer(0, 5000, " tasks")),
    scaling: o(
      v.pipe(
        group({
          min: o(integer(0, 5000, " tasks")),
          max: o(integer(1, 5000, " tasks")),
          cpu: o(offOr(integer(1, 100, " percent"))),
          memory: o(offOr(integer(1, 100, " percent"))),
          requests: o(integer(1, 1_000_000, " requests per task and minute")),
          scaleOutCooldown: o(integer(0, 3600, " seconds")),
          scaleInCooldown: o(integer(0, 3600, " seconds")),
        }),
        together(["min", "max"], "min", ({ min = 2, max = Math.max(10, min) }) =>
          min > max ? `${min} is above scaling.max (${max}); the nearest is ${max}.` : undefined,
        ),
      ),
    ),
    healthCheck: o(
      v.pipe(
        group({
          path: o(pattern(/^\/[A-Za-z0-9_\-./~%?&=+]*$/, "a path", "/health")),
          matcher: o(pattern(/^[2-4]\d\d(?:[-,][2-4]\d\d)*$/, "a list of status codes", "200-299")),
          interval: o(integer(5, 300, " seconds")),
          timeout: o(integer(2, 120, " seconds")),
          healthyThreshold: o(integer(2, 10)),
          unhealthyThreshold: o(integer(2, 10)),
          gracePeriod: o(integer(10, 600, " seconds")),
        }),
        together(["timeout", "interval"], "timeout", ({ timeout = 5, interval = 10 }) =>
          timeout >= interval
            ? `${timeout} is not less than healthCheck.interval (${interval}); the nearest is ${interval - 1}.`
            : undefined,
        ),
      ),
    ),
    containerHealthCheck: o(v.lazy((given) => (given === false ? v.literal(false) : containerHealthCheck))),
    deregistrationDelay: o(integer(0, 3600, " seconds")),
    rollout: o(rollout),
    preDeploy: o(list(text())),
    redeploy: o(scalar()),
    sleep: o(sleep),
    networkMode: o(oneOf("awsvpc", "bridge")),
    gpu: o(integer(1, 16, " GPUs")),
    daemon: o(flag()),
  }),
  plainEnvironment(),
  execNeedsWriting(),
  together(["daemon", "desiredCount", "scaling", "sleep"], "daemon", ({ daemon, desiredCount, scaling, sleep: hours }) =>
    daemon && (desiredCount !== undefined || scaling || hours)
      ? "a daemon runs one task on each instance; leave desiredCount, scaling and sleep out."
      : undefined,
  ),
  together(["desiredCount", "scaling"], "desiredCount", ({ desiredCount, scaling }) =>
    desiredCount !== undefined && scaling
      ? "desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out."
      : undefined,
  ),
);
