import { MASK } from './mask.js';

/** Keys that their own shape tells, wherever they stand: the shape, and who says so. */
export const PROVIDER_KEYS: readonly (readonly [shape: RegExp, source: string])[] = [
  // Clouds and hosts
  [
    /\b(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{12,}\b/,
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  ],
  [/\bABSK[A-Za-z0-9+/]{100,}={0,2}/, 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html'],
  [/\bAIza[\w-]{30,}/, 'https://cloud.google.com/docs/authentication/api-keys'],
  [/\bya29\.[\w-]{20,}/, 'https://cloud.google.com/docs/authentication/token-types'],
  [/\bGOCSPX-[\w-]{20,}/, 'https://developers.google.com/identity/protocols/oauth2'],
  [/\b1\/\/0[\w-]{30,}/, 'https://developers.google.com/identity/protocols/oauth2'],
  [/\bGOOG[A-Z0-9]{20,}\b/, 'https://cloud.google.com/storage/docs/authentication/hmackeys'],
  [
    /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/,
    'https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key',
  ],
  [/\bdo[opr]_v1_[0-9a-f]{40,}/, 'https://docs.digitalocean.com/reference/api/create-personal-access-token/'],
  [
    /\bLTAI[A-Za-z0-9]{12,}\b/,
    'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair',
  ],
  [/\bAKID[A-Za-z0-9]{32,}\b/, 'https://cloud.tencent.com/document/product/598/40488'],
  [
    /\b(?:AQVN|t1\.)[\w-]{35,}(?:\.[\w-]{40,})?={0,2}/,
    'https://yandex.cloud/en/docs/iam/concepts/authorization/',
  ],
  [/\bHRKU-[\w-]{30,}/, 'https://devcenter.heroku.com/articles/platform-api-reference'],
  [/\bfo1_[\w-]{30,}|\bfm[12][ar]?_[\w+/=]{40,}/, 'https://fly.io/docs/security/tokens/'],
  [/\bdapi[0-9a-f]{32}(?:-\d)?/, 'https://docs.databricks.com/aws/en/dev-tools/auth/pat'],
  [/\bpscale_(?:tkn|oauth|pw)_[\w.-]{20,}/, 'https://planetscale.com/docs/concepts/service-tokens'],
  [
    /\bv1\.0-[0-9a-f]{24}-[0-9a-f]{100,}/,
    'https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/',
  ],
  [
    /\bhv[sbr]\.[\w-]{20,}|\bs\.[A-Za-z0-9]{24}\b/,
    'https://developer.hashicorp.com/vault/docs/concepts/tokens',
  ],
  [
    /\b\w{14}\.atlasv1\.[\w-]{40,}/,
    'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
  ],
  [/\bsha256~[\w-]{40,}/, 'https://docs.redhat.com/en/documentation/openshift_container_platform'],
  [/\btskey-[a-z]{2,12}-[\w-]{10,}/, 'https://tailscale.com/kb/1085/auth-keys'],
  [/\bpul-[0-9a-f]{40}\b/, 'https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/'],
  [/\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,}/, 'https://docs.doppler.com/reference/auth-token-formats'],
  [/\bops_ey[A-Za-z0-9+/=_-]{60,}/, 'https://developer.1password.com/docs/service-accounts/security/'],
  [
    /\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{5,11}-){3,5}[A-Z0-9]{5}\b/,
    'https://support.1password.com/secret-key-security/',
  ],
  // Code and packages
  [
    /\bgh[pousr]_[A-Za-z0-9_]{12,}|\bgithub_pat_\w{20,}/,
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github',
  ],
  [
    /\bgl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|rtr)-[\w.-]{16,}|\bGR1348941[\w-]{20}/,
    'https://docs.gitlab.com/security/tokens/#token-prefixes',
  ],
  [
    /\bATATT3[\w=-]{20,}|\bATBB[A-Za-z0-9]{20,}|\bATCTT3[\w=-]{20,}|\bBBDC-[A-Za-z0-9+/]{30,}/,
    'https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/',
  ],
  [/\bnpm_[A-Za-z0-9]{30,}/, 'https://docs.npmjs.com/about-access-tokens'],
  [/\bpypi-AgE[\w-]{50,}/, 'https://pypi.org/help/#apitoken'],
  [/\brubygems_[0-9a-f]{40,}/, 'https://guides.rubygems.org/api-key-scopes/'],
  [/\boy2[a-z0-9]{43}\b/, 'https://learn.microsoft.com/en-us/nuget/nuget-org/scoped-api-keys'],
  [/\bdckr_(?:pat|oat)_[\w-]{20,}/, 'https://docs.docker.com/security/access-tokens/'],
  [
    /\bAKCp[A-Za-z0-9]{60,}|\bcmVmd[A-Za-z0-9]{59}\b/,
    'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens',
  ],
  [/\bsq[upa]_[0-9a-f]{40}\b/, 'https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/'],
  [/\bsntry[su]_[\w+/=-]{40,}/, 'https://docs.sentry.io/account/auth-tokens/'],
  [/\bgl(?:c|sa)_[\w+/=]{30,}/, 'https://grafana.com/docs/grafana/latest/administration/service-accounts/'],
  [
    /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b/,
    'https://learning.postman.com/docs/developer/postman-api/authentication/',
  ],
  [/\blin_(?:api|oauth)_[A-Za-z0-9]{30,}/, 'https://linear.app/developers/graphql'],
  [/\b(?:ntn|secret)_[A-Za-z0-9]{40,}/, 'https://developers.notion.com/page/changelog'],
  [
    /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b/,
    'https://airtable.com/developers/web/guides/personal-access-tokens',
  ],
  [/\bfig[dour]_[\w-]{30,}/, 'https://www.figma.com/developers/api#access-tokens'],
  [
    /\b(?:NRAK|NRII|NRJS|NRRA)-[\w-]{19,}/,
    'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
  ],
  [
    /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{24,}/,
    'https://shopify.dev/docs/apps/build/authentication-authorization',
  ],
  [/\bCCIPAT_\w{20,}/, 'https://circleci.com/docs/managing-api-tokens/'],
  [/\bphc_\w{30,}|\bphx_\w{30,}/, 'https://posthog.com/docs/api'],
  [/\bsb(?:p|_secret|_publishable)_[\w-]{20,}/, 'https://supabase.com/docs/guides/api/api-keys'],
  // Models
  [
    /\bsk-(?:[A-Za-z]{2,10}-){0,3}[\w-]{16,}/,
    'https://platform.openai.com/docs/api-reference/authentication https://docs.anthropic.com/en/api/overview',
  ],
  [/\bhf_[A-Za-z0-9]{20,}|\bapi_org_[A-Za-z0-9]{30,}/, 'https://huggingface.co/docs/hub/security-tokens'],
  [/\bgsk_[A-Za-z0-9]{40,}/, 'https://console.groq.com/docs/quickstart'],
  [/\bpplx-[A-Za-z0-9]{40,}/, 'https://docs.perplexity.ai/getting-started'],
  [/\br8_[A-Za-z0-9]{30,}/, 'https://replicate.com/docs/topics/security/api-tokens'],
  [/\bxai-[A-Za-z0-9]{60,}/, 'https://docs.x.ai/docs/tutorial'],
  // Messages and payments
  [/\bxox[a-z](?:\.xox[bp])?-[\w-]{8,}|\bxapp-\d-[\w-]{8,}/, 'https://api.slack.com/concepts/token-types'],
  [
    /\b[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/,
    'https://discord.com/developers/docs/reference#authentication',
  ],
  [/(?<![\w:])\d{8,10}:AA[\w-]{30,}/, 'https://core.telegram.org/bots/features#botfather'],
  [/\bSG\.[\w-]{16,}\.[\w-]{20,}/, 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys'],
  [/\bSK[0-9a-f]{32}\b/, 'https://www.twilio.com/docs/iam/api-keys'],
  [/\bkey-[0-9a-f]{32}\b/, 'https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth'],
  [/\b[0-9a-f]{32}-us\d{1,2}\b/, 'https://mailchimp.com/developer/marketing/guides/quick-start/'],
  [/\bmd-[\w-]{22}\b/, 'https://mailchimp.com/developer/transactional/guides/quick-start/'],
  [/\bxkeysib-[0-9a-f]{40,}-\w{10,}/, 'https://developers.brevo.com/docs/getting-started'],
  [/\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}/, 'https://resend.com/docs/api-reference/introduction'],
  [
    /\b(?:sk|rk)_(?:test|live|prod)_\w{8,}|\bwhsec_[\w+/=-]{8,}/,
    'https://docs.stripe.com/keys https://www.standardwebhooks.com',
  ],
  [
    /\bEAAA[\w-]{50,}|\bsq0(?:atp|csp)-[\w-]{20,}/,
    'https://developer.squareup.com/docs/build-basics/access-tokens',
  ],
  [
    /\baccess_token\$(?:production|sandbox)\$\w{10,}\$[0-9a-f]{32}/,
    'https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials',
  ],
  [
    /\bEAA[A-Za-z]{1,3}[A-Za-z0-9]{60,}/,
    'https://developers.facebook.com/docs/facebook-login/guides/access-tokens',
  ],
  [/\btk_[a-z0-9]{29}\b/, 'https://docs.ntfy.sh/config/#access-tokens'],
  [
    /\bsyt_\w{6,}_\w{15,}_\w{6}\b|\bsyr_\w{6,}_\w{15,}_\w{6}\b/,
    'https://element-hq.github.io/synapse/latest/',
  ],
  // Coins: the keys themselves
  [
    /(?<![A-Za-z0-9])(?:5[1-9A-HJ-NP-Za-km-z]{50}|[KLc9][1-9A-HJ-NP-Za-km-z]{50,51})(?![A-Za-z0-9])/,
    'https://en.bitcoin.it/wiki/Wallet_import_format',
  ],
  [
    /(?<![A-Za-z0-9])6P[1-9A-HJ-NP-Za-km-z]{56}(?![A-Za-z0-9])/,
    'https://github.com/bitcoin/bips/blob/master/bip-0038.mediawiki',
  ],
  [
    /\b[xyztuvYZUV]prv[1-9A-HJ-NP-Za-km-z]{20,}/,
    'https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki https://github.com/satoshilabs/slips/blob/master/slip-0132.md',
  ],
  [
    /\bn(?:sec1[02-9ac-hj-np-z]{50,}|cryptsec1[02-9ac-hj-np-z]{50,})/,
    'https://github.com/nostr-protocol/nips/blob/master/19.md https://github.com/nostr-protocol/nips/blob/master/49.md',
  ],
  [
    /\b(?:bunker|nostr\+walletconnect):\/\/\S{20,}/,
    'https://github.com/nostr-protocol/nips/blob/master/47.md',
  ],
  [/\bcashu[AB][\w-]{20,}={0,2}/, 'https://github.com/cashubtc/nuts/blob/main/00.md'],
  [/\b(?:ms1|ms12)[02-9ac-hj-np-z]{40,}/, 'https://github.com/bitcoin/bips/blob/master/bip-0093.mediawiki'],
  [
    /\b0201036c6e64[0-9a-f]{8,}\b|\bAgEDbG5k[\w+/=-]{16,}/,
    'https://docs.lightning.engineering/lightning-network-tools/lnd/macaroons',
  ],
  [/\bedsk[1-9A-HJ-NP-Za-km-z]{40,}/, 'https://docs.tezos.com/architecture/accounts'],
  // Keys of people and machines
  [/\bAGE-SECRET-KEY-(?:PQ-)?1[02-9A-Z]{40,}/, 'https://github.com/C2SP/C2SP/blob/main/age.md'],
  [/\bAGE-PLUGIN-[A-Z0-9]+-1[02-9A-Z]{10,}/, 'https://github.com/C2SP/C2SP/blob/main/age-plugin.md'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}/, 'https://datatracker.ietf.org/doc/html/rfc7519'],
  [/\bv[1-4]\.(?:local|public)\.[\w-]{40,}/, 'https://github.com/paseto-standard/paseto-spec'],
  [
    /\b(?:ED25519-V3|RSA1024):[A-Za-z0-9+/]{40,}={0,2}/,
    'https://spec.torproject.org/control-spec/commands.html#add_onion',
  ],
  [/\b[a-z2-7]{56}:descriptor:x25519:[A-Z2-7]{40,}/, 'https://spec.torproject.org/rend-spec/'],
  [/\bK10[0-9a-f]{60,}::[\w:-]{8,}/, 'https://docs.k3s.io/cli/token'],
  [/\bSWMTKN-1-\w{20,}-\w{10,}/, 'https://docs.docker.com/reference/cli/docker/swarm/join-token/'],
  [
    /(?<![\w.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])(?<=\d[a-z0-9.]{0,22})/,
    'https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/',
  ],
  [
    /\b(?=[\w-]{0,28}[a-z])(?=[\w-]{0,28}[A-Z])[A-Za-z0-9]{5}(?:-[A-Za-z0-9]{5}){4}\b(?!-)/,
    'https://docs.nextcloud.com/server/latest/user_manual/en/session_management.html',
  ],
  // Longer than a hash: macaroons and the like. Block and transaction hashes stay readable.
  [/\b[0-9a-fA-F]{80,}\b/, 'https://datatracker.ietf.org/doc/html/rfc4648#section-8'],
];

