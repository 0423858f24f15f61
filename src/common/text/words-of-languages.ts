import { MASK } from './mask.js';
import { isOrdinary } from './ordinary-values.js';

/** "Password" in languages that are written beside English in logs. */
const WORDS = [
  'contraseña',
  'contrasenya',
  'mot[ _-]de[ _-]passe',
  'senha',
  'palavra-passe',
  'wachtwoord',
  'kennwort',
  'lösenord',
  'passord',
  'adgangskode',
  'salasana',
  'hasło',
  'heslo',
  'jelszó',
  'parolă',
  'lozinka',
  'şifre',
  'пароль',
  'κωδικός',
  '密码',
  '密碼',
  '口令',
  'パスワード',
  '비밀번호',
].join('|');
const NAMED = new RegExp(
  String.raw`((?<![\p{L}\d])(?:${WORDS})["']?[ \t]{0,4}[:=：][ \t]{0,4})(?:"([^"\n]{1,512})"|'([^'\n]{1,512})'|([^\s"',;]{1,512}))`,
  'giu',
);

/** Hides what stands behind the word for a password in another language than English. */
export function maskWordsOfLanguages(text: string): string {
  return text.replaceAll(NAMED, (whole, before: string, double?: string, single?: string, bare?: string) =>
    isOrdinary(double ?? single ?? bare ?? '') ? whole : `${before}${MASK}`,
  );
}
