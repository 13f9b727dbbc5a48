/** A program of Node that answers HTTP on port 80, after as many milliseconds as /delay has, and every question of the DNS. */
export const services = `
  let delayMs = 0;
  const server = require('node:http').createServer((request, response) => {
    const wanted = /^\\/delay\\/(\\d+)$/.exec(request.url);
    if (wanted !== null) delayMs = Number(wanted[1]);
    setTimeout(() => response.end(), wanted === null ? delayMs : 0);
  });
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (query, peer) => {
    query.writeUInt16BE(0x8180, 2);
    socket.send(query, peer.port, peer.address);
  });
  socket.bind(53, () => server.listen(80, () => console.log('listening')));`;
