// What a stack file says of agents that run once on each managed instance.
import { ORIGIN } from "../components/base/origin";
import { type ArgumentsOf, type Givens, group, map, optional, plain, type Rule, text } from "../components/base/schema";
import { oneValue } from "../components/task/container-arguments";
import { type DaemonArgs, daemon } from "../components/task/daemon";
import { imageComplaint } from "../facts/images";
import { computesOf, type OfWork } from "./instances";
import { from } from "./places";
import { nameComplaint, OF_THE_STACK } from "./service";
import { listed } from "./services";

const ofDaemon = plain(daemon, OF_THE_STACK);

/** An agent in a stack file: the arguments of a daemon. */
export interface DaemonSettings extends Pick<DaemonArgs, keyof typeof ofDaemon> {
  /** The image, with its digest or a tag that is never pushed twice, for the architecture of the stack. Required; no default. */
  image: string;
}

const daemonSettings = {
  ...ofDaemon,
  image: text(imageComplaint, "public.ecr.aws/datadog/agent:7.70.0"),
} satisfies ArgumentsOf<DaemonSettings>;

/** The key of a stack file that says which agents there are. */
export const ofDaemons = { daemons: optional(map(group(daemonSettings, oneValue), { name: nameComplaint }), {}) };

export const daemonsRules: Rule<OfWork & typeof ofDaemons>[] = [
  {
    about: ["compute", "services", "tasks", "daemons"],
    at: "daemons",
    complain: ({ daemons }, given) =>
      Object.keys(daemons).length > 0 && !computesOf(given).includes("managed-instances")
        ? "nothing runs on Managed Instances, so there is no instance to run them on; set compute: managed-instances, or with compute: ec2 make it a service with daemon: true."
        : undefined,
  },
  {
    about: ["service.name", "services", "tasks", "daemons"],
    at: "daemons",
    complain: ({ daemons, tasks }, given) =>
      Object.keys(daemons)
        .filter((name) => Object.hasOwn(tasks, name) || listed(given).some((one) => one.name === name))
        .map((name) => ({ at: `daemons.${name}`, text: "a service or a task has that name; choose another." })),
  },
];

/** The agents as components take them. */
export const daemonsOf = ({ daemons = {} }: Givens<typeof ofDaemons>, architecture: DaemonArgs["architecture"]) =>
  Object.entries(daemons).map(([name, its]) => ({ name, ...its, ...(architecture && { architecture }), [ORIGIN]: from("daemons", name) }));
