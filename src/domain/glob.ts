/** Whether `text` matches `glob`, where `*` stands for any run of characters; the whole text must match. */
export function globMatch(glob: string, text: string): boolean {
  const pattern = glob.split('*').map((literal) => literal.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(text);
}
