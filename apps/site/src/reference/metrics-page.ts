/** A page of metrics. @param text what the daemon shows: the text format of Prometheus */
export function metricsPage(text: string): string {
  const families = [...text.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\w+)\n(\S*)/gm)];
  return `${[
    '# Metrics',
    '`GET /metrics` of the control socket, and of the port of `--metrics`, in the text format of Prometheus.',
    ...families.flatMap(([, name = '', help = '', type = '', sample = '']) => {
      const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => `\`${label}\``);
      return [`## ${name}`, `${help}`, `A ${type}${labels.length === 0 ? '' : ` by ${labels.join(', ')}`}.`];
    }),
  ].join('\n\n')}\n`;
}
