// Whether the certificates that are given by ARN are issued, and fit the hosts that are routed.
import type { CertificateDetail } from "@aws-sdk/client-acm";
import { readArn } from "../../facts/arns";
import { isNamed } from "../../facts/domain";
import type { Resource } from "../../facts/graph";
import type { RuleCondition } from "../../facts/routes";
import { LISTENER, LISTENER_RULE } from "../../facts/types";
import { type PlannedStack, textOf } from "./planned-stack";
import { type Answer, type Finding, lookedUp, notPermitted, unlessFound, type Verification } from "./verification";

const FURTHER = "aws:lb/listenerCertificate:ListenerCertificate";

type Certificates = Map<string, Answer<CertificateDetail | undefined>>;

const users = (stack: PlannedStack) => [...stack.ofType(LISTENER), ...stack.ofType(FURTHER)];
const given = (stack: PlannedStack) =>
  users(stack).filter((one) => stack.isGiven(one, "certificateArn") && textOf(one.inputs, "certificateArn")?.includes(":acm:"));
const arnOf = (one: Resource) => textOf(one.inputs, "certificateArn")!;

function judge({ name, inputs }: Resource, region: string, answers: Certificates, now: Date): Finding[] {
  const arn = textOf(inputs, "certificateArn")!;
  const fail = (detail: string, fix: string): Finding[] => [{ result: "fail", detail: `${name}: ${detail}`, fix }];
  const its = readArn(arn)?.region;
  if (its !== region)
    return fail(`the certificate ${arn} is in ${its}, and the load balancer in ${region}.`, `Request one in ${region}, and name that.`);
  const answer = answers.get(arn)!;
  if ("denied" in answer) return [notPermitted(`${name}: the certificate`, answer.denied)];
  if (!answer.value) return fail(`there is no certificate ${arn}.`, "Correct loadBalancer.certificateArn, or set loadBalancer.domain.");
  const { Status, DomainName, NotAfter } = answer.value;
  if (Status !== "ISSUED")
    return fail(
      `the certificate of ${DomainName} is ${Status}, and a listener takes only one that is ISSUED.`,
      "Validate it in ACM first.",
    );
  return NotAfter && NotAfter < now ? fail(`the certificate of ${DomainName} has expired.`, "Renew it, or request another.") : [];
}

/** The hosts of a listener's rules that none of its certificates has. Nobody knows where one is not there yet. */
function unfit(stack: PlannedStack, listener: Resource, answers: Certificates): Finding[] {
  const own = users(stack).filter((one) => one === listener || one.propertyDependencies.listenerArn?.includes(listener.urn));
  const details = own.map((one) => answers.get(textOf(one.inputs, "certificateArn") ?? ""));
  const known = details.flatMap((one) => (one && "value" in one ? (one.value ?? []) : []));
  if (known.length < own.length) return [];
  const names = known.flatMap(({ DomainName = "", SubjectAlternativeNames = [] }) => [DomainName, ...SubjectAlternativeNames]);
  const hosts = stack
    .ofType(LISTENER_RULE)
    .filter((rule) => rule.propertyDependencies.listenerArn?.includes(listener.urn))
    .flatMap(({ inputs }) => inputs.conditions as unknown as RuleCondition[])
    .flatMap(({ hostHeader }) => hostHeader?.values ?? []);
  return [...new Set(hosts)]
    .filter((host) => !names.some((name) => isNamed(host.toLowerCase(), name.toLowerCase())))
    .map((host) => {
      const detail = `${listener.name}: no certificate is for ${host}; they are for ${[...new Set(names)].join(", ")}.`;
      return { result: "warn", detail, fix: "Clients will refuse it: add a certificate with that name." };
    });
}

export const certificates: Verification<Certificates> = {
  name: "Certificates",
  read(stack, aws) {
    // One of another region is told by its ARN.
    const arns = [...new Set(given(stack).map(arnOf))].filter((arn) => readArn(arn)?.region === stack.place.region);
    if (given(stack).length === 0) return undefined;
    const found = arns.map(
      async (CertificateArn) =>
        [
          CertificateArn,
          await lookedUp(
            aws
              .acm()
              .describeCertificate({ CertificateArn })
              .then(({ Certificate }) => Certificate),
            "ResourceNotFoundException",
          ),
        ] as const,
    );
    return Promise.all(found).then((all) => new Map(all));
  },
  judge(stack, answers) {
    const now = new Date();
    const findings = given(stack).flatMap((one) => judge(one, stack.place.region, answers, now));
    const hosts = given(stack)
      .filter(({ type }) => type === LISTENER)
      .flatMap((one) => unfit(stack, one, answers));
    return unlessFound([...findings, ...hosts], "issued, and for the hosts of the routes");
  },
};
