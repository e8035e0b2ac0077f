// Settings that any task has, of a service or one that runs once.

import { execComplaint } from "../components/task/containers";
import { secretGrant } from "../facts/arns";
import { credentialComplaint, keepSecret } from "../facts/credentials";
import { parseCpu, parseMemory } from "../facts/sizes";
import { flag, integer, list, map, scalar, size, text, together } from "./checks";
import { arn, complaintOf, days, firstOf, o, pattern, variable } from "./values";

/** The keys; every group of settings about a task has them. */
export const container = {
  cpu: o(size(parseCpu, '"0.25 vCPU" or 256 (1024 units are one vCPU)')),
  memory: o(size(parseMemory, '"512 MB", "1 GB" or 512 (MiB)')),
  ephemeralStorage: o(integer(21, 200, " GiB")),
  command: o(list(text())),
  entryPoint: o(list(text())),
  environment: o(map(scalar(), variable)),
  secrets: o(
    map(
      text((given) => complaintOf(() => secretGrant("", given))),
      variable,
    ),
  ),
  secretsKmsKeyArns: o(list(arn("kms", "arn:aws:kms:eu-west-1:111122223333:key/…"))),
  stopTimeout: o(integer(2, 120, " seconds")),
  user: o(pattern(/^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$/, "a user", "1000:1000")),
  readonlyRootFilesystem: o(flag()),
  writablePaths: o(list(pattern(/^\/[^:]+$/, "an absolute path", "/tmp"))),
  dropCapabilities: o(list(pattern(/^[A-Z_]+$/, "a Linux capability", "ALL"))),
  initProcess: o(flag()),
  logRetentionInDays: o(days()),
  exec: o(flag()),
};

/** No credential in plain. */
export const plainEnvironment = <I extends { environment?: Record<string, string> }>() =>
  together<I>(["environment"], "environment", ({ environment = {} }) =>
    firstOf(environment, (name, value) => {
      const complaint = credentialComplaint(name, value);
      return complaint && `${name} must not stand here in plain: ${complaint}. ${keepSecret(name)}`;
    }),
  );

/** A shell in the task needs a file system that can be written. */
export const execNeedsWriting = <I extends { exec?: boolean; readonlyRootFilesystem?: boolean }>() =>
  together<I>(["exec", "readonlyRootFilesystem"], "exec", execComplaint);
