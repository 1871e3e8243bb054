/** What all of them begin with; they are not empty. */
export function commonPrefix(names: readonly string[]): string {
  return names.reduce((prefix, name) => {
    let end = 0;
    while (end < prefix.length && prefix[end] === name[end]) end += 1;
    return prefix.slice(0, end);
  });
}
