// The way from what Copilot runs to the stack: exact commands, what shows that each worked, and the way back. Nothing of a service is created twice or deleted.
import type { Ledger } from "../ledger";
import type { Step } from "../report";
import { TITLES } from "../titles";
import type { Workspace } from "./workspace";

/** The steps before an import, and those after it. */
export interface Runbook {
  before: Step[];
  later: Step[];
}

/** The steps for a workspace: beside what runs, or in its place. Where nothing was read of what runs, one says how. */
export function runbook(workspace: Workspace, ledger: Ledger, stack: string, isRead: boolean): Runbook {
  if (!workspace.deployed) return { before: beside(workspace, stack), later: [] };
  const { before, later } = inPlace(workspace, ledger, stack);
  return { before: [...before, ...(isRead ? [] : [readStep(workspace, stack)])], later };
}

/** Flags that name the workloads of the stack. */
const flagsOf = ({ env, only }: Workspace, stack: string) =>
  ["--copilot copilot", `--env ${env}`, `--stack ${stack}`, ...only.map((name) => `--service ${name}`)].join(" ");

/** The command that says how far the steps are. */
export const checkOf = (workspace: Workspace, stack: string) => `npx berth adopt check ${flagsOf(workspace, stack)}`;

function readStep(workspace: Workspace, stack: string): Step {
  return {
    title: "Read what runs",
    text: `berth adopt had no credentials for AWS, so the import file is missing. Run it again with some, in an empty place: it then writes the names of what there is into the stack file, the import file, and the steps that follow here: import, a look at the preview, update.`,
    commands: [
      `mkdir -p before && mv Pulumi.${stack}.yaml adopt.${stack}.md before/`,
      `npx berth adopt ${flagsOf(workspace, stack)} --stacks stacks.json`,
    ],
    check: [`ls adopt.${stack}.import.json`],
    rollback: [`mv before/* .`],
  };
}

/** What holds of Copilot's stacks of CloudFormation. */
const stackOf = ({ app, env }: Workspace, name: string) => `${app}-${env}-${name}`;

function beside({ app, env }: Workspace, stack: string): Step[] {
  return [
    {
      title: "Choose: take over what runs, or build beside it",
      text: `This stack file makes a new network, cluster and load balancer. To take over what runs in ${app}-${env}, where it is, move Pulumi.${stack}.yaml and the report away, save what CloudFormation says, and run berth adopt with it: the stack file then names what the environment has, and the report has the steps.`,
      commands: [
        "aws cloudformation describe-stacks > stacks.json",
        `npx berth adopt --copilot copilot --env ${env} --stack ${stack} --stacks stacks.json`,
      ],
      check: [`aws cloudformation describe-stacks --stack-name ${app}-${env} --query 'Stacks[0].StackStatus'`],
    },
    {
      title: "Deploy the new stack beside what runs",
      text: "Give it another domain than what runs has (loadBalancer.domain), and let the databases' security groups admit its services.",
      commands: [
        `npx berth plan --stack ${stack}`,
        `pulumi stack init ${stack}`,
        `npx berth verify --stack ${stack}`,
        `pulumi up --stack ${stack}`,
      ],
      check: [`npx berth status --stack ${stack}`],
      rollback: [`pulumi destroy --stack ${stack}`],
    },
    {
      title: "Move the domain, and delete what is idle",
      text: "Lower the record's TTL, change it to the new load balancer, and wait until the old one gets no requests. Queues and file systems of the new stack are new: let the old workers empty their queue, and copy files, before you delete what has them.",
      commands: [`npx berth status --stack ${stack}`],
      check: [
        `aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name RequestCount --statistics Sum --period 3600 --start-time "$(date -u -d '1 day ago' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)" --dimensions "Name=LoadBalancer,Value=$(aws cloudformation describe-stacks --stack-name ${app}-${env} --query "Stacks[0].Outputs[?OutputKey=='PublicLoadBalancerFullName'].OutputValue" --output text)"`,
      ],
      rollback: ["# Change the record back: what Copilot made runs until its stacks are deleted."],
    },
  ];
}

