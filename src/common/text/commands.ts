import { MASK } from './mask.js';

/** Between words of a command line, also where its words are listed in quotes. */
const GAP = String.raw`(?:[ \t]{1,4}["']?|["'],[ \t]{0,4}["'])`;
const WORD = String.raw`[^\s"',]{1,512}`;

/** Commands that take a secret where no name tells it, and where: what is in front stays, `WORD` is hidden. */
const COMMANDS: readonly (readonly [command: string, before: string])[] = [
  // https://dev.mysql.com/doc/refman/8.4/en/command-line-options.html
  ['mysql\\w*|mariadb[\\w-]*|mytop|xtrabackup|7za?|7zr', `${GAP}-p(?=\\S)`],
  // https://www.mongodb.com/docs/mongodb-shell/reference/options/ https://docs.podman.io/en/latest/markdown/podman-login.1.html
  [
    'mongo\\w*|sshpass|(?:docker|podman|buildah|helm|az|oc|skopeo)["\', \\t]{1,4}login|crackmapexec|nxc',
    `${GAP}-p(?:${GAP}|=)?`,
  ],
  // https://redis.io/docs/latest/develop/tools/cli/
  ['redis-cli|valkey-cli|keydb-cli', `${GAP}(?:-a|AUTH)${GAP}`],
  // https://curl.se/docs/manpage.html#-u
  [
    'curl|http|https|wget|lftp',
    `${GAP}(?:-u|-U|-a|--user|--proxy-user|--auth|-x)(?:${GAP}|=)?["']?[^\\s"':,]{0,64}:(?!//)`,
  ],
  // https://linux.die.net/man/1/ldapsearch
  ['ldap\\w+|impacket-\\w+', `${GAP}-w${GAP}?`],
  // https://mosquitto.org/man/mosquitto_pub-1.html https://learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility
  ['mosquitto_\\w+|sqlcmd|bcp|isql|zip|unzip', `${GAP}-P${GAP}?`],
  // https://www.samba.org/samba/docs/current/man-html/smbclient.1.html
  ['smbclient|rpcclient|mount\\.cifs|net', `${GAP}-U${GAP}?[^\\s"'%]{1,64}%`],
  // https://docs.openssl.org/master/man1/openssl-passphrase-options/
  ['openssl', `\\bpass:`],
  ['openssl', `${GAP}-k${GAP}`],
  // https://httpd.apache.org/docs/current/programs/htpasswd.html
  ['htpasswd', `${GAP}-\\w{0,4}b\\w{0,4}${GAP}(?:-\\w${GAP}){0,2}\\S{1,256}${GAP}\\S{1,64}${GAP}`],
  ['htpasswd', `${GAP}-\\w{0,4}nb\\w{0,4}${GAP}\\S{1,64}${GAP}`],
  // https://www.rabbitmq.com/docs/man/rabbitmqctl.8
  ['rabbitmqctl', `${GAP}(?:add_user|change_password|authenticate_user)${GAP}\\S{1,64}${GAP}`],
  // https://developer.bitcoin.org/reference/rpc/
  [
    'bitcoin-cli|litecoin-cli|elements-cli|dogecoin-cli|bitcoin-wallet',
    `${GAP}(?:walletpassphrase|walletpassphrasechange|encryptwallet|importprivkey|signmessagewithprivkey|sethdseed)${GAP}(?:(?:true|false)${GAP})?`,
  ],
  ['bitcoin-cli', `${GAP}walletpassphrasechange${GAP}\\S{1,128}${GAP}`],
  // https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
  ['ACL SETUSER|user', `${GAP}on\\b[^\\n]{0,80}?[ \\t]["']?>`],
  // https://man7.org/linux/man-pages/man8/chpasswd.8.html
  ['echo', `${GAP}[\\w-]{1,32}:(?=[^\\n]{1,200}\\|[ \\t]{0,4}(?:sudo[ \\t])?chpasswd)`],
  // What a command reads from its input: https://www.sudo.ws/docs/man/sudo.man/ https://man7.org/linux/man-pages/man8/cryptsetup.8.html
  ['(?:sudo|su|cryptsetup|passwd)', `<<<[ \\t]{0,4}`],
  // https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/starting-SQL-Plus.html
  ['sqlplus|sqlldr|expdp|impdp|rman', `${GAP}(?:-\\w{1,2}${GAP}){0,3}[^\\s"'/]{1,64}/`],
  // https://man7.org/linux/man-pages/man8/wg.8.html
  ['wg', `${GAP}(?:preshared-key|private-key)${GAP}`],
  // https://rclone.org/commands/rclone_obscure/
  ['rclone', `${GAP}obscure${GAP}`],
  // https://www.postgresql.org/docs/current/pgcrypto.html
  ['(?:pgp_sym_\\w+|crypt|hmac)\\(', `^[ \\t]{0,4}(?:[^\\n']{0,80}?,[ \\t]{0,4})?'`],
];

const RULES = COMMANDS.map(
  ([command, before]) =>
    [
      new RegExp(`(?<![\\w.-])(?:${command})(?![\\w-])[^\\n]*|(?:${command})(?<=\\()[^\\n]*`, 'g'),
      new RegExp(`(${before}["']?)${WORD}`, 'g'),
    ] as const,
);

