// Lists the text properties of an application, except its name, that a program may set. On an adopted application, a
// property that the program never set is left alone. Pure.

/**
 * `code` stands for the property in tags. State files and tags contain it, so it never changes. A new property needs a
 * row here, an input, a field of `LiveApplication` and a row in portal/rules/drift.ts.
 */
export const TEXT_SETTINGS = [
    { item: "signInAudience", code: "a" },
    { item: "serviceManagementReference", code: "m" },
] as const;

export type TextSetting = (typeof TEXT_SETTINGS)[number]["item"];
