const referencePattern = /\$\{\{\s*(?:([^{}.]+)\.)?([A-Za-z_]\w*)\s*\}\}/g;

/** What `${{owner.name}}` points to; without an owner, a variable of the same scope. */
export interface Reference {
  readonly owner: string | null;
  readonly name: string;
}

/** The references in a value, as `owner.NAME` or `NAME`. */
export function referencesIn(template: string): string[] {
  return Array.from(template.matchAll(referencePattern), ([, owner, name]) =>
    owner === undefined ? `${name}` : `${owner.trim()}.${name}`,
  );
}

/** Puts a value in the place of each reference. */
export function renderTemplate(template: string, resolve: (reference: Reference) => string): string {
  return template.replace(referencePattern, (_whole, owner: string | undefined, name: string) =>
    resolve({ owner: owner?.trim() ?? null, name }),
  );
}
