/** Something that a reader of the tutorial does, in order. */
export type Step =
  | { readonly kind: 'file'; readonly line: number; readonly path: string; readonly text: string }
  | {
      readonly kind: 'run';
      readonly line: number;
      readonly commands: string;
      /** Fails on purpose. */
      readonly fails: boolean;
      /** Goes on running in a terminal of its own. */
      readonly stays: boolean;
      /** What it prints, where the page shows it. */
      readonly shown: string | undefined;
    };

const fence = /^```(\w+)([^\n]*)\n(.*?)^```$/gms;

/**
 * The fenced blocks of a Markdown page as steps: `yaml file=PATH` is a file to save, `sh` are commands, and `text` is
 * what the commands before it print.
 */
export function stepsOf(markdown: string): readonly Step[] {
  const steps: Step[] = [];
  for (const { 1: language, 2: about = '', 3: text = '', index } of markdown.matchAll(fence)) {
    const line = markdown.slice(0, index).split('\n').length;
    const last = steps.at(-1);
    const path = /file=(\S+)/.exec(about)?.[1];
    if (path !== undefined) steps.push({ kind: 'file', line, path, text });
    else if (language === 'sh') {
      const [fails, stays] = [about.includes('fails'), about.includes('second-terminal')];
      steps.push({ kind: 'run', line, commands: text, fails, stays, shown: undefined });
    } else if (language === 'text' && last?.kind === 'run' && last.shown === undefined) {
      steps[steps.length - 1] = { ...last, shown: text };
    } else throw new Error(`Line ${line}: nobody knows what this block of ${language ?? 'nothing'} is for.`);
  }
  return steps;
}

/** Matches an output that looks as shown: `…` is any text in a line, a line of it alone any lines, or none. */
export function asShown(shown: string): RegExp {
  const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = shown
    .trimEnd()
    .split('\n')
    .map((line) => (line === '…' ? '(?:[^\\n]*\\n)*?' : `${line.split('…').map(quoted).join('[^\\n]*')}[ \\t]*\\n`));
  return new RegExp(`^${lines.join('')}$`);
}
