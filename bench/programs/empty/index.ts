import * as pulumi from "@pulumi/pulumi";

// What every Pulumi program pays: the SDK, ts-node and the stack itself.
export const stack = pulumi.getStack();
