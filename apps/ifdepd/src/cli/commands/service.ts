import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadSettings } from '../../config/load-settings.ts';
import { dropInsFor } from '../../diagnose/sandbox-findings.ts';
import { absolutePath } from '../../system/directories.ts';
import { ExitCode, ExitError, UsageError } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { serviceSystem } from '../install/find-system.ts';
import { type Installation, thisInstallation } from '../install/installation.ts';
import { lastingUser } from '../install/lasting-user.ts';
import {
  refuseUnnameable,
  type ServiceFile,
  type ServiceSystem,
  serviceRules,
} from '../install/service-files.ts';
import { print, printAs } from '../output/print.ts';

/** The folder of the shipped service files, beside the built program. */
const SHIPPED = resolve(import.meta.dirname, '../service');

/** Every file of ours has it, and no file of others. */
const OURS = /Interface dependency daemon|<string>ifdepd<\/string>|process title that setproctitle/;

/** Where a package of the distribution puts its unit. */
const PACKAGED = ['/usr/lib/systemd/system/ifdepd.service', '/lib/systemd/system/ifdepd.service'];

type Values = CommandWords<'service'>['values'];

/** `ifdepd service install|status|uninstall` */
export function serviceCommand({ values, positionals: [action] }: CommandWords<'service'>): number {
  switch (action) {
    case 'install':
      return install(values);
    case 'status':
      return status(values);
    case 'uninstall':
      return uninstall(values);
    default:
      throw new UsageError(
        `'service' needs one of install, status, uninstall${action === undefined ? '' : `; got '${action}'`}`,
      );
  }
}

function install(values: Values): number {
  const system = serviceSystem(values.system);
  const rules = serviceRules[system];
  if (values.user !== undefined && !rules.takesUser) {
    throw new UsageError(`--user: ${system} runs it as root`);
  }
  const installation = thisInstallation(absolutePath(values.config ?? '/etc/ifdepd.conf'), values.user);
  refuseUnnameable(system, installation);
  const files = filesOf(system, installation);
  const start = rules.start(installation);
  const known = [...rules.refresh, ...(system === 'systemd' ? lastingUser(installation) : [])];
  const notes = notesOf(installation);
  if (values['dry-run'] === true) {
    showFiles(files);
    showCommands([...known, ...(values.now === true ? start : [])]);
    print(...notes);
    return ExitCode.ok;
  }
  needRoot('writes', files);
  for (const { path } of files) {
    refuseForeign(path);
  }
  for (const { path, mode, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    // The mode above is that of a new file alone.
    chmodSync(path, mode);
    print(`wrote ${path}`);
  }
  runAll([...known, ...(values.now === true ? start : [])]);
  print(...notes);
  if (values.now !== true) {
    print('start it, now and at each boot:', ...start.map((words) => `  ${words.join(' ')}`));
  }
  return ExitCode.ok;
}

/** The service file and the drop-ins that the configuration needs. A package's own unit is left in force where it fits. */
function filesOf(system: ServiceSystem, installation: Installation): readonly ServiceFile[] {
  const { shipped, path, mode, fill } = serviceRules[system];
  const file = { path, mode, text: fill(readFileSync(join(SHIPPED, shipped), 'utf8'), installation) };
  if (system !== 'systemd') {
    return [file];
  }
  const isPackaged = PACKAGED.some((one) => existsSync(one));
  const fits = installation.config === '/etc/ifdepd.conf' && installation.user === null;
  return [
    ...(isPackaged && fits ? [] : [file]),
    ...dropInNames(installation).map((name) => ({
      path: `${path}.d/${name}.conf`,
      mode,
      text: readFileSync(join(SHIPPED, `systemd/drop-ins/${name}.conf`), 'utf8'),
    })),
  ];
}

function dropInNames({ config, user }: Installation): readonly string[] {
  if (!existsSync(config)) {
    return [];
  }
  const settings = loadSettings(config);
  // The drop-in 'units' makes the service root: where another user was asked for, check says what that lacks.
  return dropInsFor(settings, settings.metrics).filter((name) => name !== 'units' || user === null);
}

function notesOf({ node, program, config, user, inHome }: Installation): readonly string[] {
  return [
    ...(existsSync(config)
      ? []
      : [`${config} does not exist yet: write it, then run this again, because it may need drop-ins`]),
    ...(inHome
      ? [
          `${node} and ${program} are in a home directory: the service runs as ${user}, and who can change them there changes what it does; ` +
            'npm install -g --prefix /usr/local ifdepd installs it for the whole system',
        ]
      : []),
  ];
}

/** The drop-ins of a unit that are as they are shipped: one that was edited by hand stays. */
function writtenDropIns(system: ServiceSystem, unit: string): readonly string[] {
  const folder = join(SHIPPED, 'systemd/drop-ins');
  return system !== 'systemd'
    ? []
    : readdirSync(folder)
        .filter((name) => {
          const installed = `${unit}.d/${name}`;
          return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(folder, name)));
        })
        .map((name) => `${unit}.d/${name}`);
}

