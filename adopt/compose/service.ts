// What the fields of a compose service are in a stack file. Each field of the specification stands here, or in the room's other files.
import { fargateComplaint, showCpu, showMemory } from "../../facts/sizes";
import type { Path } from "../ledger";
import { translateSecrets, translateVariables } from "./environment";
import { each, type Field, type Handlers } from "./field";
import { translateImage } from "./image";
import { commandOf, isRouted, type One } from "./shape";
import { translateTraffic } from "./traffic";
import { fargateSize, mebibytes, seconds } from "./values";
import { translateVolumes } from "./volumes";
import { at, bounded, implied, type Work } from "./work";

/** A service, or a task with the image of one. */
export function translateService(work: Work): void {
  const { one } = work;
  if (one.kind === "task") work.ledger.set(at(work, "service"), one.owner!.word);
  if (one.at[0] === "service") work.ledger.set(["service", "name"], one.word);
  if (one.kind === "service" && one.word !== one.name) {
    one.field.file.source.change([...one.field.path, "name"], `It is called ${one.word}: a name has 1 to 24 letters, digits and hyphens.`);
  }
  // In the order that the stack file is to have.
  translateImage(work);
  translateTraffic(work);
  translateSize(work);
  each(one.field, FIELDS, work);
  translateVariables(work);
  translateSecrets(work);
  translateVolumes(work);
  for (const [, field] of one.field.entries()) if (field.isEmpty) field.same("It says nothing.");
  impliedFields(work);
}

/** A command that runs before the deploy, with the settings of its service. */
export function translatePreDeploy(work: Work): void {
  const { one } = work;
  const owner = one.owner!;
  const command = one.field.get("command")!;
  if (work.ledger.get([...owner.at, "preDeploy"]) === undefined) command.take([...owner.at, "preDeploy"], commandOf(command));
  else command.leave(`${owner.name} has a preDeploy already; make one command of the two.`);
  translateImage(work);
  translateVariables(work);
  translateSecrets(work);
  for (const [key, field] of one.field.entries()) {
    if (["command", "image", "build", "environment", "env_file", "secrets"].includes(key)) continue;
    if (key.startsWith("x-")) field.same("An extension, which Compose ignores, too.");
    else if (key === "restart" || key === "profiles") field.same("It runs once for each deploy, and must end with 0.");
    else if (key === "depends_on" || key === "links")
      field.change(`It runs before each deploy of ${owner.name}; what it needs is there before the stack.`);
    else field.change(`It runs with the settings of ${owner.name}.`);
  }
}

const isTask = ({ one }: Work) => one.kind === "task";
const EC2 = "Fargate has it not; with compute: ec2 it is";
const BRIDGE = "The VPC's own DNS answers; with compute: ec2 and networkMode: bridge it is";
const BY_SIZE = "A task has the CPU of its size; set cpu.";
const FARGATE = "Fargate decides that.";
const WINDOWS = "It is for Windows, and tasks run Linux.";

const leave = (todo: string) => (field: Field) => field.leave(todo);
const same = (why: string) => (field: Field) => field.same(why);
const flag = (key: string) => (field: Field, work: Work) => {
  if (field.flag !== undefined) field.take(at(work, key), field.flag);
};

/** What Docker gives a container, unless it is told to drop it. */
const CAPABILITIES =
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(" ");
const capability = ({ text = "" }: Field) => text.toUpperCase().replace(/^CAP_/, "");

function added(field: Field, work: Work): void {
  const dropped = work.one.field.get("cap_drop")?.items().map(capability) ?? [];
  for (const one of field.items()) {
    const name = capability(one);
    if (name === "SYS_PTRACE") one.take(at(work, "addCapabilities"), [name]);
    else if (!CAPABILITIES.includes(name))
      one.leave(`${name}: Fargate adds no capability but SYS_PTRACE; with compute: ec2 it is addCapabilities.`);
    else if (dropped.includes("ALL")) one.take(at(work, "dropCapabilities"), droppedBut(field));
    else one.same("A container has it from Docker, and it is not dropped.");
  }
}
const droppedBut = (field: Field | undefined) => {
  const kept = field?.items().map(capability) ?? [];
  return kept.some((name) => CAPABILITIES.includes(name)) ? CAPABILITIES.filter((name) => !kept.includes(name)) : ["ALL"];
};