/** Words in front of which, and in the same line, a secret stands. */
const PHRASES: readonly RegExp[] = [
  // https://mariadb.com/kb/en/create-user/ https://dev.mysql.com/doc/refman/8.4/en/create-user.html
  /(\bIDENTIFIED[ \t]{1,8}(?:(?:WITH|VIA)[ \t]{1,8}\S{1,64}[ \t]{1,8})?(?:BY|AS|USING)[ \t]{1,8}(?:PASSWORD[ \t(]{1,8})?)(?:'(?:[^'\\\n]|\\.|'')*'?|"(?:[^"\\\n]|\\.)*"?|[^\s;'"]+)/gi,
  /(\bSET[ \t]{1,4}PASSWORD[ \t]{1,4}FOR[ \t]{1,4}\S{1,160}[ \t]{0,4}(?:=|TO)[ \t]{0,4})(?:'(?:[^'\\\n]|\\.|'')*'?|\S+)/gi,
  // https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
  /(\b(?:machine[ \t]{1,8}\S{1,256}|login[ \t]{1,8}\S{1,256})[ \t]{1,8}(?:login[ \t]{1,8}\S{1,256}[ \t]{1,8})?(?:password|account)[ \t]{1,8})\S+/g,
  // RFC 4954: what follows the base64 of `Password:`
  /(\b334 UGFzc3dvcmQ6[^\n]{0,8}\n(?:[^\n]{0,40}?[ \t])?)[A-Za-z0-9+/]{4,}={0,2}(?=\s*$)/gm,
  // RFC 4954 https://redis.io/docs/latest/commands/auth/
  /(\bAUTH["']?[ \t]{1,4}["']?(?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5)[ \t]{1,4})[\w+/=-]{8,}/g,
  /(\bAUTH["']?[ \t]{1,4}["']?(?:[a-z][\w-]{0,31}["']?[ \t]{1,4}["']?)?)(?=[^\s"']{0,512}[\d!#$%^&*?])(?!\w{1,20}:)[^\s"']{6,512}(?=["']?[ \t]*$)/gm,
  // https://redis.io/docs/latest/commands/config-set/
  /(\b(?:requirepass|masterauth|sentinel auth-pass \S{1,64}|HashedControlPassword)["']?[ \t]{1,8}["']?)(?!is\b|or\b|and\b|to\b|not\b|has\b|was\b|in\b)[^\s"']+/gi,
  // What one command gives to another that reads a password
  /(\b(?:echo|printf)[ \t]{1,4}(?:-n[ \t]{1,4})?["']?)[^\s"'|]{1,512}(?=["']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4}-S\b|cryptsetup\b|[^\n|]{1,80}--password-stdin))/g,
  // A command that gives a password: https://restic.readthedocs.io/en/stable/030_preparing_a_new_repo.html
  /(\bpass(?:word|phrase)?[-_]?(?:command|cmd)["']?(?:[ \t]{0,4}[=:])?[ \t]{0,4}\\?["']?(?:echo|printf)[ \t]{1,4})[^\s"']+/gi,
  // Calls that open a wallet or a store of keys
  /(\b\w{0,20}(?:wallet|vault|keystore|keyring|keychain)\w{0,20}(?:\.|->|::)(?:unlock|decrypt|encrypt)\w{0,20}\([ \t]{0,4}["'])[^"'\n]+/gi,
  // User and password without a name, as programs print what they were given: `auth=('me', '…')`, `UserPass("me", "…")`
  /(\b(?:\w{0,20}(?:userpass|credentials|basic_?auth)|auth=)\([ \t]{0,4}["'][^"'\n]{0,64}["'],[ \t]{0,4}["'])[^"'\n]+/gi,
  // https://www.php.net/manual/en/pdo.construct.php, in a trace; RFC 9051
  /(\b(?:PDO|mysqli?)(?:->|::)\w{1,20}\('[^'\n]{0,200}', ?'[^'\n]{0,64}', ?')[^'\n]+/g,
  /(\bLOGIN "[^"\n]{1,128}" ")(?:[^"\\\n]|\\.)+/g,
  // `with password '…'`
  /(\b(?:with|using)[ \t](?:the[ \t])?pass(?:word|phrase)[ \t]{1,4}["'\x60])[^"'\x60\n]+/gi,
  // RFC 4616: user and password of SASL; the cookie of Bitcoin's RPC, https://github.com/bitcoin/bitcoin/blob/master/doc/JSON-RPC-interface.md
  /(__cookie__:)[0-9a-f]{16,}/g,
  // PostgreSQL, MySQL: rows of a table with a column of passwords
  /(\bINSERT[ \t]{1,4}INTO[ \t]{1,4}[^\n(]{1,128}\([^\n)]{0,512}(?:passw|secret|token|api_?key)[^\n)]{0,512}\)[ \t]{0,4}VALUES[ \t]{0,4}\()[^\n]*/gi,
];

/** Hides secrets that stand at their place in a command or a statement. */
export function maskCommands(text: string): string {
  const phrases = PHRASES.reduce((masked, phrase) => masked.replaceAll(phrase, `$1${MASK}`), text);
  return RULES.reduce(
    (masked, [line, word]) => masked.replaceAll(line, (whole) => whole.replaceAll(word, `$1${MASK}`)),
    phrases,
  );
}
