// `npm run netbsd-stack`: builds a NetBSD network stack as a library, from its public sources, and runs the layers and
// the daemon over it. Wants git, gcc and make; the sources are fetched once (300 MB), the build takes some minutes.
import { run, succeeds } from './lib/run.mjs';

const missing = ['git', 'gcc', 'make'].filter((program) => !succeeds(program, ['--version']));
if (process.platform !== 'linux' || missing.length > 0) {
  console.log(
    missing.length > 0 ? `missing: ${missing.join(', ')}` : 'the stack is built on Linux, and only there',
  );
  process.exitCode = 1;
} else {
  process.exitCode =
    run(process.execPath, ['tooling/netbsd-stack/build.mjs']) ||
    run('npm', ['--workspace', '@ifdepd/netbsd-stack', 'run', 'stack']);
}