function dropped(field: Field, work: Work): void {
  const names = field.items().map(capability);
  const value = names.includes("ALL") ? droppedBut(work.one.field.get("cap_add")) : names;
  for (const one of field.items()) one.take(at(work, "dropCapabilities"), value);
}

const CHECK: Handlers<Work> = {
  test: (field, work) => {
    const command = field.text === undefined ? field.items().map(({ text = "" }) => text) : ["CMD-SHELL", field.text];
    field.take(at(work, "containerHealthCheck", "command"), command);
  },
  interval: (field, work) => bounded(field, at(work, "containerHealthCheck", "interval"), seconds(field.text ?? ""), 5, 300),
  timeout: (field, work) => bounded(field, at(work, "containerHealthCheck", "timeout"), seconds(field.text ?? ""), 2, 60),
  retries: (field, work) => bounded(field, at(work, "containerHealthCheck", "retries"), field.number, 1, 10, "failures"),
  start_period: (field, work) => bounded(field, at(work, "containerHealthCheck", "startPeriod"), seconds(field.text ?? ""), 0, 300),
  start_interval: (field) => field.leave("ECS checks in one interval from the start."),
};

function healthcheck(field: Field, work: Work): void {
  const test = field.get("test");
  const off = field.get("disable")?.flag === true ? field.get("disable") : test?.items()[0]?.text === "NONE" ? test : undefined;
  if (isTask(work)) field.leave("A task has no health check; it ends by itself.");
  else if (off) {
    off.take(at(work, "containerHealthCheck"), false);
    for (const [key, one] of field.entries())
      if (one !== off && (Object.hasOwn(CHECK, key) || key === "disable")) one.same("The check is off.");
  } else if (!test) field.leave("It changes the check of the image, which ECS does not read: write the image's command into test.");
  else checked(field, work);
}

function checked(field: Field, work: Work): void {
  field.get("disable")?.same("The check is on.");
  each(field, CHECK, work);
  // What Compose checks by where nothing is said.
  for (const key of ["interval", "timeout"]) if (!field.get(key)) work.ledger.set(at(work, "containerHealthCheck", key), 30);
}

const LIMITS: Handlers<Work> = {
  cpus: () => undefined,
  memory: () => undefined,
  pids: leave("A task has no limit of processes; ulimits.nproc is one for a user."),
  generic_resources: leave("ECS knows GPUs alone, with compute: ec2 or managed-instances."),
  devices: leave("GPUs need compute: ec2 or managed-instances, and service.gpu."),
};
const RESOURCES: Handlers<Work> = {
  limits: (field, work) => each(field, LIMITS, work),
  reservations: (field, work) => each(field, LIMITS, work),
};

const RESTARTS: Handlers<Work> = {
  condition: (field, work) => restart(field, work),
  delay: same("ECS starts a task again at once, and later each time where it keeps failing."),
  max_attempts: (field) =>
    field.change(
      "A service starts tasks as long as it is there; a rollout whose tasks keep failing is rolled back (rollout.circuitBreaker).",
    ),
  window: same("ECS decides by the health checks when a task has started."),
};

function restart(field: Field, work: Work): void {
  const text = field.text ?? "";
  if (isTask(work)) field.same("A task runs once, and is started again by whoever starts it.");
  else if (text === "no" || text === "false" || text === "none")
    field.change("A service starts another task when one ends.", { keep: "Make it a task: tasks.<name>." });
  else if (/^on-failure/.test(text)) field.change("A service starts another task when one ends, whatever its exit code is.");
  else field.same("A service starts another task when one ends.");
}

