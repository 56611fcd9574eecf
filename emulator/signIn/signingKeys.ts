// Signs and verifies tokens with the emulator's key pair.
// https://learn.microsoft.com/entra/identity-platform/access-tokens
import { createSign, createVerify, generateKeyPairSync, randomUUID } from "node:crypto";

export type Claims = Readonly<Record<string, unknown>>;

export class SigningKeys {
    private readonly keyId = randomUUID();
    private readonly pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

    jwks(): object {
        const key = this.pair.publicKey.export({ format: "jwk" });
        return { keys: [{ ...key, kid: this.keyId, use: "sig", alg: "RS256" }] };
    }

    sign(claims: Claims): string {
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
        const text = `${encode({ typ: "JWT", alg: "RS256", kid: this.keyId })}.${encode(claims)}`;
        return `${text}.${createSign("RSA-SHA256").update(text).sign(this.pair.privateKey, "base64url")}`;
    }

    /** Returns `undefined` if another key signed the token. */
    claimsOf(token: string): Claims | undefined {
        const [header = "", payload = "", signature = ""] = token.split(".");
        const isOurs = createVerify("RSA-SHA256")
            .update(`${header}.${payload}`)
            .verify(this.pair.publicKey, signature, "base64url");
        return isOurs ? (JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims) : undefined;
    }
}
