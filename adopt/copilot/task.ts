// What services and jobs have in common: size, disks, logs, network, tracing, and the containers beside the app's.
import { partitionOf } from "../../facts/regions";
import type { Path } from "../ledger";
import { type Fields, isMap } from "../values";
import {
  appUser,
  command,
  containerDefaults,
  containerHealth,
  dependsOn,
  each,
  environmentFile,
  labels,
  secrets,
  type Task,
  variables,
} from "./container";
import { appPort } from "./traffic";
import { booleanOf, textOf } from "./values";

type Meaning = Record<string, (path: Path, value: unknown) => void>;

/** Fields that a task has whatever starts it; those that the caller has read stand in `others`. */
export function taskFields(task: Task, others: string[]): void {
  const { manifest, setting } = task;
  const meaning: Meaning = {
    cpu: manifest.into.number([...setting, "cpu"]),
    memory: manifest.into.number([...setting, "memory"]),
    exec: (at, value) => {
      const flag = manifest.into.on([...setting, "exec"]);
      if (isMap(value)) manifest.fields(at, { enable: flag });
      else flag(at, value);
    },
    entrypoint: command(task, setting, "entrypoint"),
    command: command(task, setting, "command"),
    variables: (at) => variables(task, at, setting),
    env_file: environmentFile(task, setting),
    secrets: (at) => secrets(task, at, [...setting, "secrets"]),
    storage: () => storage(task),
    logging: () => logging(task),
    observability: (at) =>
      manifest.fields(at, {
        tracing: manifest.text((field, vendor) =>
          vendor === "awsxray"
            ? manifest.take(field, [...setting, "telemetry"], "otel")
            : manifest.leave(field, "Copilot takes awsxray here: a collector of another vendor is one of sidecars."),
        ),
      }),
    network: () => network(task),
    publish: () => publish(task),
    sidecars: () => sidecars(task),
    taskdef_overrides: (at) => manifest.items(at, (one, rule) => manifest.leave(one, overrideTodo(task, isMap(rule) ? rule : {}))),
  };
  if (manifest.read(["logging", "retention"]) === undefined)
    manifest.take(["logging", "retention"], [...setting, "logRetentionInDays"], 30);
  for (const key of others) meaning[key] ??= () => undefined;
  manifest.fields([], meaning);
  containerDefaults(task, [], setting, appUser(task));
}

/** Properties of a task definition that have a setting, by the last word of their path. */
const OVERRIDES: Record<string, string> = {
  User: "user",
  Ulimits: "ulimits",
  ReadonlyRootFilesystem: "readonlyRootFilesystem",
  StopTimeout: "stopTimeout",
  StartTimeout: "startTimeout",
  DockerLabels: "dockerLabels",
  SystemControls: "systemControls",
  Add: "addCapabilities",
  Drop: "dropCapabilities",
  InitProcessEnabled: "initProcess",
  Cpu: "cpu",
  Memory: "memory",
  SizeInGiB: "ephemeralStorage",
};

function overrideTodo({ setting }: Task, { path }: Fields): string {
  const words = (textOf(path) ?? "").split(/[.[\]]+/).filter((word) => /^[A-Za-z]/.test(word));
  const known = words.reverse().find((word) => Object.hasOwn(OVERRIDES, word));
  return known === undefined
    ? "change the task definition by transform in index.ts."
    : `set ${[...setting, OVERRIDES[known]!].join(".")}; what it cannot say, transform in index.ts can.`;
}

/** The containers beside the app's. */
function sidecars(task: Task): void {
  const { manifest } = task;
  manifest.entries(["sidecars"], (at, its, name) => {
    const setting = [...task.setting, "sidecars", name];
    if (!isMap(its)) return manifest.leave(at, "Copilot takes a map here, and this is something else.");
    if (manifest.read([...at, "image", "build"]) !== undefined)
      return manifest.leave(at, `a sidecar's image is not built here: push it, and write ${setting.join(".")} with it.`);
    const named = manifest.into.text([...setting, "image"]);
    manifest.fields(at, {
      port: manifest.text((field, value) => {
        const [port, protocol] = value.split("/");
        if (protocol === "udp") manifest.leave(field, "a port of a container is TCP; set its protocol by transform.");
        else manifest.take(field, [...setting, "port"], Number(port));
      }),
      image: (field, value) =>
        isMap(value)
          ? manifest.fields(field, {
              location: named,
              credentials: manifest.into.text([...setting, "registryCredentials"]),
            })
          : named(field, value),
      essential: manifest.flag((field, value) =>
        value ? manifest.same(field, "as a sidecar is anyway") : manifest.take(field, [...setting, "essential"], false),
      ),
      credentialsParameter: manifest.into.text([...setting, "registryCredentials"]),
      variables: (field) => variables(task, field, setting),
      secrets: (field) => secrets(task, field, [...setting, "secrets"]),
      env_file: environmentFile(task, setting),
      labels: (field) => labels(task, field, setting),
      depends_on: (field) => dependsOn(task, field, setting),
      entrypoint: command(task, setting, "entrypoint"),
      command: command(task, setting, "command"),
      healthcheck: (field) => containerHealth(task, field, setting),
      mount_points: (field) => manifest.items(field, (one) => mount(task, one, setting)),
    });
    containerDefaults(task, at, setting, {
      value: "root",
      why: "Copilot runs the image's own user, which is root unless the image names one: then name it here",
    });
  });
}

