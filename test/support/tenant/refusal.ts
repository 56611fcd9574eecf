// Sends a request that breaks a rule, and checks Graph's error: status, code, message and the fields of `innerError`.
import type { TestTenant } from "./testTenant";

export type RefusedRequest = [
    method: string,
    path: string,
    body: unknown,
    status: number,
    code: string,
    message?: RegExp,
];

export async function expectRefusal(tenant: TestTenant, ...request: RefusedRequest): Promise<void> {
    const [method, path, body, status, code, message = /./] = request;
    const answer = await tenant.tryGraph(method, path, body);
    const { error } = answer.body as { error?: { code: string; message: string; innerError: Record<string, string> } };
    expect({ status: answer.status, code: error?.code }).toEqual({ status, code });
    expect(error?.message).toMatch(message);
    expect(Object.keys(error?.innerError ?? {}).sort()).toEqual(["client-request-id", "date", "request-id"]);
}
