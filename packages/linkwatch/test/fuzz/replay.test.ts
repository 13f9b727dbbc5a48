import { replay } from '@ifdepd/vitest-preset/replay';
import * as kernelEvents from './kernel-events.ts';
import * as netlink from './netlink.ts';
import * as routeMessages from './route-messages.ts';
import * as sockaddrDl from './sockaddr-dl.ts';

const folder = new URL('./', import.meta.url);

replay(folder, 'kernel-events', kernelEvents);
replay(folder, 'netlink', netlink);
replay(folder, 'route-messages', routeMessages);
replay(folder, 'sockaddr-dl', sockaddrDl);