const UPDATES: Handlers<Work> = {
  parallelism: (field) =>
    field.change("The tasks are replaced together, as far as rollout.minimumHealthyPercent and maximumPercent let them."),
  delay: leave("A rollout does not wait between tasks; rollout: linear moves the traffic in steps."),
  failure_action: (field, work) => {
    if (field.text === "rollback") field.same("A rollout that fails is rolled back (rollout.circuitBreaker).");
    else
      field.change("A rollout that fails is rolled back.", {
        setting: at(work, "rollout", "circuitBreaker"),
        keep: "rollout: { strategy: rolling, circuitBreaker: false }",
      });
  },
  monitor: same("The health checks of the task and of the load balancer decide."),
  max_failure_ratio: same("The health checks of the task and of the load balancer decide."),
  order: (field, work) => {
    if (field.text === "start-first") return field.same("New tasks start before old ones stop.");
    if (field.text !== "stop-first") return;
    work.ledger.set(at(work, "rollout", "minimumHealthyPercent"), 0);
    work.ledger.set(at(work, "rollout", "maximumPercent"), 100);
    field.take(at(work, "rollout", "strategy"), "rolling");
  },
};

const DEPLOY: Handlers<Work> = {
  mode: (field) => {
    if (field.text === "replicated") field.same("A service runs a number of tasks.");
    else if (field.text === "global") field.leave("Fargate has no nodes; with compute: ec2 it is daemon: true.");
    else field.leave("A job is a task: tasks.<name>, and berth run --task starts it.");
  },
  endpoint_mode: same("Service Connect and the load balancer spread connections over the tasks."),
  replicas,
  labels: leave("They are the orchestrator's; tags of what AWS has are the stack's `tags`."),
  rollback_config: leave("A rollback is as fast as it can be; rollout: blueGreen keeps the old tasks until it is certain."),
  update_config: (field, work) => {
    if (isTask(work)) field.leave("A task is not rolled out.");
    else each(field, UPDATES, work);
  },
  resources: (field, work) => each(field, RESOURCES, work),
  restart_policy: (field, work) => each(field, RESTARTS, work),
  placement: leave("Fargate has no nodes to choose from, and spreads tasks over the zones."),
};

function replicas(field: Field, work: Work): void {
  if (isTask(work)) field.leave("A task runs once each time it is started.");
  else if (field.number !== undefined) field.take(at(work, "desiredCount"), field.number);
}

const LIMIT: Handlers<{ work: Work; name: string }> = {
  soft: (field, { work, name }) => void field.take(at(work, "ulimits", name, "softLimit"), field.number),
  hard: (field, { work, name }) => void field.take(at(work, "ulimits", name, "hardLimit"), field.number),
};

/** What the image says, and a stack does not. */
const byDockerfile =
  (fact: "workdir" | "stopSignal", todo: string) =>
  (field: Field, { one }: Work) => {
    if (field.text === one.origin?.facts?.[fact]?.value) field.same("The Dockerfile says so.");
    else field.leave(todo);
  };

/** Each of a list or a map by its name. */
const byName = (key: string) => (field: Field, work: Work) => {
  for (const { name, value = "", field: one } of field.named()) one.take(at(work, key, name), value);
};

