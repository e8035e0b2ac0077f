// Where well-known identity providers (OpenID Connect) take requests, by their issuer. No Pulumi here.

/** What a load balancer must know of a provider. */
export interface Endpoints {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  userInfoEndpoint: string;
}

const under = (base: string, authorize: string, token: string, userInfo: string): Endpoints => ({
  authorizationEndpoint: `${base}/${authorize}`,
  tokenEndpoint: `${base}/${token}`,
  userInfoEndpoint: `${base}/${userInfo}`,
});

/** As each provider's /.well-known/openid-configuration says, read in November 2026. */
const PROVIDERS: [issuer: RegExp, endpoints: (issuer: string) => Endpoints][] = [
  [
    /^https:\/\/accounts\.google\.com$/,
    (issuer) => ({
      authorizationEndpoint: `${issuer}/o/oauth2/v2/auth`,
      tokenEndpoint: "https://oauth2.googleapis.com/token",
      userInfoEndpoint: "https://openidconnect.googleapis.com/v1/userinfo",
    }),
  ],
  [
    /^https:\/\/login\.microsoftonline\.com\/[^/]+\/v2\.0$/,
    (issuer) => {
      const tenant = issuer.replace(/\/v2\.0$/, "/oauth2/v2.0");
      return {
        authorizationEndpoint: `${tenant}/authorize`,
        tokenEndpoint: `${tenant}/token`,
        userInfoEndpoint: "https://graph.microsoft.com/oidc/userinfo",
      };
    },
  ],
  [/^https:\/\/[^/]+\.okta\.com$/, (issuer) => under(`${issuer}/oauth2/v1`, "authorize", "token", "userinfo")],
  [/^https:\/\/[^/]+\.okta\.com\/oauth2\/[^/]+$/, (issuer) => under(`${issuer}/v1`, "authorize", "token", "userinfo")],
  [/^https:\/\/[^/]+\.auth0\.com\/$/, (issuer) => under(issuer.slice(0, -1), "authorize", "oauth/token", "userinfo")],
  [/^https:\/\/[^/]+(\/auth)?\/realms\/[^/]+$/, (issuer) => under(`${issuer}/protocol/openid-connect`, "auth", "token", "userinfo")],
];

/** The endpoints of Google, Microsoft Entra, Okta, Auth0 and Keycloak; undefined for any other. */
export const endpointsOf = (issuer: string): Endpoints | undefined => PROVIDERS.find(([pattern]) => pattern.test(issuer))?.[1](issuer);
