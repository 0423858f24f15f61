import { EgressRules } from './egress-rules.js';
import { hasTopic } from './ntfy-topic.js';
import { optionProblems } from './option-problems.js';
import { WebhooksSchema } from './options.schema.js';
import type { HealthMonitorOptions, WebhookEndpoint } from './options.js';

/**
 * The endpoints to which nothing could ever be sent, one line each, without the address. Says nothing where the section
 * is not well written.
 */
export function unreachableEndpoints(webhooks: HealthMonitorOptions['webhooks']): string[] {
  if (webhooks === undefined || optionProblems(WebhooksSchema, webhooks).length > 0) return [];
  const { endpoints = [], egress = 'lan', allowCidrs = [], denyCidrs = [] } = webhooks;
  if (endpoints.length > 0 && egress === 'strict' && allowCidrs.length === 0) {
    return ["webhooks.allowCidrs: expected at least one range, since egress 'strict' reaches nothing else"];
  }
  const rules = new EgressRules({ egress, allowCidrs, denyCidrs });
  return endpoints.flatMap((endpoint, index) =>
    problemsOf(endpoint, rules).map((problem) => `webhooks.endpoints[${index}].url: ${problem}`),
  );
}

function problemsOf({ url, format }: WebhookEndpoint, rules: EgressRules): string[] {
  const objection = rules.objectionToUrl(url);
  return [
    ...(objection === null ? [] : [`expected where webhooks may go; this ${objection}`]),
    ...(format === 'ntfy' && !hasTopic(url)
      ? ['expected the topic as its last part: 1 to 64 letters, digits, - or _']
      : []),
  ];
}
