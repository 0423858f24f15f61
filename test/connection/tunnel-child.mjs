// Opens an SSH tunnel, says so, and goes on until it is killed: CONFIG and SOCKET say where to.
import { SshTunnel } from '../../dist/health-monitor/runtime/connection/ssh/ssh-tunnel.js';

const target = { destination: 'attic', configFile: process.env.CONFIG };
const tunnel = new SshTunnel(target, process.env.SOCKET);
const stream = await tunnel.connect(new AbortController().signal);
stream.on('connect', () => process.send('open'));
setInterval(() => undefined, 60_000);
