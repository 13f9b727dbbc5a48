/** The first word of a command line that is work for a daemon, and not what a person has typed. */
export const WORKER = 'worker';
