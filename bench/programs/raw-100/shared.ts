import * as pulumi from "@pulumi/pulumi";

export const tags = { Project: pulumi.getProject(), Stack: pulumi.getStack() };

export function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

export function statement(actions: string[], resources: pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] });
}