/** Where a container sees a volume. Copilot lets it only read, unless told otherwise. */
function mount({ manifest }: Task, path: Path, setting: Path, named?: string) {
  const volume = named ?? manifest.read([...path, "source_volume"]);
  const where = manifest.read([...path, "path"]);
  if (typeof volume !== "string" || typeof where !== "string")
    return manifest.leave(path, `${typeof where === "string" ? "source_volume" : "path"} is missing, which Copilot needs.`);
  const readOnly = booleanOf(manifest.read([...path, "read_only"])) ?? true;
  const value = readOnly ? { path: where, readOnly } : where;
  const take = (field: Path) => manifest.take(field, [...setting, "mounts", volume], value);
  manifest.fields(path, { path: take, read_only: take, source_volume: take, efs: () => undefined });
}

/** `storage` */
function storage(task: Task): void {
  const { manifest, setting } = task;
  manifest.fields(["storage"], {
    ephemeral: manifest.number((at, gib) =>
      gib === 20 ? manifest.same(at, "what Fargate gives anyway") : manifest.take(at, [...setting, "ephemeralStorage"], gib),
    ),
    readonly_fs: manifest.into.flag([...setting, "readonlyRootFilesystem"]),
    volumes: (at) => {
      manifest.entries(at, (field, _, name) => volume(task, field, name));
      const places = Object.fromEntries(manifest.keys(at).map((name) => [name, manifest.read([...at, name, "path"])]));
      manifest.set([...setting, "environment", "COPILOT_MOUNT_POINTS"], JSON.stringify(places));
    },
  });
}

const MANAGED =
  "a new file system is empty: the one of the environment, with all files, stays where it is; put its id and the access point here as the runbook says, before the first deploy";

function volume(task: Task, path: Path, name: string) {
  const { manifest, setting } = task;
  const at = [...setting, "volumes", name];
  const efs = [...path, "efs"];
  const value = manifest.read(efs);
  mount(task, path, setting, name);
  if (value === undefined) return manifest.set(at, {});
  const [uid, gid] = ["uid", "gid"].map((key) => textOf(manifest.read([...efs, key])));
  const owner = uid === undefined ? {} : { owner: `${uid}:${gid ?? uid}` };
  const managed = (field: Path) => manifest.change(field, MANAGED, { setting: [...at, "efs"], value: owner });
  if (!isMap(value)) {
    return manifest.flag((field, on) => {
      if (on) return managed(field);
      manifest.set(at, {});
      return manifest.same(field, "an empty volume");
    })(efs, value);
  }
  manifest.fields(efs, {
    id: (field, id) => {
      if (isMap(id))
        return manifest.fields(field, {
          from_cfn: (its) => manifest.leave(its, `it is an export of CloudFormation: write its value to ${[...at, "efs"].join(".")}.`),
        });
      return id === "copilot" || id === "managed" ? managed(field) : manifest.into.text([...at, "efs"])(field, id);
    },
    uid: managed,
    gid: managed,
    root_dir: manifest.text((field, folder) =>
      folder === "/"
        ? manifest.same(field, "the root anyway")
        : manifest.leave(field, "make an access point of that folder, and name it in accessPoint."),
    ),
    auth: (field) =>
      manifest.fields(field, {
        iam: manifest.flag((its, on) =>
          on
            ? manifest.same(its, "the task's role is asked anyway")
            : manifest.leave(its, "the task's role is asked always; its policy lets it in."),
        ),
        access_point_id: manifest.into.text([...at, "accessPoint"]),
      }),
  });
}

/** `logging`: days in CloudWatch, and a router to elsewhere. */
function logging(task: Task): void {
  const { manifest, setting } = task;
  const at = [...setting, "logging"];
  const routed = ["image", "destination", "configFilePath", "secretOptions", "enableMetadata"].filter(
    (key) => manifest.read(["logging", key]) !== undefined,
  );
  if (routed.length > 0) manifest.set([...at, "driver"], "firelens");
  const ofRouter = (key: string) => (field: Path) =>
    manifest.leave(field, `the router has no ${key} of its own here; build them into its image (logging.firelens.image).`);
  manifest.fields(["logging"], {
    retention: manifest.into.number([...setting, "logRetentionInDays"]),
    image: manifest.into.text([...at, "firelens", "image"]),
    destination: (field) => each(manifest, field, (its, key, text) => manifest.take(its, [...at, "options", key], text)),
    enableMetadata: manifest.flag((field, on) =>
      on
        ? manifest.same(field, "as it is anyway")
        : manifest.leave(field, "the router adds what ECS knows of the task; change its options by transform."),
    ),
    secretOptions: (field) => secrets(task, field, [...at, "secretOptions"]),
    configFilePath: ofRouter("configuration file"),
    variables: ofRouter("variables"),
    secrets: ofRouter("secrets"),
    env_file: ofRouter("variables"),
  });
}

