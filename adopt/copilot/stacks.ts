// What CloudFormation says of an environment of Copilot's: where its network, its cluster and its load balancers are.
import { UserError } from "../../facts/errors";
import { readJsonFile } from "../../tool/json-file";
import { isMap } from "../values";
import { textOf } from "./values";

/** What is there of an environment. */
export interface Deployed {
  partition: string;
  region: string;
  account: string;
  /** Of the environment's stack: `VpcId`, `ClusterId`, `HTTPSListenerArn`. */
  outputs: Record<string, string>;
  /** The stacks of its workloads, by name. */
  stacks: string[];
}

const HOW = "save what `aws cloudformation describe-stacks` prints";

/** Reads what `aws cloudformation describe-stacks` printed. */
export function readStacks(file: string, app: string, env: string): Deployed {
  const document = readJsonFile(file, HOW);
  const all = isMap(document) && Array.isArray(document.Stacks) ? document.Stacks.filter(isMap) : [];
  const named = (name: string) => all.find(({ StackName }) => StackName === name);
  const environment = named(`${app}-${env}`);
  if (!environment)
    throw new UserError(`${file} says nothing of the stack ${app}-${env}, which is the environment's: ${HOW}, in its account and region.`);
  const [, partition = "", , region = "", account = ""] = (textOf(environment.StackId) ?? "").split(":");
  const outputs = Array.isArray(environment.Outputs) ? environment.Outputs.filter(isMap) : [];
  const pairs = outputs.map(({ OutputKey, OutputValue }) => [textOf(OutputKey) ?? "", textOf(OutputValue) ?? ""] as const);
  const found = { partition, region, account, outputs: Object.fromEntries(pairs) };
  for (const key of ["VpcId", "ClusterId", "EnvironmentSecurityGroup", "ServiceDiscoveryNamespaceID"])
    if (!found.outputs[key])
      throw new UserError(`${file}: the stack ${app}-${env} has no output ${key}, which Copilot's environments have: ${HOW}.`);
  const names = all.map(({ StackName }) => textOf(StackName) ?? "");
  return { ...found, stacks: names.filter((name) => name.startsWith(`${app}-${env}-`) && !/-AddonsStack-/.test(name)).sort() };
}
