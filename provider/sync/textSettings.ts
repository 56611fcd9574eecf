// Lists the texts of an application that a program may name. Otherwise they belong to the owner. Pure.

/**
 * `code` stands for the text in tags. State files and tags contain it, so it never changes. A new text needs a row
 * here, an input, a field of `LiveApplication` and a row in drift.ts.
 */
export const TEXT_SETTINGS = [
    { item: "signInAudience", code: "a" },
    { item: "serviceManagementReference", code: "m" },
] as const;

export type TextSetting = (typeof TEXT_SETTINGS)[number]["item"];
