// Node keeps an ES module for good, by its URL. What a run imports gets that run's mark behind its own, so that the next run starts from the top;
// packages stay, as they do for `require`.
const MARK = /[?]berth-run=\d+$/;

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  const mark = context.parentURL?.match(MARK)?.[0];
  const own = resolved.url.startsWith("file:") && !resolved.url.includes("/node_modules/");
  return mark && own ? { ...resolved, url: resolved.url + mark } : resolved;
}