function uninstall(values: Values): number {
  const system = serviceSystem(values.system);
  const { path, stop, refresh } = serviceRules[system];
  const files = [path, ...writtenDropIns(system, path)].filter((one) => existsSync(one));
  if (values['dry-run'] === true) {
    showCommands([...stop, ...files.map((one) => ['rm', one]), ...refresh]);
    return ExitCode.ok;
  }
  if (files.length === 0) {
    throw new ExitError(ExitCode.failed, `there is no ${path}: nothing was installed`);
  }
  needRoot(
    'removes',
    files.map((one) => ({ path: one })),
  );
  refuseForeign(path);
  runAll(stop, true);
  for (const one of files) {
    rmSync(one);
    print(`removed ${one}`);
  }
  runAll(refresh);
  print('the configuration, the journal and the state of the interfaces stay as they are');
  return ExitCode.ok;
}

function status(values: Values): number {
  const system = serviceSystem(values.system);
  const { path, isActive } = serviceRules[system];
  const file = [path, ...(system === 'systemd' ? PACKAGED : [])].find((one) => existsSync(one)) ?? null;
  const [command = '', ...words] = isActive;
  const active = file !== null && spawnSync(command, words, { stdio: 'ignore' }).status === 0;
  const missing = file === null ? [] : missingPrograms(readFileSync(file, 'utf8'));
  printAs(values.json, { system, file, active, missing }, () => [
    file === null
      ? `${system}: not installed; ifdepd service install writes ${path}`
      : `${system}: ${file}, ${active ? 'running' : 'not running'}`,
    ...missing.map((one) => `${one} does not exist any more: ifdepd service install writes the file anew`),
  ]);
  return file === null ? ExitCode.failed : ExitCode.ok;
}

/** Programs that a service file starts and that are gone, as after a change of the version of Node. Those in quotes or escapes are left out. */
function missingPrograms(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|<!--)/.test(line));
  const paths = lines.flatMap(
    (line) => line.match(/(?<![^\s"'>=])\/[^\s"'<>=%$\\&]*\/(?:node|main\.cjs)(?![\w./-])/g) ?? [],
  );
  return [...new Set(paths)].filter((one) => !existsSync(one));
}

function needRoot(verb: string, files: readonly { readonly path: string }[]): void {
  if (process.getuid?.() !== 0) {
    const all = files.map(({ path }) => path).join(', ');
    throw new ExitError(ExitCode.notPermitted, `this ${verb} ${all}: run it as root, or with --dry-run`);
  }
}

function refuseForeign(path: string): void {
  if (existsSync(path) && !path.includes('.d/') && !OURS.test(readFileSync(path, 'utf8'))) {
    throw new ExitError(ExitCode.system, `${path} is not a file of ifdepd: move it away first`);
  }
}

/** @param goOn what was not running cannot be stopped */
function runAll(commands: readonly (readonly string[])[], goOn = false): void {
  for (const [command = '', ...words] of commands) {
    const { status, error } = spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0 && !goOn) {
      const why = error?.message ?? `exit ${status}`;
      throw new ExitError(ExitCode.system, `${[command, ...words].join(' ')}: ${why}`);
    }
  }
}

function showFiles(files: readonly ServiceFile[]): void {
  for (const { path, mode, text } of files) {
    print(`==> ${path} (mode ${mode.toString(8)})`, text);
  }
}

function showCommands(commands: readonly (readonly string[])[]): void {
  print(...commands.map((words) => `$ ${words.join(' ')}`));
}
