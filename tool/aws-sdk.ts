/** Throttled requests are sent more slowly, and do not fail. */
export const RETRIES = { retryMode: "adaptive", maxAttempts: 8 };

/** Keeps the SDK's notice that later versions of it leave Node.js 20 from users: it is for this project, which pins the versions. */
export function hideVersionNotice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
}
