import type { Schema } from './schema.js';

/**
 * Of base64, which has three bytes in four of them. Where one or two bytes are left over, the last letter is one of
 * those whose unused bits are zero.
 */
const LETTER = '[A-Za-z0-9+/]';

/** The checks that class-validator-jsonschema does not know, or writes less exactly than they are checked. */
export function checks(notificationTypes: readonly string[]): Record<string, Schema> {
  const kinds = [...new Set(notificationTypes.map((type) => type.replace(/\..*$/, '.*')))];
  return {
    isBooleanString: { type: 'string', enum: ['true', 'false', '1', '0'] },
    isWebhookSecret: {
      type: 'string',
      pattern: `^whsec_(?:(?:${LETTER}{4}){8,21}(?:${LETTER}[AQgw](?:==)?)?|(?:${LETTER}{4}){8,20}${LETTER}{2}[AEIMQUYcgkosw048]=?)$`,
    },
    isEventFilter: { type: 'string', enum: [...notificationTypes, ...kinds] },
  };
}