const FIELDS: Handlers<Work> = {
  command: (field, work) => void field.take(at(work, "command"), commandOf(field)),
  entrypoint: (field, work) => void field.take(at(work, "entryPoint"), commandOf(field)),
  healthcheck,
  deploy: (field, work) => each(field, DEPLOY, work),
  scale: replicas,
  restart,
  profiles: (field, { one }) => {
    if (one.kind === "task") field.change("It is a task: berth run --task starts it.");
    else field.change("It is a service like the others, because --service names it.");
  },
  user: (field, work) => void field.take(at(work, "user"), field.text),
  read_only: flag("readonlyRootFilesystem"),
  init: flag("initProcess"),
  cap_add: added,
  cap_drop: dropped,
  stop_grace_period: (field, work) => bounded(field, at(work, "stopTimeout"), seconds(field.text ?? ""), 2, 120),
  ulimits: (field, work) => {
    for (const [name, one] of field.entries()) {
      if (one.isMap) each(one, LIMIT, { work, name });
      else if (one.number !== undefined) one.take(at(work, "ulimits", name), one.number);
    }
  },
  sysctls: byName("systemControls"),
  storage_opt: (field, work) => {
    const size = field.get("size");
    const gibibytes = Math.ceil((mebibytes(size?.text ?? "") ?? 0) / 1024);
    if (size && gibibytes <= 20) size.same("A task has 20 GiB of disk.");
    else if (size) size.take(at(work, "ephemeralStorage"), gibibytes);
  },
  logging: (field) => {
    const driver = field.get("driver")?.text ?? "json-file";
    if (["json-file", "local", "journald", "awslogs", "none"].includes(driver))
      field.change("The output goes to CloudWatch Logs, for 90 days (logRetentionInDays).", {
        keep: "service.logging sends it elsewhere.",
      });
    else
      field.leave(
        `Set service.logging: driver ${driver === "splunk" ? "splunk" : "firelens"} with its options, and credentials among secretOptions.`,
      );
  },
  platform: (field) => {
    if (field.text === "linux/amd64") field.same("It is what tasks run on.");
    else field.leave("Set architecture: arm64 for linux/arm64, which holds for all of the stack; Fargate has no other.");
  },
  networks: (field) => {
    for (const [, network] of field.entries()) each(network, NETWORK, undefined);
    const names = field.isMap ? field.entries().flatMap(([, one]) => (one.isMap ? [] : [one])) : field.items();
    for (const one of names) one.change("All are in one network (VPC), and a service reaches those that it calls: `calls`.");
  },
  network_mode: (field) => {
    if (field.text === "bridge" || field.text === "default") field.change("Each task has a network interface of its own.");
    else if (field.text === "none") field.leave("A task has a network; egress: [] in the stack file leaves it port 443 alone.");
    else field.leave("A task has a network interface of its own: containers that share one are sidecars of one service.");
  },
  container_name: same("Tasks have no names; those of services are used, and Service Connect takes this one where a caller uses it."),
  dns: leave(`${BRIDGE} dnsServers.`),
  dns_search: leave(`${BRIDGE} dnsSearchDomains.`),
  dns_opt: leave("The VPC's DNS has no options for one service."),
  extra_hosts: leave(`${BRIDGE} extraHosts; an address in a variable does as well.`),
  hostname: leave("A task is called by AWS; others call the service by its name (connect)."),
  domainname: leave("A task is called by AWS; others call the service by its name (connect)."),
  external_links: leave("Another stack's service is called with connect: true and its address in environment."),
  shm_size: leave(`${EC2} sharedMemorySize. Fargate has 64 MB; Chrome takes --disable-dev-shm-usage.`),
  gpus: leave("GPUs need compute: ec2 or managed-instances, and service.gpu."),
  tty: same("Tasks have no terminal; berth exec opens a shell (service.exec)."),
  stdin_open: same("Tasks have no standard input; berth exec opens a shell (service.exec)."),
  working_dir: byDockerfile("workdir", "Write it into the Dockerfile: WORKDIR."),
  stop_signal: byDockerfile("stopSignal", "Write it into the Dockerfile: STOPSIGNAL, which ECS obeys."),
  privileged: leave("No task is privileged. Say what it is needed for: addCapabilities with compute: ec2, or permissions."),
  annotations: leave("ECS has no annotations; dockerLabels are labels of a container."),
  attach: same("The output of all services is collected; berth logs shows it."),
  develop: same("It is for your machine; docker compose up --watch goes on working."),
  pull_policy: same("Each task starts with the image of its revision."),
  pull_refresh_after: same("Each task starts with the image of its revision."),
  group_add: leave("A process has one group: user: UID:GID."),
  blkio_config: leave("A faster disk is a volume with ebs."),
  cgroup: leave(FARGATE),
  cgroup_parent: leave(FARGATE),
  cpu_count: leave(WINDOWS),
  cpu_percent: leave(WINDOWS),
  cpu_shares: leave(BY_SIZE),
  cpu_quota: leave(BY_SIZE),
  cpu_period: leave(BY_SIZE),
  cpu_rt_period: leave(BY_SIZE),
  cpu_rt_runtime: leave(BY_SIZE),
  cpuset: leave(BY_SIZE),
  credential_spec: leave(WINDOWS),
  isolation: leave(WINDOWS),
  device_cgroup_rules: leave("Tasks have no devices but GPUs."),
  devices: leave("Tasks have no devices but GPUs."),
  ipc: leave(FARGATE),
  pid: leave(FARGATE),
  uts: leave(FARGATE),
  userns_mode: leave(FARGATE),
  runtime: leave(FARGATE),
  security_opt: leave("Fargate has its own; what a process may do is user, dropCapabilities and readonlyRootFilesystem."),
  mac_address: leave("AWS chooses it."),
  mem_swappiness: leave("Fargate has no swap."),
  memswap_limit: same("Fargate has no swap."),
  oom_kill_disable: leave(FARGATE),
  oom_score_adj: leave(FARGATE),
  pids_limit: leave("A task has no limit of processes; ulimits.nproc is one for a user."),
  post_start: leave("ECS runs no hooks: the entry point of the image can run it first."),
  pre_stop: leave("ECS runs no hooks: the app does it when it gets SIGTERM, within stopTimeout."),
  models: leave("There is no model runner: name a model of Amazon Bedrock in environment, and let the app use it by permissions."),
  use_api_socket: leave("There is no Docker to talk to on ECS."),
  volumes_from: leave("A volume of several services is a file system of the stack: fileSystems."),
  label_file: leave("Write the labels into dockerLabels."),
  configs: (field) => {
    for (const one of field.items()) {
      const target = one.get("target")?.text ?? "its path";
      const todo = `There are no files beside the image: COPY it to ${target} in the Dockerfile, or hand it over as a variable.`;
      if (!one.isMap) one.leave(todo);
      for (const key of ["source", "target"]) one.get(key)?.leave(todo);
      for (const key of ["uid", "gid", "mode"]) one.get(key)?.leave("Write it into the Dockerfile: COPY --chown, --chmod.");
    }
  },
};

