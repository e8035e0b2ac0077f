import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ofComponent, refuser } from "../../../components/base/origin";
import { meant } from "../../../components/load-balancer/client-secret";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { SignInArgs } from "../../../components/load-balancer/sign-in";
import { FargateService } from "../../../components/service/fargate-service";
import { endpointsOf } from "../../../facts/identity-providers";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { bigCluster, IMAGE } from "../../helpers/variants";

const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
const GOOGLE = { issuer: "https://accounts.google.com", clientId: "shop", clientSecret: pulumi.secret("hunter2") };
const OTHER = {
  ...GOOGLE,
  issuer: "https://id.example.com",
  authorizationEndpoint: "https://id.example.com/authorize",
  tokenEndpoint: "https://id.example.com/token",
  userInfoEndpoint: "https://api.example.com/me",
};
const POOL = { userPoolArn: "arn:aws:cognito-idp:eu-west-3:123456789012:userpool/eu-west-3_abc", clientId: "shop", userPoolDomain: "shop" };

const make =
  (signIn: SignInArgs, more: { certificateArn?: string; rollout?: "blueGreen" } = { certificateArn: CERTIFICATE }) =>
  () => {
    const { rollout, ...its } = more;
    const cluster = bigCluster();
    const lb = new LoadBalancer("public", { network: cluster.network, accessLogs: false, ...its });
    new FargateService("web", { cluster, image: IMAGE, route: lb.route({ path: "/admin/*", signIn }), ...(rollout && { rollout }) });
    new FargateService("api", {
      cluster,
      image: IMAGE,
      route: lb.route({ path: "/api/*", signIn: { ...signIn, onUnauthenticatedRequest: "deny" } }),
    });
    new FargateService("page", { cluster, image: IMAGE, route: lb.route({ path: "/*" }) });
  };
const actionsOf = (made: Deployed, name = "web") => made.inputs("ListenerRule", name).actions as Record<string, unknown>[];

