/** Texts of the kinds that programs write, each with a secret in it that nobody may read. */
export interface SecretShape {
  readonly kind: string;
  /** The secret as it stands in the text; where it is in several parts, each of them. */
  readonly secret: string | readonly string[];
  readonly text: string;
}

/** Made up, and the same each time: characters of an alphabet, in no order. */
function made(length: number, alphabet: string): string {
  let state = 4711 + length;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return alphabet.charAt(state % alphabet.length);
  }).join('');
}
const ALPHANUMERIC = 'aZ3bYc7XdWe1VfUg9ThSiR2jQkPl4OmNnM5oLpKq6JrIsH8tGuFvE0wDxCyBzA';
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const hex = (length: number): string => made(length, '0123456789abcdef');
const mixed = (length: number): string => made(length, ALPHANUMERIC);
const base64 = (length: number): string => made(length, `${ALPHANUMERIC}+/`);
const bech32 = (length: number): string => made(length, BECH32);
const upper = (length: number): string => made(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');

/** A password as people choose them, and one as programs make them. */
const WORD = 'correcthorse';
const MADE = 'Kq7vTr2mWx9e';

const of = (kind: string, secret: string | readonly string[], text: string): SecretShape => ({
  kind,
  secret,
  text,
});

/** A row each of those that got out once. */
export const SHAPES_THAT_GOT_OUT: readonly SecretShape[] = [
  of('flag', WORD, `mysqld --user=root --password ${WORD} --verbose`),
  of('flag', WORD, `mysql -uroot -p${WORD} app`),
  of('configuration', WORD, `requirepass ${WORD}`),
  of('SQL', WORD, `CREATE USER 'app'@'%' IDENTIFIED BY '${WORD}'`),
  of('sentence', MADE, `[Note] [MY-010454] A temporary password is generated for root@localhost: ${MADE}`),
  of('PHP', WORD, `'password' => '${WORD}',`),
  of('program', WORD, `password := "${WORD}"`),
  of('JSON', WORD, `{"password": "ab\\"${WORD}", "user": "me"}`),
  of('JSON in JSON', WORD, `{"msg":"{\\"password\\":\\"${WORD}\\"}","level":"info"}`),
  of('address', WORD, `password=ab&${WORD}`),
  of('header', MADE, `Cookie: theme=dark; sid=${MADE}`),
  of('environment', MADE, `encryption_key=${MADE}`),
  of('YAML', MADE, `signing_key: ${MADE}`),
  of('XML', WORD, `<password>${WORD}</password>`),
  of('address', WORD, `postgres://user:pa/${WORD}@db/x`),
  of('address', WORD, `root:${WORD}@tcp(127.0.0.1:3306)/db`),
  of('coin', `L${made(51, BASE58)}`, `imported L${made(51, BASE58)}`),
  of('coin', `nsec1${bech32(58)}`, `nsec1${bech32(58)}`),
  of('coin', hex(64), `__cookie__:${hex(64)}`),
  of('coin', [hex(32), hex(64)], `rpcauth=user:${hex(32)}$${hex(64)}`),
  of('cloud', `ASIA${upper(16)}`, `using ASIA${upper(16)}`),
  of('cloud', `AIza${mixed(35)}`, `AIza${mixed(35)} is not allowed`),
  of('payments', `sk_test_${mixed(24)}`, `sk_test_${mixed(24)}`),
  of('models', `hf_${mixed(34)}`, `hf_${mixed(34)}`),
  of('hook', mixed(24), `https://hooks.slack.com/services/T0123ABCD/B0123ABCD/${mixed(24)}`),
  of('hook', mixed(68), `https://discord.com/api/webhooks/123456789012345678/${mixed(68)}`),
  of(
    'key',
    [base64(64), base64(20)],
    `${base64(64)}\n${base64(64)}\n${base64(20)}==\n-----END PRIVATE KEY-----`,
  ),
  of(
    'seed',
    ['abandon', 'ability', 'zoo', 'wrong'],
    ' 1. abandon   2. ability   3. able      4. about  \n 5. above     6. absent    7. absorb    8. abstract\n' +
      ' 9. absurd   10. abuse    11. access   12. accident\n13. account  14. accuse   15. achieve  16. acid\n' +
      '17. acoustic 18. acquire  19. across   20. act\n21. action   22. actor    23. wrong    24. zoo',
  ),
  of('YAML', WORD, `db:\n  password: >-\n    ${WORD}\n  user: me`),
  of('unseen', WORD, `pass\u200bword=${WORD}`),
];

export const MORE_SHAPES: readonly SecretShape[] = [
  // Files of environments, and what prints them
  of('environment', WORD, `POSTGRES_PASSWORD=${WORD}`),
  of('environment', WORD, `export PGPASSWORD='${WORD}'`),
  of('environment', WORD, `declare -x MYSQL_ROOT_PASSWORD="${WORD}"`),
  of('environment', WORD, `MYSQL_PWD=${WORD} mysqldump app`),
  of('environment', WORD, `DB_PASS=${WORD}`),
  of('environment', MADE, `SECRET_KEY_BASE=${MADE}`),
  of('environment', base64(43), `APP_KEY=base64:${base64(43)}=`),
  of('environment', MADE, `GRAFANA_TOKEN=${MADE}`),
  of('environment', WORD, `- name: DB_PASSWORD\n  value: ${WORD}`),
  of('environment', WORD, `{"name":"REDIS_PASSWORD","value":"${WORD}"}`),
  of('environment', WORD, `Env:[PATH=/usr/bin DB_PASSWORD=${WORD} HOME=/home]`),
  of('environment', base64(40), `AWS_SECRET_ACCESS_KEY=${base64(40)}`),
  of('environment', WORD, `user=me pw=${WORD}`),
  of('PHP', MADE, `hash_key => '${MADE}'`),
  of('program', WORD, `admin_pass -> "${WORD}"`),
  // Configuration
  of('YAML', WORD, `password: ${WORD}`),
  of('YAML', 'horse battery', 'password: correct horse battery'),
  of('YAML', WORD, `  rpc_password: "${WORD}" # changed`),
  of('YAML', WORD, `admin:\n  password:\n    ${WORD}`),
  of('YAML', [WORD, 'second'], `secret: |\n  ${WORD}\n  second line`),
  of('TOML', MADE, `api_key = "${MADE}"`),
  of('TOML', MADE, `clientSecret = '${MADE}'`),
  of('ini', WORD, `password      = ${WORD}`),
  of('ini', 'battery', 'password = correct horse battery'),
  of('ini', base64(43), `PrivateKey = ${base64(43)}=`),
  of('ini', base64(43), `PresharedKey = ${base64(43)}=`),
  of('ini', WORD, `spring.datasource.password=${WORD}`),
  of('configuration', hex(58), `HashedControlPassword 16:${hex(58).toUpperCase()}`.toLowerCase()),
  of('configuration', WORD, `masterauth "${WORD}"`),
  of('configuration', WORD, `machine api.example.org login me password ${WORD}`),
  of('configuration', WORD, `db:5432:app:user:${WORD}`),
  of('configuration', `$apr1$${mixed(8)}$${mixed(22)}`, `admin:$apr1$${mixed(8)}$${mixed(22)}`),
  of('configuration', `$2y$10$${mixed(53)}`, `"hash":"$2y$10$${mixed(53)}"`),
  // JSON and what looks like it
  of('JSON', WORD, `{"user":"me","dbPassword":"${WORD}"}`),
  of('JSON', MADE, `{"access_token":"${MADE}","token_type":"bearer"}`),
  of('JSON', MADE, `{"auths":{"registry.example.org":{"auth":"${MADE}"}}}`),
  of('JSON in JSON', WORD, `{"log":"{\\"a\\":\\"{\\\\\\"password\\\\\\":\\\\\\"${WORD}\\\\\\"}\\"}"}`),
  of('JSON in JSON', WORD, `"{\\"cmd\\":\\"--password=${WORD}\\"}"`),
  of('JSON', WORD, `{&quot;password&quot;:&quot;${WORD}&quot;}`),
  of('JSON', WORD, `["mysqld","--password","${WORD}","--x"]`),
  of('program', WORD, `{'user': 'me', 'password': b'${WORD}'}`),
  of('program', WORD, `{:user=>"me", :password=>"${WORD}"}`),
  of('program', WORD, `Config { user: "me", password: Some("${WORD}") }`),
  of('program', WORD, `Config[user=me, password=${WORD}, port=1]`),
  of('program', WORD, `{User:me Password:${WORD} Port:1}`),
  of('program', WORD, `{password,<<"${WORD}">>}`),
  of('PHP', WORD, `define('DB_PASSWORD', '${WORD}');`),
  of('PHP', WORD, `$cfg['Servers'][1]['password'] = '${WORD}';`),
  of('PHP', WORD, `[dbpassword] => ${JSON.stringify(WORD)}`),
  of('XML', WORD, `<ns:Password type="text"><![CDATA[${WORD}]]></ns:Password>`),
  of('XML', WORD, `<property name="password" value="${WORD}"/>`),
  of('XML', WORD, `<add key="x" connectionString="Server=db;User=me;Password=${WORD};Port=1"/>`),
  of('XML', WORD, `<user name="me" password="${WORD}"/>`),
  // Headers
  of('header', MADE, `Authorization: Bearer ${MADE}`),
  of('header', 'bWU6Y29ycmVjdGhvcnNl', 'Proxy-Authorization: Basic bWU6Y29ycmVjdGhvcnNl'),
  of('header', 'bWU6Y29ycmVjdGhvcnNl', 'sent Basic bWU6Y29ycmVjdGhvcnNl to it'),
  of('header', hex(32), `Authorization: Digest username="me", realm="x", response="${hex(32)}"`),
  of('header', hex(64), `Authorization: AWS4-HMAC-SHA256 Credential=x/y, Signature=${hex(64)}`),
  of('header', MADE, `X-Api-Key: ${MADE}`),
  of('header', MADE, `x-auth-token: ${MADE}`),
  of('header', MADE, `set-cookie: sid=${MADE}; Path=/; HttpOnly`),
  of('header', MADE, `map[Authorization:[Bearer ${MADE}] Accept:[*/*]]`),
  of('header', MADE, `curl -H 'Authorization: token ${MADE}' https://example.org`),
  of('header', MADE, `{"headers":{"cookie":"a=b; sid=${MADE}"}}`),
  of('header', hex(120), `Grpc-Metadata-macaroon: ${hex(120)}`),
  of('header', MADE, `PHPSESSID=${MADE}`),
  // Addresses
  of('address', WORD, `amqp://me:${WORD}@mq:5672/`),
  of('address', WORD, `mongodb+srv://me:${WORD}@cluster0.example.net/app?w=1`),
  of('address', WORD, `redis://:${WORD}@cache:6379/0`),
  of('address', MADE, `https://example.org/cb?code=${MADE}${MADE}&state=1`),
  of('address', MADE, `wss://example.org/?access_token=${MADE}`),
  of('address', WORD, `jdbc:postgresql://db/app?user=me&password=${WORD}`),
  of('address', WORD, `host=db port=5432 user=me password=${WORD} dbname=app`),
  of('address', WORD, `proxy me:${WORD}@proxy.example.org:8080 refused`),
  of('address', upper(32), `otpauth://totp/me?secret=${upper(32)}&issuer=x`),
  of('address', WORD, `smb://me:${WORD}@nas/share`),
  of('address', `me:${WORD}`, `https://me:${WORD}@example.org/@scope/pkg`),
  of('address', WORD, `GET /login?user=me&password%3D${WORD}%26x=1`),
  of('hook', mixed(26), `https://chat.example.org/hooks/${mixed(26)}`),
  of('hook', hex(32), `https://example.webhook.office.com/webhookb2/x@y/IncomingWebhook/${hex(32)}/z`),
  of('hook', mixed(40), `https://maker.ifttt.com/trigger/down/with/key/${mixed(40)}`),
  // Commands
  of('command', WORD, `sh -c "mysqldump -u root -p'${WORD}' app"`),
  of('command', WORD, `redis-cli -h cache -a ${WORD} ping`),
  of('command', WORD, `curl -u me:${WORD} https://example.org`),
  of('command', WORD, `curl --user "me:${WORD}" https://example.org`),
  of('command', WORD, `docker login -u me -p ${WORD} registry.example.org`),
  of('command', WORD, `podman login --username me --password ${WORD} quay.io`),
  of('command', WORD, `sshpass -p ${WORD} ssh me@host`),
  of('command', WORD, `bitcoin-cli -rpcuser=me -rpcpassword=${WORD} getinfo`),
  of('command', WORD, `bitcoin-cli walletpassphrase ${WORD} 60`),
  of('command', hex(100), `lncli --macaroon ${hex(100)} getinfo`),
  of('command', WORD, `psql "host=db user=me password=${WORD}"`),
  of('command', WORD, `openssl rsa -passin pass:${WORD} -in x`),
  of('command', WORD, `ldapsearch -D cn=me -w ${WORD} -b dc=x`),
  of('command', WORD, `mosquitto_pub -u me -P ${WORD} -t x`),
  of('command', WORD, `keytool -storepass ${WORD} -list`),
  of('command', WORD, `htpasswd -b /etc/htpasswd me ${WORD}`),
  of('command', WORD, `rabbitmqctl add_user me ${WORD}`),
  of('command', WORD, `smbclient //nas/share -U me%${WORD}`),
  of('command', WORD, `gpg --batch --passphrase ${WORD} -d x`),
  of('command', WORD, `echo "root:${WORD}" | chpasswd`),
  of('command', WORD, `["mysql","-uroot","-p${WORD}"]`),
  of('command', WORD, `docker run -e POSTGRES_PASSWORD=${WORD} -p 80:80 postgres`),
  of('command', `${WORD}1`, `1339518083.1 [0 127.0.0.1:60866] "AUTH" "${WORD}1"`),
  of('command', WORD, `user default on >${WORD} ~* +@all`),
  // Statements
  of('SQL', WORD, `ALTER USER app WITH ENCRYPTED PASSWORD '${WORD}';`),
  of('SQL', WORD, `ALTER USER 'root'@'localhost' IDENTIFIED WITH caching_sha2_password BY '${WORD}'`),
  of('SQL', WORD, `SET PASSWORD FOR 'root'@'localhost' = PASSWORD('${WORD}')`),
  of('SQL', WORD, `INSERT INTO users (name, password) VALUES ('me', '${WORD}')`),
  of('SQL', WORD, `select pgp_sym_encrypt(note, '${WORD}')`),
  of('SQL', WORD, `OPTIONS (user 'me', password '${WORD}')`),
  of('SQL', WORD, `CREATE USER app IDENTIFIED BY "${WORD}"`),
  // Sentences
  of('sentence', MADE, `Generated admin password: ${MADE}`),
  of('sentence', MADE, `Your new password is ${MADE}`),
  of('sentence', hex(32), `Please use the following password to proceed to installation:\n\n${hex(32)}\n`),
  of('sentence', MADE, `Unseal Key 1: ${MADE}`),
  of('sentence', MADE, `Initial Root Token: ${MADE}`),
  of('sentence', MADE, `API key: ${MADE}`),
  // Clouds, code, models, messages, payments
  of('cloud', `AKIA${upper(16)}`, `key AKIA${upper(16)} denied`),
  of('cloud', `GOCSPX-${mixed(28)}`, `GOCSPX-${mixed(28)}`),
  of('cloud', `ya29.${mixed(60)}`, `ya29.${mixed(60)}`),
  of('cloud', base64(86), `AccountName=x;AccountKey=${base64(86)}==;EndpointSuffix=core.windows.net`),
  of('cloud', mixed(43), `https://x.blob.core.windows.net/c?sv=2024&sig=${mixed(43)}%3D`),
  of('cloud', `dop_v1_${hex(64)}`, `dop_v1_${hex(64)}`),
  of('cloud', `hvs.${mixed(90)}`, `hvs.${mixed(90)}`),
  of('cloud', MADE, `secret_id: ${MADE}`),
  of('cloud', `tskey-auth-${mixed(16)}-${mixed(32)}`, `up --authkey tskey-auth-${mixed(16)}-${mixed(32)}`),
  of('code', `ghp_${mixed(36)}`, `remote: ghp_${mixed(36)}`),
  of('code', `github_pat_${mixed(22)}_${mixed(59)}`, `github_pat_${mixed(22)}_${mixed(59)}`),
  of('code', `glpat-${mixed(20)}`, `glpat-${mixed(20)}`),
  of('code', `npm_${mixed(36)}`, `//registry.npmjs.org/:_authToken=npm_${mixed(36)}`),
  of('code', `pypi-AgEIcHlwaS5vcmc${mixed(60)}`, `pypi-AgEIcHlwaS5vcmc${mixed(60)}`),
  of('code', `dckr_pat_${mixed(27)}`, `dckr_pat_${mixed(27)}`),
  of('models', `sk-proj-${mixed(48)}`, `Incorrect API key provided: sk-proj-${mixed(48)}.`),
  of('models', `sk-ant-api03-${mixed(95)}`, `sk-ant-api03-${mixed(95)}`),
  of('messages', mixed(24), `xoxb-123456789012-123456789012-${mixed(24)}`),
  of('messages', mixed(33), `https://api.telegram.org/bot123456789:AA${mixed(33)}/getMe`),
  of('messages', mixed(33), `bot 123456789:AA${mixed(33)} started`),
  of('messages', mixed(38), `login M${mixed(23)}.${mixed(6)}.${mixed(38)}`),
  of('messages', mixed(43), `SG.${mixed(22)}.${mixed(43)}`),
  of('messages', `tk_${made(29, 'abcdefghijk0123456789')}`, `tk_${made(29, 'abcdefghijk0123456789')}`),
  of('payments', `rk_live_${mixed(24)}`, `rk_live_${mixed(24)}`),
  of('payments', `whsec_${base64(32)}`, `whsec_${base64(32)}`),
  // Coins and keys
  of('coin', `5${made(50, BASE58)}`, `privkey 5${made(50, BASE58)}`),
  of('coin', `xprv9s21ZrQH143K${made(95, BASE58)}`, `root xprv9s21ZrQH143K${made(95, BASE58)}`),
  of('coin', hex(200), `0201036c6e64${hex(200)}`),
  of('coin', base64(80), `macaroon AgEDbG5k${base64(80)}`),
  of('coin', hex(64), `nostr+walletconnect://${hex(64)}?relay=wss://r&secret=${hex(64)}`),
  of(
    'coin',
    ['abandon', 'accident'],
    'mnemonic: abandon ability able about above absent absorb abstract absurd abuse access accident',
  ),
  of(
    'coin',
    ['abandon', 'accident'],
    'abandon ability able about above absent absorb abstract absurd abuse access accident',
  ),
  of('coin', ['abandon', 'able'], 'Your recovery phrase:\n  abandon ability able'),
  of('key', `AGE-SECRET-KEY-1${bech32(58).toUpperCase()}`, `AGE-SECRET-KEY-1${bech32(58).toUpperCase()}`),
  of(
    'key',
    base64(70),
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64(70)}\n-----END OPENSSH PRIVATE KEY-----`,
  ),
  of(
    'key',
    base64(64),
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${base64(64)}\n-----END PGP PRIVATE KEY BLOCK-----`,
  ),
  of(
    'key',
    base64(64),
    `"key":"-----BEGIN RSA PRIVATE KEY-----\\n${base64(64)}\\n-----END RSA PRIVATE KEY-----\\n"`,
  ),
  of('key', base64(64), `2026-01-01T00:00:00Z ${base64(64)}\n2026-01-01T00:00:00Z ${base64(64)}`),
  of('key', mixed(43), `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${mixed(43)}`),
  // What shows nothing hides nothing
  of('unseen', WORD, `pass\u00adword=${WORD}`),
  of('unseen', WORD, `p\u202ea\u202cssword: ${WORD}`),
  of('unseen', WORD, `pass\u0000word=${WORD}`),
  of('unseen', WORD, `pass\u001b[1mword\u001b[0m=${WORD}`),
  of('unseen', WORD, `pass\ufe0fword=${WORD}`),
];