/** `network`: where tasks run is said of the whole stack, in `environment.ts`. */
function network(task: Task): void {
  const { manifest, setting } = task;
  const groups = (at: Path, value: unknown) => {
    const ids = (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === "string");
    manifest.items(at, (its, one) => {
      if (typeof one === "string") manifest.take(its, [...setting, "securityGroups"], ids);
      else manifest.leave(its, `write the group's id to ${[...setting, "securityGroups"].join(".")}: it is an export of CloudFormation.`);
    });
  };
  manifest.fields(["network"], {
    connect: (at, value) => {
      const connect = [...setting, "connect"];
      const port = appPort(task);
      const none = "it only calls others: name them in calls";
      if (isMap(value))
        return manifest.fields(at, {
          alias: manifest.text((field, alias) => {
            if (port === undefined) return manifest.leave(field, "Service Connect needs image.port.");
            manifest.set([...connect, "port"], port);
            return manifest.take(field, [...connect, "name"], alias);
          }),
        });
      return manifest.flag((field, on) => {
        if (!on) return manifest.same(field, "off anyway");
        return port === undefined ? manifest.same(field, none) : manifest.take(field, connect, { port });
      })(at, value);
    },
    vpc: (at) =>
      manifest.fields(at, {
        placement: () => undefined,
        security_groups: (field, value) =>
          isMap(value)
            ? manifest.fields(field, {
                groups,
                from_cfn: (its) => manifest.leave(its, `write the group's id to ${[...setting, "securityGroups"].join(".")}.`),
                deny_default: manifest.flag((its, on) =>
                  on
                    ? manifest.same(its, "a service has a group of its own, which nothing comes into but the load balancer")
                    : manifest.same(its, "the environment's group: see the steps"),
                ),
              })
            : groups(field, value),
      }),
  });
}

/** `publish`: topics that stay where they are. */
function publish(task: Task): void {
  const { manifest, workspace, workload, setting, region } = task;
  const at: Path = ["publish", "topics"];
  const topics = manifest.read(at);
  const names = (Array.isArray(topics) ? topics : []).flatMap((topic) => {
    const { name, fifo } = isMap(topic) ? topic : {};
    const suffix = fifo === true || isMap(fifo) ? ".fifo" : "";
    return textOf(name) === undefined ? [] : [`${workspace.app}-${workspace.env}-${workload}-${textOf(name)!}${suffix}`];
  });
  const { partition } = partitionOf(region ?? "us-east-1");
  const account = workspace.deployed?.account;
  const resources = names.map((name) => `arn:${partition}:sns:${region ?? "*"}:${account ?? "*"}:${name}`);
  const value = [{ sid: "Publish", actions: ["sns:Publish"], resources }];
  const why = "the topic stays as it is, and the service may publish to it; a new one is an aws.sns.Topic in index.ts";
  const kind = (field: Path) => manifest.same(field, "the topic stays as it is");
  manifest.fields(["publish"], {
    topics: () =>
      manifest.items(at, (topic) =>
        manifest.fields(topic, {
          name: manifest.text((field) => manifest.change(field, why, { setting: [...setting, "permissions", "statements"], value })),
          fifo: (field, fifo) => (isMap(fifo) ? manifest.fields(field, { content_based_deduplication: kind }) : kind(field)),
        }),
      ),
  });
  if (names.length === 0) return;
  const variable = [...setting, "environment", "COPILOT_SNS_TOPIC_ARNS"];
  const field: Path = ["variables", "COPILOT_SNS_TOPIC_ARNS"];

  const own = (name: string) => name.slice(`${workspace.app}-${workspace.env}-${workload}-`.length);
  if (account !== undefined)
    manifest.take(field, variable, JSON.stringify(Object.fromEntries(names.map((name, i) => [own(name), resources[i]]))));
  else manifest.leave(field, `the app had the topics' ARNs in it as JSON, each by its name: write them to ${variable.join(".")}.`);
}

/** `platform`: the system, and the architecture, which is the stack's. */
export function platformOf({ manifest }: Task): { system: string; architecture: "arm64" | "x86_64" } | undefined {
  const value = manifest.read(["platform"]);
  if (value === undefined) return undefined;
  const [system, architecture] = isMap(value) ? [value.osfamily, value.architecture] : (textOf(value) ?? "").split("/");
  const isArm = /^arm(64)?$/.test(textOf(architecture) ?? "");
  return { system: (textOf(system) ?? "linux").toLowerCase(), architecture: isArm ? "arm64" : "x86_64" };
}
