// Converts GUIDs to bytes in .NET's order. Graph builds the ids of grants and assignments from these bytes.

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