describe("A route on which users sign in", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(make(GOOGLE));
  });

  it("asks the provider first, and hands requests on then", () => {
    const [first, second, ...none] = actionsOf(made);
    assert.deepEqual(none, []);
    assert.deepEqual(first, {
      type: "authenticate-oidc",
      order: 1,
      authenticateOidc: {
        issuer: "https://accounts.google.com",
        clientId: "shop",
        clientSecret: "[secret]",
        authorizationEndpoint: "https://accounts.google.com/o/oauth2/v2/auth",
        tokenEndpoint: "https://oauth2.googleapis.com/token",
        userInfoEndpoint: "https://openidconnect.googleapis.com/v1/userinfo",
        scope: "openid",
        onUnauthenticatedRequest: "authenticate",
      },
    });
    assert.deepEqual([second!.type, second!.order], ["forward", 2]);
    assert.match(String(second!.targetGroupArn), /:targetgroup\/web-/);
    assert.equal((actionsOf(made, "api")[0]!.authenticateOidc as { onUnauthenticatedRequest: string }).onUnauthenticatedRequest, "deny");
  });

  it("leaves the other routes as they are", () =>
    assert.deepEqual(
      actionsOf(made, "page").map(({ type, order }) => [type, order]),
      [["forward", undefined]],
    ));

  it("opens one way from the load balancer to whom users sign in with", () => {
    const rule = made.one("SecurityGroupEgressRule", "public-sign-in");
    const { ipProtocol, fromPort, toPort, cidrIpv4 } = rule.inputs;
    assert.deepEqual([ipProtocol, fromPort, toPort, cidrIpv4], ["tcp", 443, 443, "0.0.0.0/0"]);
    assert.deepEqual(made.sourcesOf(rule, "securityGroupId"), ["SecurityGroup public"]);
  });

  it("keeps a secret that is plain text in the program", async () => {
    const plain = await deploy(make({ ...GOOGLE, clientSecret: "hunter2" }));
    assert.ok(!JSON.stringify(plain.recording.known.resources).includes("hunter2"));
  });

  describe("with a secret that is named", () => {
    const named = (clientSecret: SignInArgs["clientSecret"]) => make({ ...GOOGLE, ...(clientSecret !== undefined && { clientSecret }) });
    const asks = (made: Deployed) => made.recording.known.invokes.filter(({ token }) => /getSecretVersion|getParameter/.test(token));
    const secretOf = (made: Deployed, name: string) =>
      (actionsOf(made, name)[0]!.authenticateOidc as { clientSecret: string }).clientSecret;

    it("reads it once for both routes, and keeps it", async () => {
      const made = await deploy(named({ secret: "prod/sign-in", key: "clientSecret" }));
      assert.deepEqual(
        asks(made).map(({ token, args }) => [token, args]),
        [["aws:secretsmanager/getSecretVersion:getSecretVersion", { secretId: "prod/sign-in" }]],
      );
      assert.deepEqual([secretOf(made, "web"), secretOf(made, "api")], ["[secret]", "[secret]"]);
      assert.ok(!JSON.stringify(made.recording.known).includes("value-of-prod/sign-in"));
    });

    it("is a parameter where it begins with a slash", async () => {
      const made = await deploy(named({ secret: "/prod/sign-in" }));
      assert.deepEqual(
        asks(made).map(({ token, args }) => [token, args]),
        [["aws:ssm/getParameter:getParameter", { name: "/prod/sign-in", withDecryption: true }]],
      );
      assert.equal(secretOf(made, "web"), "[secret]");
    });

    const STORED: [stored: string, key: string | undefined, is: string | RegExp][] = [
      ["hunter2", undefined, "hunter2"],
      ['{"clientSecret":"hunter2","other":1}', "clientSecret", "hunter2"],
      ['["hunter2"]', undefined, '["hunter2"]'],
      [
        '{"clientSecret":"hunter2"}',
        undefined,
        /: signIn\.clientSecret\.key: it is missing, and the secret "prod\/x" is JSON; name one of its keys: clientSecret\.$/,
      ],
      ["hunter2", "clientSecret", /: signIn\.clientSecret\.key: the secret "prod\/x" is no JSON and has no keys; leave it out\.$/],
      [
        '{"clientSecret":"hunter2","other":1}',
        "clientSecrt",
        /"clientSecrt" is not a key with a text in the secret "prod\/x"; allowed: clientSecret, other; did you mean "clientSecret"\?$/,
      ],
      ['{"n":1}', "n", /"n" is not a key with a text in the secret/],
      ["{}", "toString", /"toString" is not a key with a text in the secret/],
    ];
    for (const [stored, key, is] of STORED)
      it(`${JSON.stringify(stored)} by ${key ?? "no key"}`, () => {
        const pick = () =>
          meant(stored, { secret: "prod/x", ...(key !== undefined && { key }) }, refuser(ofComponent("LoadBalancer", "public")));
        if (typeof is === "string") return assert.equal(pick(), is);
        assert.throws(pick, (error: Error) => is.test(error.message) && !error.message.includes("hunter2"));
      });
  });

  it("takes what is said of the provider and of the session", async () => {
    const own = await deploy(make({ ...OTHER, scope: "openid email", sessionTimeout: 3600 }));
    const { authenticateOidc } = actionsOf(own)[0]! as { authenticateOidc: Record<string, unknown> };
    const { authorizationEndpoint, tokenEndpoint, userInfoEndpoint, scope, sessionTimeout } = authenticateOidc;
    assert.deepEqual(
      [authorizationEndpoint, tokenEndpoint, userInfoEndpoint, scope, sessionTimeout],
      ["https://id.example.com/authorize", "https://id.example.com/token", "https://api.example.com/me", "openid email", 3600],
    );
  });

  it("takes an endpoint that is named before the one that a provider usually has", async () => {
    const own = await deploy(make({ ...GOOGLE, tokenEndpoint: "https://proxy.example.com/token" }));
    const { authenticateOidc } = actionsOf(own)[0]! as { authenticateOidc: Record<string, unknown> };
    const { tokenEndpoint, userInfoEndpoint } = authenticateOidc;
    assert.deepEqual(
      [tokenEndpoint, userInfoEndpoint],
      ["https://proxy.example.com/token", "https://openidconnect.googleapis.com/v1/userinfo"],
    );
  });

  it("asks a user pool of Cognito's", async () => {
    const [first] = actionsOf(await deploy(make(POOL)));
    assert.deepEqual(first, {
      type: "authenticate-cognito",
      order: 1,
      authenticateCognito: {
        userPoolArn: POOL.userPoolArn,
        userPoolClientId: "shop",
        userPoolDomain: "shop",
        scope: "openid",
        onUnauthenticatedRequest: "authenticate",
      },
    });
  });

  it("is refused over HTTP, and beside a rule that ECS rewrites", async () => {
    assert.match(
      await refusal(make(GOOGLE, {})),
      /signIn: AWS signs users in at an HTTPS listener only; give the load balancer a domain or a certificateArn\.$/,
    );
    assert.match(
      await refusal(make(GOOGLE, { certificateArn: CERTIFICATE, rollout: "blueGreen" })),
      /rollout: blueGreen moves requests by a rule that ECS rewrites, and ECS takes none that signs users in; use rolling, or leave signIn out\.$/,
    );
  });

  it("is refused where the provider is not whole, or is two", async () => {
    const { clientSecret: _, ...open } = GOOGLE;
    const cases: [given: object, text: string][] = [
      [
        { clientId: "x" },
        "signIn.issuer: it is missing; give the issuer of an OpenID Connect provider, or the userPoolArn of a Cognito user pool.",
      ],
      [{ ...GOOGLE, ...POOL }, "signIn.issuer: users sign in with one of issuer and userPoolArn; leave out the other."],
      [open, "signIn.clientSecret: it is missing, and AWS wants it of a provider."],
      [
        { ...GOOGLE, issuer: "https://id.example.com" },
        "signIn.tokenEndpoint: it is missing, and AWS wants it of a provider; https://id.example.com/.well-known/openid-configuration has it.",
      ],
      [{ ...GOOGLE, userPoolDomain: "x" }, "signIn.userPoolDomain: the issuer has no user pool; leave it out."],
      [{ ...POOL, clientSecret: "x" }, "signIn.clientSecret: a user pool has none; leave it out."],
      [
        { userPoolArn: POOL.userPoolArn, clientId: "x" },
        "signIn.userPoolDomain: it is missing, and users sign in there; give the user pool's.",
      ],
      [{ ...GOOGLE, issuer: "http://accounts.google.com" }, "signIn.issuer: "],
      [
        { ...GOOGLE, clientSecret: { secret: "word word" } },
        "signIn.clientSecret.secret: this is neither the name nor the ARN of a secret",
      ],
      [
        { ...GOOGLE, clientSecret: { secret: "/prod/x", key: "y" } },
        "signIn.clientSecret.key: a parameter has no keys; leave it out, and let its value be the client's secret.",
      ],
      [{ ...GOOGLE, sessionTimeout: 0 }, "signIn.sessionTimeout: 0 is out of range; allowed: 1 to 604800 seconds; the nearest is 1."],
    ];
    for (const [given, text] of cases) {
      const message = await refusal(make(given as SignInArgs));
      assert.ok(message.includes(text), message);
    }
  });
});

