// Lists the texts of an application that a program may name and that otherwise belong to its owner. Pure.

/**
 * `code` stands for the text in tags. State files and tags keep it, so it never changes. A further text needs a row here,
 * an input, a field of `LiveApplication` and a row in drift.ts.
 */
export const TEXT_SETTINGS = [
    { item: "signInAudience", code: "a" },
    { item: "serviceManagementReference", code: "m" },
] as const;

export type TextSetting = (typeof TEXT_SETTINGS)[number]["item"];
