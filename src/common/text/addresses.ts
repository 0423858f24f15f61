import { MASK } from './mask.js';
import { looksGenerated } from './ordinary-values.js';

/** RFC 3986: `scheme://userinfo@host`. What is no userinfo ends at a slash, a blank or a quote. */
const USERINFO = /:\/\/([^\s/"'<>`]*)@/g;
/** A password with a slash in it, which should have been encoded; `host:8080/…@` is none. */
const USERINFO_WITH_SLASH = /:\/\/[^\s:/@"'<>`]{0,64}:(?!\d{1,5}[/?#])[^\s@"'<>`]{1,128}@(?=[\w[])/g;
/** Data sources of Go and Rust: `user:password@tcp(host:port)/db`. https://github.com/go-sql-driver/mysql#dsn-data-source-name */
const BARE_DSN =
  /(?<![\w.-])([\w.-]{1,64}):[^\s@"'/][^\s@"']{0,127}@(?=(?:tcp|tcp6|udp|unix|cloudsql)?\(|\/\w)/g;
/** `user:password@host:port`, as proxies are written. */
const BARE_HOST =
  /(?<![\w./@-])([\w.-]{1,64}):[^\s@"'/:]{1,128}@(?!sha\d)(?=[A-Za-z][\w.-]{1,128}:\d{2,5}(?!\d))/g;
/** A file of passwords of PostgreSQL. https://www.postgresql.org/docs/current/libpq-pgpass.html */
const PGPASS = /^([\w.*-]{1,128}:(?:\d{4,5}|\*):[\w*-]{1,64}:[\w*.-]{1,64}:)[^\s:]{1,128}$/gm;

/** Addresses that are secrets themselves; who knows one may post there. */
const HOOKS: readonly RegExp[] = [
  // https://api.slack.com/messaging/webhooks
  /(\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/+-]{8,}/g,
  // https://discord.com/developers/docs/resources/webhook
  /(\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/)[\w/-]{8,}/g,
  // https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
  /(\.webhook\.office\.com\/)[\w/@-]{8,}/g,
  // https://docs.mattermost.com/integrations/incoming-webhooks; https://docs.rocket.chat/docs/integrations
  /(\/hooks\/)[A-Za-z0-9/]{17,}/g,
  // https://zapier.com/help/create/code-webhooks
  /(\bhooks\.zapier\.com\/hooks\/)[\w/]{8,}/g,
  // https://help.ifttt.com/hc/en-us/articles/115010230347-Webhooks-service-FAQ
  /(\bmaker\.ifttt\.com\/trigger\/[\w-]{1,64}\/(?:json\/)?with\/key\/)[\w-]{8,}/g,
  // https://healthchecks.io/docs/http_api
  /(\bhc-ping\.com\/)[\w/-]{8,}/g,
  // https://www.home-assistant.io/docs/automation/trigger/#webhook-trigger
  /(\/api\/webhook\/)[\w-]{8,}/g,
  // https://core.telegram.org/bots/api#authorizing-your-bot
  /(\/bot)\d{6,12}:[\w-]{20,}/g,
  // https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2; keys and signatures of shared addresses
  /([?&](?:code|sig|key|signature|X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|X-Goog-Signature)=)[\w%+/=.~-]{12,}/gi,
];

/** Hides passwords in addresses, and addresses that are secrets. */
export function maskAddresses(text: string): string {
  const masked = text
    .replaceAll(USERINFO, (whole, userinfo: string) => (isSecret(userinfo) ? `://${MASK}@` : whole))
    .replaceAll(USERINFO_WITH_SLASH, `://${MASK}@`)
    .replaceAll(BARE_DSN, `$1:${MASK}@`)
    .replaceAll(BARE_HOST, `$1:${MASK}@`)
    .replaceAll(PGPASS, `$1${MASK}`);
  return HOOKS.reduce((hidden, hook) => hidden.replaceAll(hook, `$1${MASK}`), masked);
}

/** `git@` is a name like any other; a token may stand in its place. */
const isSecret = (userinfo: string): boolean =>
  /:[^:]/.test(userinfo) || (userinfo.length >= 16 && looksGenerated(userinfo));