describe("The endpoints of an identity provider", () => {
  const hosts = (issuer: string) => Object.values(endpointsOf(issuer) ?? {});
  it("are known of the widespread ones", () => {
    assert.deepEqual(hosts("https://login.microsoftonline.com/1234/v2.0"), [
      "https://login.microsoftonline.com/1234/oauth2/v2.0/authorize",
      "https://login.microsoftonline.com/1234/oauth2/v2.0/token",
      "https://graph.microsoft.com/oidc/userinfo",
    ]);
    assert.deepEqual(hosts("https://acme.okta.com"), [
      "https://acme.okta.com/oauth2/v1/authorize",
      "https://acme.okta.com/oauth2/v1/token",
      "https://acme.okta.com/oauth2/v1/userinfo",
    ]);
    assert.deepEqual(hosts("https://acme.okta.com/oauth2/default")[1], "https://acme.okta.com/oauth2/default/v1/token");
    assert.deepEqual(hosts("https://acme.eu.auth0.com/"), [
      "https://acme.eu.auth0.com/authorize",
      "https://acme.eu.auth0.com/oauth/token",
      "https://acme.eu.auth0.com/userinfo",
    ]);
    assert.deepEqual(hosts("https://id.example.com/realms/shop"), [
      "https://id.example.com/realms/shop/protocol/openid-connect/auth",
      "https://id.example.com/realms/shop/protocol/openid-connect/token",
      "https://id.example.com/realms/shop/protocol/openid-connect/userinfo",
    ]);
  });

  it("are unknown of any other", () => {
    for (const issuer of ["https://id.example.com", "https://accounts.google.com.example.com", "https://acme.auth0.com"])
      assert.equal(endpointsOf(issuer), undefined);
  });
});
