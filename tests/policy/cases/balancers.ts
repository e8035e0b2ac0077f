import { arn, id, make } from "../graphs";
import { add, type Cases, drop, set } from "./case";

const health = { path: "/health", matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 };

/** The rules about load balancers, target groups, certificates, DNS and the web application firewall. */
export const balancerCases: Cases = {
  "lb-load-balancer-access-logs": {
    breaks: {
      none: [(w) => set(w.lb, { accessLogs: undefined }), "access logs are not set"],
      "a bucket, not enabled": [(w) => set(w.lb, { accessLogs: { bucket: id(w.logs) } }), "access logs are not enabled"],
    },
    ignores: { "a Network Load Balancer": (w) => set(w.lb, { loadBalancerType: "network", accessLogs: undefined }) },
  },
  "lb-load-balancer-drop-invalid-headers": {
    breaks: { no: [(w) => set(w.lb, { dropInvalidHeaderFields: undefined }), "dropInvalidHeaderFields is not true"] },
    keeps: { "the older name of the type": (w) => (w.lb.type = "aws:alb/loadBalancer:LoadBalancer") },
    ignores: { "a Network Load Balancer": (w) => set(w.lb, { loadBalancerType: "network" }) },
  },
  "lb-load-balancer-deletion-protection": {
    breaks: {
      no: [(w) => set(w.lb, { enableDeletionProtection: false }), "it is not protected from deletion"],
      "no, under the older name of the type": [
        (w) => {
          w.lb.type = "aws:alb/loadBalancer:LoadBalancer";
          set(w.lb, { enableDeletionProtection: false });
        },
        "it is not protected from deletion",
      ],
    },
  },
  "lb-load-balancer-desync-mitigation": {
    breaks: { monitor: [(w) => set(w.lb, { desyncMitigationMode: "monitor" }), 'desyncMitigationMode is "monitor"'] },
    keeps: { strictest: (w) => set(w.lb, { desyncMitigationMode: "strictest" }) },
    ignores: { "a Network Load Balancer": (w) => set(w.lb, { loadBalancerType: "network" }) },
  },
  "lb-load-balancer-two-zones": {
    breaks: {
      one: [(w) => set(w.publicB, { availabilityZone: "eu-west-1a" }), "are in 1 Availability Zone"],
      "one mapping": [
        (w) => set(w.lb, { subnets: undefined, subnetMappings: [{ subnetId: id(w.publicA) }] }),
        "are in 1 Availability Zone",
      ],
    },
    keeps: {
      "two mappings": (w) => set(w.lb, { subnets: undefined, subnetMappings: [{ subnetId: id(w.publicA) }, { subnetId: id(w.publicB) }] }),
    },
  },
  "lb-load-balancer-https": {
    breaks: {
      "HTTP alone": [(w) => drop(w, "https", "listenerRule", "service", "scalingTarget", "scalingPolicy"), "it has no HTTPS listener"],
    },
    ignores: {
      "no listeners": (w) => drop(w, "https", "http", "listenerRule", "service", "scalingTarget", "scalingPolicy"),
      "a Network Load Balancer": (w) => set(w.lb, { loadBalancerType: "network" }),
    },
  },
  "lb-listener-redirect": {
    breaks: {
      serves: [
        (w) => set(w.http, { defaultActions: [{ type: "forward", targetGroupArn: arn(w.targetGroup) }] }),
        'it answers HTTP with the action "forward"',
      ],
      "redirects to HTTP": [
        (w) => set(w.http, { defaultActions: [{ type: "redirect", redirect: { host: "x", statusCode: "HTTP_301" } }] }),
        "but not to HTTPS",
      ],
      "redirects for now": [
        (w) => set(w.http, { defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_302" } }] }),
        "it redirects with HTTP_302",
      ],
      "serves by a rule": [(w) => set(w.listenerRule, { listenerArn: arn(w.http) }), 'the rule web answers HTTP with the action "forward"'],
    },
    keeps: {
      "redirects for good": (w) =>
        set(w.http, { defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_308" } }] }),
    },
    ignores: { "HTTPS alone": (w) => drop(w, "http") },
  },
  "lb-listener-tls-policy": {
    breaks: {
      "not said": [(w) => set(w.https, { sslPolicy: undefined }), "sslPolicy is not set; use ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"],
      "what scanners like": [
        (w) => set(w.https, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
        'sslPolicy is "ELBSecurityPolicy-TLS13-1-2-2021-06"',
      ],
    },
    keeps: { "TLS 1.3 alone": (w) => set(w.https, { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }) },
    ignores: { "HTTP alone": (w) => drop(w, "https", "listenerRule", "service", "scalingTarget", "scalingPolicy") },
  },
  "lb-listener-certificate": {
    breaks: {
      none: [(w) => set(w.https, { certificateArn: undefined }), "certificateArn is not set"],
      "not validated": [(w) => set(w.https, { certificateArn: arn(w.certificate) }), "it uses web before it is validated"],
    },
    keeps: {
      "made elsewhere": (w) => set(w.https, { certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/x" }),
      imported: (w) => {
        set(w.https, { certificateArn: arn(w.certificate) });
        set(w.certificate, { privateKey: "[secret]" });
      },
    },
  },
  "lb-load-balancer-security-group": {
    breaks: {
      none: [(w) => set(w.lb, { securityGroups: undefined }), "securityGroups is not set"],
      "the default group": [(w) => set(w.lb, { securityGroups: [id(w.defaultGroup)] }), "it uses the default security group"],
    },
    keeps: { "another stack's": (w) => set(w.lb, { securityGroups: ["sg-1"] }) },
  },
  "lb-load-balancer-egress": {
    breaks: {
      "a rule beside it": [
        (w) => set(w.lbEgress, { referencedSecurityGroupId: undefined, cidrIpv4: "0.0.0.0/0" }),
        "may connect to the internet on port 8000",
      ],
      "a rule in it": [
        (w) => {
          drop(w, "lbEgress");
          set(w.lbGroup, { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] });
        },
        "may connect to the internet on all ports",
      ],
      "a rule of the older kind": [
        (w) =>
          add(
            w,
            make("aws:ec2/securityGroupRule:SecurityGroupRule", "old", {
              type: "egress",
              securityGroupId: id(w.lbGroup),
              protocol: "tcp",
              fromPort: 443,
              toPort: 443,
              ipv6CidrBlocks: ["::/0"],
            }),
          ),
        "may connect to the internet on port 443",
      ],
      "a port on which nobody signs in": [
        (w) => {
          set(w.listenerRule, { actions: [{ type: "authenticate-cognito" }, { type: "forward", targetGroupArn: arn(w.targetGroup) }] });
          set(w.lbEgress, { referencedSecurityGroupId: undefined, cidrIpv4: "0.0.0.0/0" });
        },
        "may connect to the internet on port 8000",
      ],
    },
    keeps: {
      "the way to whom users sign in with": (w) => {
        set(w.listenerRule, { actions: [{ type: "authenticate-oidc" }, { type: "forward", targetGroupArn: arn(w.targetGroup) }] });
        set(w.lbEgress, { referencedSecurityGroupId: undefined, cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 });
      },
    },
  },
  "elb-load-balancer-no-classic": {
    breaks: { one: [(w) => add(w, make("aws:elb/loadBalancer:LoadBalancer", "old", { listeners: [] })), "it is a Classic Load Balancer"] },
  },
  "lb-target-group-health-check": {
    breaks: {
      "no path": [(w) => set(w.targetGroup, { healthCheck: undefined }), "healthCheck.path is not set"],
      off: [(w) => set(w.targetGroup, { healthCheck: { ...health, enabled: false } }), "health checks are off"],
      "errors are fine": [
        (w) => set(w.targetGroup, { healthCheck: { ...health, matcher: "200-499" } }),
        'healthCheck.matcher is "200-499"',
      ],
    },
    keeps: {
      redirects: (w) => set(w.targetGroup, { healthCheck: { ...health, matcher: "200,301-308" } }),
      gRPC: (w) => set(w.targetGroup, { protocolVersion: "GRPC", healthCheck: { ...health, matcher: "0-99" } }),
    },
    ignores: { TCP: (w) => set(w.targetGroup, { protocol: "TCP", healthCheck: undefined }) },
  },
  "lb-target-group-health-check-cadence": {
    breaks: {
      "AWS's defaults": [
        (w) => set(w.targetGroup, { healthCheck: undefined }),
        "healthCheck.interval is 30 seconds; set it to 5 to 15",
        "healthyThreshold is not set; set it to 2 or 3",
        "unhealthyThreshold is not set; set it to 2 to 5",
      ],
      "a long wait": [(w) => set(w.targetGroup, { healthCheck: { ...health, timeout: 10 } }), "timeout is 10 seconds; make it shorter"],
      "too many": [(w) => set(w.targetGroup, { healthCheck: { ...health, healthyThreshold: 5 } }), "healthyThreshold is 5"],
    },
    ignores: { "a Lambda function": (w) => set(w.targetGroup, { targetType: "lambda", healthCheck: undefined }) },
  },
  "lb-target-group-deregistration-delay": {
    breaks: {
      "AWS's default": [(w) => set(w.targetGroup, { deregistrationDelay: undefined }), "deregistrationDelay is not set (300)"],
      none: [(w) => set(w.targetGroup, { deregistrationDelay: 0 }), "deregistrationDelay is 0; set it to 5 to 60"],
    },
    keeps: { "a number as text": (w) => set(w.targetGroup, { deregistrationDelay: "30" }) },
    ignores: { "a Lambda function": (w) => set(w.targetGroup, { targetType: "lambda", deregistrationDelay: undefined }) },
  },
  "lb-target-group-target-type": {
    breaks: {
      "instances for awsvpc": [
        (w) => set(w.targetGroup, { targetType: undefined }),
        'the tasks use awsvpc, but web has target type "instance"',
      ],
      "addresses for bridge": [(w) => set(w.task, { networkMode: "bridge" }), 'the tasks do not use awsvpc, but web has target type "ip"'],
      "a fixed host port": [
        (w) => {
          set(w.task, { networkMode: "bridge" });
          set(w.targetGroup, { targetType: "instance" });
          w.app.portMappings = [{ containerPort: 8000, hostPort: 80 }];
        },
        "the host port of web is fixed to 80",
      ],
    },
    inPreview: { "a fixed host port": [] },
    ignores: { "no load balancer": (w) => set(w.service, { loadBalancers: undefined }) },
  },
  "acm-certificate-validation": {
    breaks: {
      "by e-mail": [(w) => set(w.certificate, { validationMethod: "EMAIL" }), 'validationMethod is "EMAIL"'],
      "a weak key": [(w) => set(w.certificate, { keyAlgorithm: "RSA_1024" }), 'keyAlgorithm is "RSA_1024"'],
      "not logged": [
        (w) => set(w.certificate, { options: { certificateTransparencyLoggingPreference: "DISABLED" } }),
        "certificate transparency logging is off",
      ],
      "taken away too early": [(w) => (w.certificate.deleteBeforeReplace = true), "deleteBeforeReplace takes the certificate away"],
      "nothing waits": [
        (w) => {
          drop(w, "validation");
          set(w.https, { certificateArn: arn(w.certificate) });
        },
        "nothing waits for its validation",
      ],
    },
    ignores: { imported: (w) => set(w.certificate, { validationMethod: undefined, privateKey: "[secret]" }) },
  },
  "route53-record-alias": {
    breaks: {
      "a CNAME": [
        (w) => set(w.record, { type: "CNAME", aliases: undefined, records: [arn(w.lb)] }),
        "it points to the load balancer with a CNAME record",
      ],
      "health does not matter": [
        (w) => set(w.record, { aliases: [{ name: arn(w.lb), zoneId: "Z1", evaluateTargetHealth: false }] }),
        "evaluateTargetHealth is false",
      ],
      "an alias of another type": [(w) => set(w.record, { type: "CNAME" }), 'an alias to a load balancer has type "CNAME"'],
    },
    keeps: { IPv6: (w) => set(w.record, { type: "AAAA" }) },
    ignores: { "another record": (w) => set(w.record, { type: "TXT", aliases: undefined, records: ["x"] }) },
  },
  "waf-web-acl-rules": {
    breaks: {
      "no rules": [(w) => set(w.webAcl, { rules: [] }), "it has no rules"],
      "no action": [(w) => delete w.wafRule.overrideAction, 'the rule "bad-inputs" has no action'],
      "no metrics": [(w) => (w.wafRule.visibilityConfig.cloudwatchMetricsEnabled = false), 'the rule "bad-inputs" has no metrics'],
    },
    ignores: { "rules as JSON": (w) => set(w.webAcl, { rules: undefined, ruleJson: "[]" }) },
  },
  "waf-web-acl-known-bad-inputs": {
    breaks: {
      missing: [(w) => set(w.webAcl, { rules: [] }), "no rule blocks AWSManagedRulesKnownBadInputsRuleSet"],
      "counts only": [(w) => (w.wafRule.overrideAction = { count: {} }), "no rule blocks AWSManagedRulesKnownBadInputsRuleSet"],
    },
    ignores: { "rules as JSON": (w) => set(w.webAcl, { rules: undefined, ruleJson: "[]" }) },
  },
};
