// The rules on daemons of Managed Instances, whose definitions have the provider's own words.
import assert from "node:assert/strict";
import { Daemon, type DaemonArgs } from "../../components/task/daemon";
import type { JsonObject } from "../../facts/graph";
import { runPolicies } from "../../policy/engine/run";
import { type Deployed, deploy } from "../helpers/deploy";
import { bigCluster } from "../helpers/variants";

type Given = Partial<Omit<DaemonArgs, "cluster">>;
const SECRET = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/key-AbCdEf";
const FULL: Given = { secrets: { KEY: SECRET }, environment: { LEVEL: "info" }, addCapabilities: [], command: ["run"] };
const made = (args: Given = {}) =>
  deploy(() => new Daemon("agent", { cluster: bigCluster(), image: "public.ecr.aws/datadog/agent:7.70.0", ...args }));
const ofDaemon = (findings: { rule: string; urn: string; message: string; fix: string }[]) =>
  findings.filter(({ urn }) => /daemon/i.test(urn));

/** A daemon whose definition another program, or a transform, has changed. */
async function changed(change: (definition: JsonObject, container: JsonObject) => void): Promise<Deployed["recording"]["known"]> {
  const { recording } = await made(FULL);
  const definition = recording.known.resources.find(({ type }) => type === "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition")!;
  change(definition.inputs, (definition.inputs.containerDefinitions as JsonObject[])[0]!);
  return recording.known;
}

describe("a daemon under the rules", () => {
  it("breaks none, known or as a preview sees it", async () => {
    const { recording } = await made(FULL);
    assert.deepEqual(ofDaemon(runPolicies(recording.known).findings), []);
    assert.deepEqual(ofDaemon(runPolicies(recording.known).undecided.map((one) => ({ ...one, fix: "" }))), []);
    assert.deepEqual(ofDaemon(runPolicies(recording.unknown).findings), []);
  });

  const BROKEN: [rule: string, change: (definition: JsonObject, container: JsonObject) => void, says: RegExp][] = [
    ["ecs-task-definition-no-plaintext-secrets", (_, c) => (c.environments = [{ name: "DB_PASSWORD", value: "hunter2x" }]), /DB_PASSWORD/],
    [
      "ecs-task-definition-log-group",
      (_, c) => (c.logConfiguration = { logDriver: "awslogs", options: { mode: "blocking" } }),
      /lacks the log option/,
    ],
    ["ecs-task-definition-image-pinned", (_, c) => (c.image = "agent:latest"), /is tagged "latest"/],
    ["ecs-task-definition-no-privileged", (_, c) => (c.privileged = true), /container "agent" is privileged/],
    [
      "ecs-task-definition-secrets-by-arn",
      (_, c) => (c.secrets = [{ name: "KEY", valueFrom: "key" }]),
      /the secret KEY is not given as the ARN/,
    ],
    [
      "ecs-task-definition-drop-capabilities",
      (_, c) => (c.linuxParameters = { initProcessEnabled: true }),
      /keeps Docker's default capabilities/,
    ],
    [
      "ecs-task-definition-drop-capabilities",
      (_, c) => (c.linuxParameters = { initProcessEnabled: true, capabilities: { adds: ["NET_ADMIN"], drops: ["ALL"] } }),
      /adds the capabilities NET_ADMIN/,
    ],
    ["ecs-task-definition-init-process", (_, c) => (c.linuxParameters = { capabilities: { drops: ["ALL"] } }), /has no init process/],
    ["ecs-task-definition-logging", (_, c) => delete c.logConfiguration, /has no logConfiguration/],
    [
      "ecs-task-definition-log-mode",
      (_, c) => delete ((c.logConfiguration as JsonObject).options as JsonObject).mode,
      /leaves the log mode/,
    ],
    ["ecs-task-definition-non-root-user", (_, c) => delete c.user, /sets no user/],
    ["ecs-task-definition-read-only-root", (_, c) => (c.readonlyRootFilesystem = false), /can write to its root file system/],
    ["ecs-task-definition-stop-timeout", (_, c) => delete c.stopTimeout, /has no stopTimeout/],
    ["ecs-task-definition-separate-roles", (d) => delete d.taskRoleArn, /taskRoleArn is not set/],
    ["iam-role-exact-secrets", (_, c) => (c.secrets = [{ name: "KEY", valueFrom: SECRET.replace("prod/key", "other") }]), /may not read/],
    ["resource-tags", (d) => delete d.tags, /./],
  ];
  for (const [rule, change, says] of BROKEN)
    it(`breaks ${rule}: ${says.source}`, async () => {
      const findings = ofDaemon(runPolicies(await changed(change)).findings).filter((one) => one.rule === rule);
      assert.ok(
        findings.some(({ message }) => says.test(message)),
        JSON.stringify(findings),
      );
    });

  it("is told the setting that mends it", async () => {
    const { recording } = await made({ readonlyRootFilesystem: false });
    const stackFile = { services: [] };
    const [finding] = ofDaemon(runPolicies({ ...recording.known, stackFile }).findings);
    assert.equal(finding!.rule, "ecs-task-definition-read-only-root");
    assert.match(finding!.fix, /^Set daemons\.agent\.readonlyRootFilesystem: true in the stack file/);
  });
});
