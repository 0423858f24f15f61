/**
 * How much a name says of its value.
 *
 * - `certain`: it is a secret, unless it is a mere word such as `required`
 * - `likely`: also a word of prose and of programs, as in `unexpected token: else`
 * - `perhaps`: a secret only where the value looks like one
 * - `line`: all that follows on the line is one
 */
export type Secrecy = 'certain' | 'likely' | 'perhaps' | 'line';

/** Where a name that tells of a secret may be; cheap, and finds too much. */
export const HINT =
  /pass|pw|secret|token|key|auth|cookie|cred|macaroon|mnemonic|seed|sess|sid|psk|otp|pin|salt|wif|rune|nsec|xprv|words|phrase|hmac|cipher/gi;

const CERTAIN =
  /(?<!^no)(?:passwords?|passwd|passwort|passphrases?|passcode|passkey|pwd|(?:(?<![a-z])|bind|root|admin|user|db|rpc|smtp|ldap|web|vnc|wifi|login)pw|secrets?|credentials|macaroon|apikeys?|privkey|rpcauth|requirepass|masterauth|psk|nsec|xprv|wif|sessid|jsessionid|sessionid)\d{0,3}$/;
const LONGER_PASS =
  /^(?!(?:ask|by|com|sur|tres|over|under|multi|single|first|second|low|high|band|im|encom)pass).+pass$/;
const LONGER_TOKEN = /^(?!(?:de)?tokens?$).+tokens?$/;
const LINE = /^(?:authorization|cookies?|mnemonics?|seedwords|seedphrase)$/;
const LIKELY = /^(?:tokens?|pass|otp|totp|pin|auth|credential|rune)\d{0,3}$/;
const PERHAPS = /^(?:session|sid|seed|salt|hmac|cipher|nonce)$/;

/** `X_key` is a secret for these X, and none for others: `public_key`, `primary_key`, `cache_key`. */
const KEYS: ReadonlySet<string> = new Set(
  (
    'api app encryption encrypt decrypt decryption crypt cipher signing sign signature private priv secret master access ' +
    'shared preshared account storage session auth deploy service admin client consumer jwt jwk hmac aes rsa ed25519 ' +
    'license licence server root wallet subscription integration webhook write stream security validation machine fernet ' +
    'cookie recovery transit unseal seal invoice in read backup restic borg rest vapid tls ssh wg wireguard network host ' +
    'bot user data db database kms token seed spend view extended age gpg pgp nostr x function instrumentation ' +
    'hash ingest publish relay tunnel join cluster enrollment setup registration provisioning activation'
  ).split(' '),
);
/** What follows in the name when it is about a secret: `password_file`, `token_type`. */
const ABOUT: ReadonlySet<string> = new Set(
  (
    'file files filename path paths dir directory type types name names expires expired expiry expiration ttl at age policy ' +
    'length len min max minimum maximum count counts total url uri endpoint method methods mode modes encryption algorithm ' +
    'algo reset required require enabled enable disabled hint field fields prompt change changed id ids manager store ' +
    'provider providers status state version format size limit limits rotation strength authentication authenticator ' +
    'verification verified check checks error errors failed failure failures attempts history lifetime timeout domain ' +
    'prefix suffix header bucket usage used budget issuer audience rate command cmd service server plugin module backend ' +
    'scheme request requests response daemon d log logs log-level level host port user username users group config driver ' +
    'factory handler middleware class lookup cache ref refs reference engine location interval delay set updated created ' +
    'agent bytes bits source kind scope scopes exists match matches valid invalid space usecs secs seconds ms info event events'
  ).split(' '),
);

/** What `name` says of its value; `null`: nothing. `before`: the word in front of it, after one blank. Of a long name the end counts. */
export function secrecyOf(name: string, before: string): Secrecy | null {
  const words = wordsOf(name);
  const parts = before !== '' && words.length === 1 ? [...wordsOf(before), ...words] : words;
  for (let index = parts.length - 1; index >= 0; index--) {
    const secrecy = secrecyOfWord(parts, index, words.length);
    if (secrecy !== null)
      return parts.slice(index + 1).some((part) => ABOUT.has(part)) ? aboutId(parts, index) : secrecy;
  }
  return null;
}

/** The `secret_id` of HashiCorp's Vault is a secret, the only id that is one. */
const aboutId = (parts: readonly string[], index: number): Secrecy | null =>
  parts[index] === 'secret' && parts.length === index + 2 && parts[index + 1] === 'id' ? 'certain' : null;

function secrecyOfWord(parts: readonly string[], index: number, ownWords: number): Secrecy | null {
  const word = parts[index]!;
  const front = parts[index - 1] ?? '';
  const isAlone = parts.length === 1;
  if (LINE.test(word)) return 'line';
  if (/^(?:words?|phrase)$/.test(word)) return /^(?:seed|mnemonic|recovery)$/.test(front) ? 'line' : null;
  if (CERTAIN.test(word) || LONGER_PASS.test(word) || LONGER_TOKEN.test(word)) return 'certain';
  if (/^keys?$/.test(word)) return KEYS.has(front) ? 'certain' : null;
  const joined = /^(.+?)keys?$/.exec(word)?.[1];
  if (joined !== undefined) return KEYS.has(joined) ? 'certain' : null;
  if (LIKELY.test(word))
    return isAlone || ownWords === 1 || /^(?:auth|pin)$/.test(word) ? 'likely' : 'certain';
  if (PERHAPS.test(word)) return word === 'seed' && !isAlone ? 'likely' : 'perhaps';
  return null;
}

const LONGEST_NAME = 80;

/** `dbPassword`, `DB_PASSWORD` and `db-password` have the same two. */
const wordsOf = (name: string): string[] =>
  name
    .slice(-LONGEST_NAME)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_-]/)
    .filter((word) => word !== '');