const ALL = new RegExp(PROVIDER_KEYS.map(([shape]) => shape.source).join('|'), 'g');

/** No key is shorter, or has one of these in it. To look only into such words takes a third of the time. */
const LONG_WORD = /[^\s"'`<>()[\]|;]{13,}/g;

/** Long, and of both cases and digits: keys and macaroons in base64. Hashes and addresses are of one case, so they stay. */
const BASE64 = /(?<![\w+/=-])[\w+/-]{60,}={0,2}/g;

/** Hides keys and tokens that their own shape tells. */
export function maskProviderKeys(text: string): string {
  return text.replaceAll(LONG_WORD, (word) =>
    HAS_DIGIT_OR_CAPITAL.test(word)
      ? word.replaceAll(ALL, MASK).replaceAll(BASE64, (whole) => (isOfAllKinds(whole) ? MASK : whole))
      : word,
  );
}

/** Each key has, but by a chance of one in millions. */
const HAS_DIGIT_OR_CAPITAL = /[A-Z\d]/;

/** A path has few of them between two slashes; a digest says what it is. */
const isOfAllKinds = (text: string): boolean =>
  !/^sha\d{3}-/.test(text) &&
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text) &&
  text.split(/[/_-]/).some((part) => part.length >= 24 && /\d/.test(part));