function inPlace(workspace: Workspace, ledger: Ledger, stack: string): Runbook {
  const { app, env, workloads, deployed, pipelines } = workspace;
  const there = workloads.filter(({ name }) => deployed!.stacks.includes(stackOf(workspace, name)));
  const of = (type: RegExp) => there.filter((one) => type.test(one.type)).map(({ name }) => name);
  const stacks = of(/^(?!Static|Request)/).map((name) => stackOf(workspace, name));
  const jobs = of(/^Scheduled/);
  const runners = of(/^Request/);
  const cluster = deployed!.outputs.ClusterId!;
  const each = (make: (stack: string) => string) => stacks.map(make);
  const before = [
    {
      title: "See what there is",
      text: `Copilot keeps ${app}-${env} (network, cluster, load balancer) and a stack for each workload in CloudFormation. The first stays as it is; of the others the stack file takes over the services, and the rest stays as it is, too. The files are the list for the last step.`,
      commands: each((name) => `aws cloudformation list-stack-resources --stack-name ${name} > ${name}.resources.json`),
      check: [`npx berth plan --stack ${stack}`],
    },
    {
      title: TITLES.quiet,
      text: `From here on copilot deploy would undo what the steps do.${pipelines.length > 0 ? ` Disable the transition to each stage of the pipelines (${pipelines.join(", ")}).` : ""} It works again after a rollback.`,
      commands: [`aws codepipeline list-pipelines --query "pipelines[?contains(name, '${app}')].name" --output text`],
      check: [checkOf(workspace, stack)],
    },
    ...(stacks.length > 0 ? [retainStep(cluster, stacks, checkOf(workspace, stack))] : []),
    ...queueSteps(workspace, ledger, stack),
    ...fileSteps(workspace, ledger, stack),
    ...(jobs.length > 0 ? [jobStep(workspace, jobs)] : []),
  ];
  const later = [
    ...(stacks.length > 0 ? [deleteStep(workspace, stacks, stack)] : []),
    ...(runners.length > 0 ? [runnerStep(workspace, runners, stack)] : []),
    tidyStep(workspace, stacks, stack),
  ];
  return { before, later };
}

/** The command that prints the id of a resource. */
const physical = (stack: string, logical: string) =>
  `aws cloudformation describe-stack-resource --stack-name ${stack} --logical-resource-id ${logical} --query StackResourceDetail.PhysicalResourceId --output text`;

const deployTemplate = (stack: string, file: string) =>
  `aws cloudformation deploy --stack-name ${stack} --template-file ${file} --s3-bucket "$(awk '/S3Bucket:/ { print $2; exit }' ${stack}.yml)" --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND`;

function retainStep(cluster: string, stacks: string[], check: string): Step {
  return {
    title: TITLES.retain,
    text: "Each resource gets DeletionPolicy: Retain, the custom ones too: when Copilot's custom resource for the environment is deleted, it takes the load balancer and the NAT gateways away with the last workload that needs them, and others take domain records and certificates. Nothing else of the template changes, so no task is deployed; the parameters stay. What addons made stays in its own nested stack.",
    commands: stacks.flatMap((name) => [
      `aws cloudformation get-template --stack-name ${name} --template-stage Original --query TemplateBody --output text > ${name}.yml`,
      `npx berth adopt retain ${name}.yml > ${name}.retain.yml`,
      deployTemplate(name, `${name}.retain.yml`),
    ]),
    check: [check, `aws ecs list-tasks --cluster ${cluster}  # the tasks are those of before`],
    rollback: stacks.map((name) => deployTemplate(name, `${name}.yml`)),
  };
}

/** What a command prints, under the key of the stack file that it is for. */
const printed = (key: string, command: string) => `echo "${key}: $(${command})"`;

function queueSteps(workspace: Workspace, ledger: Ledger, stack: string): Step[] {
  const workers = workspace.workloads.filter(({ name }) => ledger.get(["services", name, "queue"]) !== undefined);
  if (workers.length === 0) return [];
  return [
    {
      title: TITLES.queues,
      text: `A queue stays where it is, with the messages in it, its dead-letter queue and its subscriptions, and the service works on it as before. Write what is printed to Pulumi.${stack}.yaml; of queue nothing else stays there.`,
      commands: workers.flatMap(({ name }) => {
        const its = stackOf(workspace, name);
        const at = `services.${name}`;
        const url = physical(its, "EventsQueue");
        const attribute = `aws sqs get-queue-attributes --queue-url "$(${url})" --attribute-names QueueArn --query Attributes.QueueArn --output text`;
        const key = `aws kms describe-key --key-id "$(${physical(its, "EventsKMSKey")})" --query KeyMetadata.Arn --output text`;
        return [
          printed(`${at}.queue.arn`, attribute),
          printed(`${at}.queue.kmsKeyArn`, key),
          printed(`${at}.environment.COPILOT_QUEUE_URI`, url),
        ];
      }),
      check: [checkOf(workspace, stack), `npx berth plan --stack ${stack}  # makes no queue of a service`],
    },
  ];
}

