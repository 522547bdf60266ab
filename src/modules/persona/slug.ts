/** Slugs made of a name: the plain one, then the same with 2, 3, ... behind it. At most 60 characters each. */
export function* slugsFor(name: string): Generator<string, never> {
  const base =
    name
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50)
      .replace(/-+$/, '') || 'personality'
  yield base
  for (let number = 2; ; number++) yield `${base}-${number}`
}
