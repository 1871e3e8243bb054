/** Declared tags: ours and the user's. Tags of others beside them are never touched or compared. */
export type Tags = Readonly<Record<string, string>>;
