import { describe, expect, it } from 'vitest';
import { runsInForeground, wasMadeThroughApi } from './create-command.js';

const read = (line: string) => runsInForeground(line.split(' '));

describe('the command that made a container', () => {
  it.each([
    'podman run app',
    '/usr/bin/podman run -i --name job app sh -c x',
    'podman container run -it app',
    'podman --root /x --log-level=debug run -e KEY=1 --name run -v /a:/b app',
    'podman --remote run --detach=false app',
    'podman run -d=false app',
    'podman run -it app nginx -d',
    'podman run -eA=d app -d',
    'podman run --rm --init app --detach',
    'podman run -itp 80:80 app -d',
    'podman run -h d -ti -- app -d',
  ])('waits for its end: %s', (line) => {
    expect(read(line)).toBe(true);
  });

  it.each([
    'podman run --detach app',
    'podman run -d app',
    'podman run -dit app',
    'podman run -itd --name a app',
    'podman run -itde A=1 app',
    'podman run --detach=true app',
    'podman run -d=true app',
    'podman container run --name a -d app',
    'podman --root run run -d app',
    'podman create -i app',
    'podman play kube pod.yaml',
    'podman run --not-known-yet -d app',
    'podman run',
    'podman',
    '',
    'docker run app',
    'node run app',
  ])('does not, or cannot be told: %s', (line) => {
    expect(read(line)).toBe(false);
  });

  it.each([
    ['podman --root /x system service --time 0 unix:///x.sock', true],
    ['/usr/bin/podman system service', true],
    ['podman run system service', false],
    ['docker system service', false],
    ['', false],
  ])('is that of the service where a call to the API made it: %s', (line, expected) => {
    expect(wasMadeThroughApi(line.split(' '))).toBe(expected);
  });
});
