// The bytes of GUIDs in .NET's order, of which Graph makes the ids of grants and assignments.

export function mixedEndian(guid: string): Buffer {
    const bytes = Buffer.from(guid.replace(/-/g, ""), "hex");
    bytes.subarray(0, 4).swap32();
    bytes.subarray(4, 8).swap16();
    return bytes;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isGuid(value: unknown): value is string {
    return typeof value === "string" && GUID.test(value);
}