const NETWORK: Handlers<undefined> = {
  aliases: same("Service Connect takes the one that callers use."),
  interface_name: leave("A task has one network interface."),
  ipv4_address: leave("AWS chooses addresses; a fixed one for users is loadBalancer.fixedAddresses."),
  ipv6_address: leave("AWS chooses addresses; IPv6 is network.ipv6."),
  link_local_ips: leave("AWS chooses addresses."),
  mac_address: leave("AWS chooses it."),
  driver_opts: leave("The network is a VPC; see network in the settings."),
  priority: leave("A task has one network interface."),
  gw_priority: leave("A task has one network interface."),
};

interface Wish {
  field: Field | undefined;
  value: number | undefined;
}

/** The smallest size of Fargate with what the limits, or else the reservations, ask for. */
function translateSize(work: Work): void {
  const { field } = work.one;
  const resources = field.get("deploy")?.get("resources");
  const fields = (...all: (Field | undefined)[]) => all.filter((one) => one !== undefined);
  const cpus = fields(resources?.get("limits")?.get("cpus"), field.get("cpus"), resources?.get("reservations")?.get("cpus"));
  const memories = fields(
    field.get("mem_limit"),
    resources?.get("limits")?.get("memory"),
    resources?.get("reservations")?.get("memory"),
    field.get("mem_reservation"),
  );
  const wish = (all: Field[], read: (one: Field) => number | undefined): Wish => {
    const found = all.find((one) => read(one) !== undefined && one.unset.length === 0);
    return { field: found, value: found && read(found) };
  };
  const cpu = wish(cpus, ({ number }) => (number === undefined || number <= 0 ? undefined : number * 1024));
  const memory = wish(memories, ({ text = "" }) => mebibytes(text) || undefined);
  if (!cpu.field && !memory.field) {
    implied(work, "mem_limit", "Compose sets no limit; a task has a size, 0.25 vCPU and 512 MB where nothing else is said.", {
      keep: `Set ${at(work, "cpu").join(".")} and memory to what it needs.`,
    });
  } else sized(cpu, memory, work);
  for (const one of [...cpus, ...memories])
    if (one !== cpu.field && one !== memory.field) one.same("A task keeps what its size is, and has no more.");
}

