/** Where root keeps what can be made again (hier(7)); its own directory there is made where that is. */
const FOR_ROOT = '/var/cache/ifdepd';

/**
 * Where compiled code is kept: `CACHE_DIRECTORY`, which systemd sets, else /var/cache/ifdepd for root. Null where it is
 * not kept: for who is neither, and with `NODE_DISABLE_COMPILE_CACHE`, by which Node itself leaves its own alone.
 */
export function codeDirectory(env: NodeJS.ProcessEnv, uid: number | undefined): string | null {
  if (env['NODE_DISABLE_COMPILE_CACHE']) {
    return null;
  }
  // systemd separates several by ':'.
  return env['CACHE_DIRECTORY']?.split(':')[0] || (uid === 0 ? FOR_ROOT : null);
}
