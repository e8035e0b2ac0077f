import { arn, json } from "../graphs";
import { type Cases, set } from "./case";

const image = (tag: string) => `registry.example:5000/web${tag}`;
const digest = `@sha256:${"b".repeat(64)}`;

/** The rules about task definitions. */
export const taskCases: Cases = {
  "ecs-task-definition-read-only-root": {
    inPreview: "undecided",
    breaks: {
      "not said": [(w) => delete w.app.readonlyRootFilesystem, 'container "web" can write to its root file system'],
      "two containers": [
        (w) => {
          w.app.readonlyRootFilesystem = false;
          w.hostApp.readonlyRootFilesystem = false;
        },
        'container "web" can write',
        'container "batch" can write',
      ],
      "a container without a name": [
        (w) => {
          w.app.readonlyRootFilesystem = false;
          delete w.app.name;
        },
        "container 1 can write",
      ],
    },
    keeps: {
      Windows: (w) => {
        w.app.readonlyRootFilesystem = false;
        set(w.task, { runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } });
      },
    },
  },
  "ecs-task-definition-non-root-user": {
    inPreview: "undecided",
    breaks: {
      "no user": [(w) => delete w.app.user, 'container "web" sets no user'],
      "root by name": [(w) => (w.app.user = "root"), 'runs as "root"'],
      "root by number, with a group": [(w) => (w.app.user = "0:1000"), 'runs as "0:1000"'],
    },
    keeps: {
      "a user whose name starts like root's": (w) => (w.app.user = "rootless"),
      "the router of FireLens": (w) => {
        w.app.user = "0";
        w.app.firelensConfiguration = { type: "fluentbit" };
      },
    },
  },
  "ecs-task-definition-no-privileged": {
    inPreview: "undecided",
    breaks: { privileged: [(w) => (w.hostApp.privileged = true), 'container "batch" is privileged'] },
    keeps: { "privileged: false": (w) => (w.app.privileged = false) },
  },
  "ecs-task-definition-no-host-namespaces": {
    breaks: {
      "the host's processes": [(w) => set(w.hostTask, { pidMode: "host" }), 'pidMode is "host"'],
      "the host's memory": [(w) => set(w.hostTask, { ipcMode: "host" }), 'ipcMode is "host"'],
      "an IPC mode on Fargate": [(w) => set(w.task, { ipcMode: "task" }), "which Fargate does not support"],
    },
    keeps: { "the task's own": (w) => set(w.hostTask, { pidMode: "task", ipcMode: "task" }) },
  },
  "ecs-task-definition-awsvpc": {
    breaks: {
      host: [(w) => set(w.hostTask, { networkMode: "host" }), 'networkMode is "host"'],
      "not said": [(w) => set(w.hostTask, { networkMode: undefined }), "networkMode is not set (bridge)"],
    },
  },
  "ecs-task-definition-logging": {
    inPreview: "undecided",
    breaks: {
      "no log configuration": [(w) => delete w.app.logConfiguration, 'container "web" has no logConfiguration'],
      "a driver that Fargate lacks": [
        (w) => (w.app.logConfiguration = { logDriver: "syslog" }),
        'log driver "syslog", which Fargate does not support; use awslogs',
      ],
    },
    keeps: { "another driver on EC2": (w) => (w.hostApp.logConfiguration = { logDriver: "journald" }) },
  },
  "ecs-task-definition-log-mode": {
    inPreview: "undecided",
    breaks: {
      "no mode": [(w) => delete w.app.logConfiguration?.options?.mode, "leaves the log mode to the account"],
      "no buffer": [(w) => delete w.app.logConfiguration?.options?.["max-buffer-size"], "logs non-blocking without a buffer size"],
    },
    keeps: {
      blocking: (w) => {
        w.app.logConfiguration!.options = { ...w.app.logConfiguration!.options, mode: "blocking", "max-buffer-size": "" };
      },
      "another driver": (w) => (w.app.logConfiguration = { logDriver: "awsfirelens" }),
    },
  },
  "ecs-task-definition-log-group": {
    inPreview: "undecided",
    breaks: {
      "no stream prefix": [
        (w) => delete w.app.logConfiguration?.options?.["awslogs-stream-prefix"],
        'lacks the log option "awslogs-stream-prefix"',
      ],
      "a group that makes itself": [
        (w) => (w.app.logConfiguration!.options!["awslogs-create-group"] = "true"),
        'sets "awslogs-create-group"',
      ],
    },
  },
  "ecs-task-definition-no-plaintext-secrets": {
    inPreview: "undecided",
    breaks: {
      "a telling name": [(w) => w.app.environment!.push({ name: "Db_Password", value: "hunter2!" }), "Db_Password looks like a credential"],
      "AWS's own keys": [(w) => w.app.environment!.push({ name: "AWS_ACCESS_KEY_ID", value: "x" }), "AWS_ACCESS_KEY_ID looks like"],
      "an access key in an innocent name": [
        (w) => w.app.environment!.push({ name: "X", value: "AKIAABCDEFGHIJKLMNOP" }),
        "the value of X holds an AWS access key id",
      ],
      "a password in a URL": [
        (w) => w.app.environment!.push({ name: "DB", value: "postgres://app:pa55@db/shop" }),
        "a URL with a password",
      ],
      "a private key": [(w) => w.app.environment!.push({ name: "TLS", value: "-----BEGIN RSA PRIVATE KEY-----\n..." }), "a private key"],
    },
    keeps: {
      "the ARN of a secret": (w) =>
        w.app.environment!.push({ name: "DB_SECRET", value: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db" }),
      "the name of a secret": (w) => w.app.environment!.push({ name: "SECRET_NAME", value: "prod/db" }),
      "a number": (w) => w.app.environment!.push({ name: "MAX_TOKENS", value: "4096" }),
      "a switch": (w) => w.app.environment!.push({ name: "USE_TOKEN", value: "true" }),
      "a URL whose password comes from elsewhere": (w) =>
        w.app.environment!.push({ name: "DB", value: "postgres://app:$PASSWORD@db/shop" }),
    },
  },
  "ecs-task-definition-secrets-by-arn": {
    inPreview: "undecided",
    breaks: {
      "a bare parameter name": [(w) => w.app.secrets!.push({ name: "A", valueFrom: "/shop/a" }), "the secret A is not given as the ARN"],
      "an ARN of something else": [
        (w) => w.app.secrets!.push({ name: "A", valueFrom: "arn:aws:s3:::a" }),
        "the secret A is not given as the ARN",
      ],
    },
    keeps: {
      "another partition": (w) => w.app.secrets!.push({ name: "A", valueFrom: "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a" }),
    },
    ignores: { "no secrets": (w) => delete w.app.secrets },
  },
  "ecs-task-definition-separate-roles": {
    breaks: {
      "one role for both": [(w) => set(w.task, { taskRoleArn: arn(w.execution) }), "are the same role"],
      "one role for both, by literal": [
        (w) => set(w.task, { taskRoleArn: "arn:aws:iam::123456789012:role/a", executionRoleArn: "arn:aws:iam::123456789012:role/a" }),
        "are the same role",
      ],
      "no task role": [(w) => set(w.task, { taskRoleArn: undefined }), "taskRoleArn is not set"],
      neither: [
        (w) => set(w.task, { taskRoleArn: undefined, executionRoleArn: undefined }),
        "executionRoleArn is not set",
        "taskRoleArn is not set",
      ],
    },
    keeps: { "roles from elsewhere": (w) => set(w.task, { taskRoleArn: "arn:aws:iam::123456789012:role/a" }) },
  },
  "ecs-task-definition-size": {
    inPreview: { "no limit at all": [], "a container that is too large": [], "CPU that is too large": [], "memory out of reach": [] },
    breaks: {
      "memory that Fargate does not have": [
        (w) => set(w.task, { memory: "1536" }),
        "memory is 1536 MiB, which Fargate does not have with 256 CPU units; use one of 512, 1024, 2048.",
      ],
      "CPU that Fargate does not have": [
        (w) => set(w.task, { cpu: "300" }),
        "cpu is 300, which Fargate does not have; use one of 256, 512",
      ],
      "a step too few": [
        (w) => set(w.task, { cpu: "8 vCPU", memory: "17 GB" }),
        "memory is 17408 MiB, which Fargate does not have with 8192 CPU units; use one of 16384, 20480",
      ],
      "no size on Fargate": [(w) => set(w.task, { cpu: undefined }), "cpu and memory are not both set"],
      "no limit at all": [(w) => set(w.hostTask, { cpu: undefined, memory: undefined }), "neither the task nor each of its containers"],
      "a container that is too large": [(w) => (w.app.memory = 600), "the containers' memory adds up to 600 MiB, and the task has 512"],
      "CPU that is too large": [(w) => (w.app.cpu = 512), "the containers' cpu adds up to 512, and the task has 256"],
      "memory out of reach": [(w) => (w.app.memory = 128), "may use 128 of the task's 512 MiB"],
    },
    keeps: {
      "units in words": (w) => set(w.task, { cpu: "0.25 vCPU", memory: "0.5 GB" }),
      "limits on the containers": (w) => {
        set(w.hostTask, { cpu: undefined, memory: undefined });
        w.hostApp.memory = 256;
      },
      "the largest": (w) => set(w.task, { cpu: "16384", memory: "122880" }),
    },
  },
  "ecs-task-definition-drop-capabilities": {
    inPreview: "undecided",
    breaks: {
      "nothing dropped": [(w) => delete w.app.linuxParameters?.capabilities, "keeps Docker's default capabilities"],
      "some dropped": [(w) => (w.app.linuxParameters!.capabilities = { drop: ["NET_RAW"] }), "keeps Docker's default capabilities"],
      "some added": [
        (w) => (w.hostApp.linuxParameters!.capabilities = { drop: ["ALL"], add: ["SYS_PTRACE"] }),
        "adds the capabilities SYS_PTRACE",
      ],
    },
    keeps: { "what Fargate can add": (w) => (w.app.linuxParameters!.capabilities = { drop: ["ALL"], add: ["SYS_PTRACE"] }) },
  },
  "ecs-task-definition-init-process": {
    inPreview: "undecided",
    breaks: { none: [(w) => delete w.app.linuxParameters?.initProcessEnabled, "has no init process"] },
  },
  "ecs-task-definition-stop-timeout": {
    inPreview: "undecided",
    breaks: {
      "not said": [(w) => delete w.app.stopTimeout, 'container "web" has no stopTimeout; set it to 2 to 120 seconds'],
      "too long": [(w) => (w.app.stopTimeout = 121), "has stopTimeout 121"],
      "too short": [(w) => (w.app.stopTimeout = 1), "has stopTimeout 1"],
    },
    keeps: {
      "a container that may end": (w) => {
        delete w.app.stopTimeout;
        w.app.essential = false;
      },
      "the longest": (w) => (w.app.stopTimeout = 120),
    },
  },
  "ecs-task-definition-image-pinned": {
    inPreview: "undecided",
    breaks: {
      latest: [(w) => (w.app.image = image(":latest")), `the image "${image(":latest")}" is tagged "latest"`],
      "no tag, and a port": [(w) => (w.hostApp.image = image("")), "has neither tag nor digest"],
    },
    keeps: {
      "a digest": (w) => (w.app.image = image(digest)),
      "a tag of somebody else's": (w) => (w.app.image = image(":1.27")),
    },
  },
  "ecs-task-definition-architecture": {
    breaks: {
      "not said": [
        (w) => set(w.task, { runtimePlatform: undefined }),
        "runtimePlatform.cpuArchitecture is not set",
        "runtimePlatform.operatingSystemFamily is not set",
      ],
      "not the image's": [
        (w) => set(w.image, { platforms: ["linux/amd64"] }),
        "the task runs on ARM64, but web is built for linux/amd64; build it for linux/arm64",
        "the task runs on ARM64",
      ],
    },
    keeps: { "an image for both": (w) => set(w.image, { platforms: ["linux/amd64", "linux/arm64"] }) },
  },
  "ecs-task-definition-efs-transit-encryption": {
    breaks: {
      "in plain text": [(w) => delete w.volume.efsVolumeConfiguration.transitEncryption, 'the EFS volume "files" does not encrypt'],
    },
    ignores: { "no EFS": (w) => set(w.task, { volumes: [{ name: "tmp" }] }) },
  },
  "ecs-task-definition-no-host-mounts": {
    breaks: {
      "the Docker socket": [
        (w) => set(w.hostTask, { volumes: [{ name: "docker", hostPath: "/var/run/docker.sock" }] }),
        'the volume "docker" is the host\'s /var/run/docker.sock',
      ],
    },
    keeps: { "a volume of Docker's": (w) => set(w.hostTask, { volumes: [{ name: "data" }] }) },
    ignores: { "Fargate only": (w) => set(w.hostTask, { requiresCompatibilities: ["FARGATE"] }) },
  },
  "ecs-task-definition-no-fault-injection": {
    breaks: { on: [(w) => set(w.task, { enableFaultInjection: true }), "enableFaultInjection is true"] },
    keeps: { off: (w) => set(w.task, { enableFaultInjection: false }) },
  },
  "iam-role-exact-secrets": {
    inPreview: "undecided",
    breaks: {
      "a secret that it may not read": [
        (w) => w.app.secrets!.push({ name: "A", valueFrom: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a" }),
        "the execution role execution may not read arn:aws:secretsmanager:eu-west-1:123456789012:secret:a",
      ],
      "every secret": [
        (w) => w.secretStatement.Resource.push("arn:aws:secretsmanager:eu-west-1:123456789012:secret:*"),
        "may read arn:aws:secretsmanager:eu-west-1:123456789012:secret:*, which no container declares",
      ],
      "the task too": [
        (w) => {
          w.taskStatement.Action.push("secretsmanager:GetSecretValue");
          w.taskStatement.Resource = [arn(w.secret)];
        },
        "the task role task may read arn:aws:secretsmanager:eu-west-1:123456789012:db, which the container receives already",
      ],
    },
    keeps: {
      "a JSON key and a version behind the ARN": (w) => {
        const full = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a";
        w.app.secrets!.push({ name: "A", valueFrom: `${full}:user::` });
        w.secretStatement.Resource.push(`${full}-??????`);
      },
      "a policy document as an object": (w) => set(w.executionPolicy, { policy: { Statement: [w.secretStatement] } }),
      "a log driver's secret": (w) => {
        const token = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk-AbCdEf";
        w.app.logConfiguration = { logDriver: "splunk", secretOptions: [{ name: "splunk-token", valueFrom: token }] };
        w.secretStatement.Resource.push(token);
      },
    },
    ignores: { "no secrets": (w) => delete w.app.secrets },
  },
  "ssm-parameter-secure-string": {
    inPreview: "undecided",
    breaks: {
      String: [(w) => set(w.parameter, { type: "String" }), 'type is "String"; set it to "SecureString"'],
      "a value for all to see": [(w) => set(w.parameter, { insecureValue: "x" }), "insecureValue shows the value"],
    },
    ignores: {
      "a parameter that is no secret": (w) => {
        w.app.secrets!.pop();
        set(w.parameter, { type: "String", description: json({}) });
      },
    },
  },
};