function sized(cpu: Wish, memory: Wish, work: Work): void {
  const size = fargateSize(cpu.value ?? 256, memory.value ?? 512);
  if (fargateComplaint(size)) return;
  tell(cpu, at(work, "cpu"), size.cpu, showCpu, work);
  tell(memory, at(work, "memory"), size.memory, showMemory, work);
}

function tell({ field, value }: Wish, setting: Path, units: number, show: (units: number) => string, { ledger }: Work): void {
  const shown = show(units);
  if (field === undefined) ledger.set(setting, shown);
  else if (value === units) field.take(setting, shown);
  else
    field.change(value! > units ? `It is the largest size of Fargate.` : "It is the next size that Fargate has.", {
      setting,
      value: shown,
    });
}

/** What an image does under Compose without being told, and would not do in a stack. */
function impliedFields(work: Work): void {
  const { one } = work;
  const user = one.owner ? undefined : one.origin?.facts?.user?.value;
  const isRoot = /^(root|0)(:|$)/.test(one.field.get("user")?.text ?? user ?? "root");
  implied(
    work,
    "user",
    user === undefined
      ? "Images run as root unless they say otherwise, and a stack's tasks as 1000:1000: root is kept."
      : "The Dockerfile says it; a stack's tasks run as 1000:1000.",
    { setting: at(work, "user"), value: user ?? "0:0", keep: "Better: take the setting out where the image works as any user." },
  );
  implied(work, "read_only", "The root file system of a stack's tasks is read-only: it stays writable.", {
    setting: at(work, "readonlyRootFilesystem"),
    value: false,
    keep: "Better: take the setting and writablePaths out where the app writes to /tmp alone.",
  });
  if (isRoot)
    implied(work, "cap_drop", "A stack's containers have no capabilities; root has those of Docker.", {
      setting: at(work, "dropCapabilities"),
      value: [],
      keep: "Better: take the setting out where the image works without.",
    });
  if (isTask(work)) return;
  if (!one.field.get("deploy")?.get("replicas"))
    implied(work, "scale", "Compose runs one container, and a service 2 to 10 tasks: one is kept.", {
      setting: at(work, "desiredCount"),
      value: 1,
      keep: "Better: scaling: { min: 2, max: 10 } where the app can run more than once.",
    });
  if (isAsked(one))
    implied(work, "healthcheck", "Nothing checks the container; the load balancer, or Service Connect, sees whether it answers.", {
      setting: at(work, "containerHealthCheck"),
      value: false,
      keep: "Better: name a path by healthCheck.path, and take the setting out.",
    });
}

/** Whether a stack would ask inside the container, and neither Compose nor the image does. */
const isAsked = (one: One) => (isRouted(one) || one.called !== undefined) && !one.origin?.facts?.healthCheck?.value;
