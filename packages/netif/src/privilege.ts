import type { RefusedProbe, SameValueProbe } from './abi/netif-abi.ts';
import type { Control } from './control.ts';

/** Whether this process may set an interface. Asks the kernel and changes nothing. @param name of an existing interface */
export function maySet(control: Control, name: string): boolean {
  const { privilegeProbe } = control.abi;
  return privilegeProbe.how === 'refused'
    ? maySetByRefusal(control, privilegeProbe, name)
    : maySetBySameValue(control, privilegeProbe, name);
}

function maySetByRefusal(control: Control, { request, permitted }: RefusedProbe, subject: string): boolean {
  control.address(subject, request.name);
  const result = control.ioctl(request.request);
  if (result >= 0) {
    return true;
  }
  const error = control.error(result, request.name, subject);
  if (error.code !== permitted && error.kind !== 'not-permitted') {
    throw error;
  }
  return error.code === permitted;
}

function maySetBySameValue(control: Control, { read, write }: SameValueProbe, subject: string): boolean {
  control.address(subject, read.name);
  control.must(read, subject);
  // The request block still holds the name and the value just read.
  const result = control.ioctl(write.request);
  if (result >= 0) {
    return true;
  }
  const error = control.error(result, write.name, subject);
  if (error.kind === 'not-permitted') {
    return false;
  }
  throw error;
}
