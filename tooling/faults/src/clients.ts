import { badClients } from './bad-clients.ts';

const [socket = '', count = ''] = process.argv.slice(2);
badClients(socket, Number(count));
process.stdout.write('begun\n');
// Connections that nothing reads do not keep a process alive: run until the parent closes standard input or ends.
process.stdin.resume().once('end', () => process.exit());
