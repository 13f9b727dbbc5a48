import { badClients } from './bad-clients.ts';

const [socket = '', count = ''] = process.argv.slice(2);
badClients(socket, Number(count));
process.stdout.write('begun\n');
// Connections that are not read from keep no process running: until whoever started it is done, or gone.
process.stdin.resume().once('end', () => process.exit());