function fileSteps(workspace: Workspace, ledger: Ledger, stack: string): Step[] {
  const volumes = workspace.workloads.flatMap(({ name }) => {
    const at = [ledger.get(["services", name]) === undefined ? "tasks" : "services", name, "volumes"];
    const all = Object.entries((ledger.get(at) ?? {}) as Record<string, { efs?: unknown }>);
    return all.filter(([, { efs }]) => typeof efs === "object").map(([volume]) => ({ name, path: [...at, volume].join(".") }));
  });
  if (volumes.length === 0) return [];
  const efs = workspace.deployed!.outputs.ManagedFileSystemID ?? "fs-...";
  return [
    {
      title: TITLES.files,
      text: `Copilot's managed file system has the files; the stack uses it by its id, through the access point of the workload. Write what is printed to Pulumi.${stack}.yaml.`,
      commands: volumes.flatMap(({ name, path }) => [
        `echo "${path}.efs: ${efs}"`,
        printed(`${path}.accessPoint`, physical(stackOf(workspace, name), "AccessPoint")),
      ]),
      check: [checkOf(workspace, stack), `npx berth plan --stack ${stack}  # makes no file system`],
    },
  ];
}

function jobStep(workspace: Workspace, jobs: string[]): Step {
  const rule = (name: string) => `"$(${physical(stackOf(workspace, name), "Rule")})"`;
  return {
    title: TITLES.jobs,
    text: "The stack has schedules of its own, and a job that has two runs twice. From this step to the update none runs.",
    commands: jobs.map((name) => `aws events disable-rule --name ${rule(name)}`),
    check: jobs.map((name) => `aws events describe-rule --name ${rule(name)} --query State --output text  # DISABLED`),
    rollback: jobs.map((name) => `aws events enable-rule --name ${rule(name)}`),
  };
}

function deleteStep(workspace: Workspace, stacks: string[], stack: string): Step {
  const { app, env } = workspace;
  return {
    title: TITLES.delete,
    text: `Only when the update before serves, and only where berth adopt check says that every resource is kept: then deleting a stack forgets its resources. An export that another stack uses stops it; that stack goes first. ${app}-${env} stays.`,
    commands: stacks.flatMap((name) => [
      `aws cloudformation get-template --stack-name ${name} --query TemplateBody --output text | npx berth adopt retain --check - && aws cloudformation delete-stack --stack-name ${name}`,
      `aws cloudformation wait stack-delete-complete --stack-name ${name}`,
    ]),
    check: [checkOf(workspace, stack), `npx berth status --stack ${stack}`, `pulumi preview --stack ${stack}  # no changes`],
    rollback: ["# There is none, and none is needed: AWS has every resource as before, and the stack has what it imported."],
  };
}

function runnerStep(workspace: Workspace, runners: string[], stack: string): Step {
  return {
    title: TITLES.runners,
    text: "Its service in the stack is a new one. Change the record of its domain to the load balancer, wait until the old one gets no requests, and delete its stack.",
    commands: [
      `npx berth status --stack ${stack}`,
      ...runners.map((name) => `aws cloudformation delete-stack --stack-name ${stackOf(workspace, name)}`),
    ],
    check: [checkOf(workspace, stack), `npx berth status --stack ${stack}`],
    rollback: ["# Change the record back, before the stack is deleted."],
  };
}

/** What Copilot's stacks had for themselves, and nothing uses any more. */
const OWN = "Lambda::Function|IAM::Role|Events::Rule|StepFunctions::StateMachine|Lambda::Permission";

function tidyStep({ app, env }: Workspace, stacks: string[], stack: string): Step {
  return {
    title: "Later: delete what nobody uses",
    text: `What is left costs nothing, or as good as nothing: functions of custom resources, their roles, the task roles of before, alarms, and the rules and state machines of jobs. Delete what the list shows, when you are sure that you do not go back. Topics, queues, their keys and subscriptions, access points, and the nested stacks of addons are in use: they stay, and so does ${app}-${env}.`,
    commands: stacks.map(
      (name) =>
        `jq -r '.StackResourceSummaries[] | select(.ResourceType | test("${OWN}")) | .ResourceType + " " + .PhysicalResourceId' ${name}.resources.json`,
    ),
    check: [`npx berth status --stack ${stack}`],
  };
}
