import { calledOn, namesHost, parseReference } from '../reference/index.js';
import { isRecord } from './expectation.decorators.js';
import { pathTo } from './option-problems.js';

/** What is wrong with the containers that rules are for, and with those that they name. Says nothing of what is no object. */
export function referenceProblems(containers: unknown, hosts: unknown): readonly string[] {
  if (!isRecord(containers)) return [];
  const known = isRecord(hosts) ? Object.keys(hosts) : [];
  return Object.entries(containers).flatMap(([reference, rules]) => {
    const path = pathTo('containers', reference);
    return [
      // A rule of a host that is not watched would be followed by nobody.
      ...(namesHost(reference) ? problemsOf(reference, known, path) : []),
      ...namesIn(rules).flatMap((name) => dependencyProblems(reference, name, known, `${path}.dependsOn`)),
    ];
  });
}

function namesIn(rules: unknown): readonly string[] {
  const needs: unknown = isRecord(rules) ? rules['dependsOn'] : undefined;
  const names: unknown[] = Array.isArray(needs) ? needs : isRecord(needs) ? Object.keys(needs) : [];
  return names.filter((name) => typeof name === 'string');
}

function dependencyProblems(
  dependent: string,
  name: string,
  known: readonly string[],
  path: string,
): readonly string[] {
  const wrong = namesHost(name) ? problemsOf(name, known, path) : [];
  if (wrong.length > 0) return wrong;
  const own = parseReference(dependent);
  return calledOn(own.host, name) === own.name ? [`${path}: expected other containers than itself`] : [];
}

function problemsOf(reference: string, known: readonly string[], path: string): readonly string[] {
  const { host, name } = parseReference(reference);
  if (host === '' || name.trim() === '' || namesHost(name))
    return [`${path}: expected NAME, or HOST/NAME for one of another host`];
  if (host === null || known.includes(host)) return [];
  const there = known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`;
  return [`${path}: there is no host ${JSON.stringify(host)} in hosts; ${there}`];
}
