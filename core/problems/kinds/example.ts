/** A piece of YAML that has the problem, and one that has not. */
export function example(wrong: string, right: string): string {
  return `\n\n\`\`\`yaml\n# wrong\n${wrong}\n\n# right\n${right}\n\`\`\``;
}
