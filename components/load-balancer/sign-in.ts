// What a route asks of users before their requests reach a service: that they sign in with an identity provider.
import * as pulumi from "@pulumi/pulumi";
import { SESSION_TIMEOUT } from "../../facts/aws-limits";
import { endpointsOf } from "../../facts/identity-providers";
import { arn } from "../base/arguments";
import type * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, group, input, inputOr, oneOf, optional, pattern, type Rule, text, type Values, within } from "../base/schema";
import { type ClientSecretReference, type ClientSecrets, clientSecretReference } from "./client-secret";

/** With whom users sign in: an OpenID Connect provider (`authenticate-oidc`), or a user pool of Amazon Cognito (`authenticate-cognito`). */
export interface SignInArgs {
  /** The provider's issuer, such as `https://accounts.google.com`. Required unless `userPoolArn` is given; no default. */
  issuer?: string;
  /** Id of the client that the provider, or the user pool, has for this app (`clientId`, `userPoolClientId`). Required; no default. */
  clientId: pulumi.Input<string>;
  /**
   * The client's secret: a Pulumi secret, in a stack file an encrypted value; or the name of a secret in Secrets Manager or Parameter Store (`{ secret, key }`),
   * which each update reads. Required beside `issuer`; no default.
   */
  clientSecret?: pulumi.Input<string> | ClientSecretReference;
  /** Where the provider asks users who they are. Defaults to what Google, Microsoft Entra, Okta, Auth0 or Keycloak has for the issuer; required for another. */
  authorizationEndpoint?: string;
  /** Where the provider gives tokens. Defaults to what such a provider has for the issuer; required for another. */
  tokenEndpoint?: string;
  /** Where the provider says who somebody is. Defaults to what such a provider has for the issuer; required for another. */
  userInfoEndpoint?: string;
  /** ARN of the Cognito user pool. Required unless `issuer` is given; no default. */
  userPoolArn?: pulumi.Input<string>;
  /** Domain of the user pool: its prefix, or a whole domain of your own. Required beside `userPoolArn`; no default. */
  userPoolDomain?: pulumi.Input<string>;
  /** What is asked for of a user, such as `openid email`. Defaults to `openid`. */
  scope?: string;
  /** Seconds after which a user must sign in again, 1 to 604800. Defaults to AWS's 604800, a week. */
  sessionTimeout?: number;
  /** What happens to requests of who is not signed in: `authenticate` sends them to the provider, `deny` answers 401, `allow` lets them pass. Defaults to `authenticate`. */
  onUnauthenticatedRequest?: "authenticate" | "deny" | "allow";
}

const url = () => pattern(/^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/, "an https URL", "https://login.example.com/authorize");

export const signIn = {
  issuer: optional(pattern(/^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/, "the URL of an issuer", "https://accounts.google.com")),
  clientId: input(text()),
  clientSecret: optional(inputOr(text(), clientSecretReference)),
  authorizationEndpoint: optional(url()),
  tokenEndpoint: optional(url()),
  userInfoEndpoint: optional(url()),
  userPoolArn: optional(input(arn("cognito-idp", "eu-west-1:111122223333:userpool/eu-west-1_…"))),
  userPoolDomain: optional(input(pattern(/^[a-z0-9.-]+$/, "the domain of a user pool", "shop"))),
  scope: optional(pattern(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, "a list of scopes", "openid email"), "openid"),
  sessionTimeout: optional(within(SESSION_TIMEOUT)),
  onUnauthenticatedRequest: optional(oneOf("authenticate", "deny", "allow"), "authenticate"),
} satisfies ArgumentsOf<SignInArgs>;

const OF_A_PROVIDER = ["clientSecret", "authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint"] as const;

/** A provider, or a user pool, with all that AWS must know of it. */
const oneProvider: Rule<typeof signIn> = {
  about: ["issuer", "userPoolArn", "userPoolDomain", ...OF_A_PROVIDER],
  at: "issuer",
  complain: (given) => {
    const { issuer, userPoolArn, userPoolDomain } = given;
    if (issuer !== undefined && userPoolArn !== undefined) return "users sign in with one of issuer and userPoolArn; leave out the other.";
    if (issuer === undefined && userPoolArn === undefined)
      return "it is missing; give the issuer of an OpenID Connect provider, or the userPoolArn of a Cognito user pool.";
    if (issuer !== undefined) {
      if (userPoolDomain !== undefined) return [{ at: "userPoolDomain", text: "the issuer has no user pool; leave it out." }];
      const known = endpointsOf(issuer) ?? {};
      return OF_A_PROVIDER.flatMap((key) => {
        if (given[key] !== undefined || key in known) return [];
        const where = key === "clientSecret" ? "" : `; ${issuer.replace(/\/$/, "")}/.well-known/openid-configuration has it`;
        return [{ at: key, text: `it is missing, and AWS wants it of a provider${where}.` }];
      });
    }
    const idle = OF_A_PROVIDER.filter((key) => given[key] !== undefined).map((key) => ({
      at: key,
      text: "a user pool has none; leave it out.",
    }));
    return userPoolDomain === undefined
      ? [{ at: "userPoolDomain", text: "it is missing, and users sign in there; give the user pool's." }, ...idle]
      : idle;
  },
};
export const SIGN_IN = group(signIn, oneProvider);

const isReference = (given: NonNullable<SignInArgs["clientSecret"]>): given is ClientSecretReference =>
  typeof given === "object" && !pulumi.Output.isInstance(given) && "secret" in given;

/** The action that comes before requests are handed on. */
export function signInAction(given: Values<typeof signIn>, secrets: ClientSecrets, refuse: Refuse): aws.types.input.lb.ListenerRuleAction {
  const {
    issuer,
    clientId,
    clientSecret = "",
    scope,
    sessionTimeout,
    onUnauthenticatedRequest,
    userPoolArn = "",
    userPoolDomain = "",
  } = given;
  const session = { scope, onUnauthenticatedRequest, ...(sessionTimeout !== undefined && { sessionTimeout }) };
  if (issuer === undefined)
    return {
      type: "authenticate-cognito",
      order: 1,
      authenticateCognito: { userPoolArn, userPoolClientId: clientId, userPoolDomain, ...session },
    };
  const { authorizationEndpoint = "", tokenEndpoint = "", userInfoEndpoint = "" } = { ...endpointsOf(issuer), ...given };
  return {
    type: "authenticate-oidc",
    order: 1,
    authenticateOidc: {
      issuer,
      clientId,
      clientSecret: isReference(clientSecret) ? secrets.valueOf(clientSecret, refuse) : pulumi.secret(clientSecret),
      authorizationEndpoint,
      tokenEndpoint,
      userInfoEndpoint,
      ...session,
    },
  };
}
