import * as v from "valibot";
import { httpsComplaint } from "../facts/domain";
import { flag, group, integer, list, offOr, text, together } from "./checks";
import { arn, cidr, domain, o, pattern } from "./values";

export const loadBalancer = v.pipe(
  group({
    domain: o(domain()),
    hostedZone: o(domain()),
    certificateArn: o(arn("acm", "arn:aws:acm:eu-west-1:111122223333:certificate/…")),
    requireHttps: o(flag()),
    sslPolicy: o(pattern(/^ELBSecurityPolicy-/, "a TLS policy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")),
    internal: o(flag()),
    allowedCidrBlocks: o(list(text(cidr))),
    idleTimeout: o(integer(1, 4000, " seconds")),
    deletionProtection: o(flag()),
    accessLogs: o(offOr(integer(30, 400, " days"))),
    forceDestroyLogs: o(flag()),
  }),
  together(["requireHttps", "domain", "certificateArn"], "domain", (given) => httpsComplaint(given)),
);
