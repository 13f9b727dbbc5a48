/**
 * `node:http`, not by `import`: for that, Node reads every export of it, and from Node 22 on one of them (WebSocket) is
 * undici, which is compiled when it is read. That takes 10 MB and a standstill of the event loop, and where there is no
 * WebAssembly (--jitless) it ends the process on Node 22.
 */
export const http: typeof import('node:http') = process.getBuiltinModule('node:http');
