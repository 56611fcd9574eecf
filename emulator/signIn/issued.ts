// Keeps the issued authorization codes, device codes and refresh tokens in memory only. After a restart of the
// emulator, they and all other tokens are invalid.
import { randomBytes } from "node:crypto";

import type { Platform } from "./replyUrls";

/** A user's sign-in, which an authorization code or a refresh token represents. */
export interface SignedIn {
    readonly tenantId: string;
    readonly appId: string;
    readonly userId: string;
    readonly platform: Platform;
    readonly scope: string;
    /** Whether the user completed multifactor authentication. */
    readonly isMfaDone: boolean;
    /** Milliseconds since the epoch. */
    readonly issuedAt: number;
}

export interface AuthorizationCode extends SignedIn {
    readonly redirectUri: string;
    readonly nonce: string | undefined;
    readonly challenge: { readonly value: string; readonly method: string } | undefined;
    isRedeemed: boolean;
}

export interface RefreshToken extends SignedIn {
    /**
     * The time of the sign-in, in milliseconds since the epoch. If a refresh token is redeemed, the new token keeps
     * this time.
     */
    readonly signedInAt: number;
}

/** A device waits until the user enters its short code on another device and approves or declines the sign-in. */
export interface DeviceCode {
    readonly userCode: string;
    /** `undefined` means any tenant. */
    readonly tenantId: string | undefined;
    readonly appId: string;
    readonly scope: string;
    readonly issuedAt: number;
    /** The user's decision. It is missing until the user has decided. */
    outcome?: "declined" | Pick<SignedIn, "tenantId" | "userId" | "isMfaDone">;
}

export class Issued {
    readonly codes = new Map<string, AuthorizationCode>();
    readonly deviceCodes = new Map<string, DeviceCode>();
    readonly refreshTokens = new Map<string, RefreshToken>();

    addCode(code: Omit<AuthorizationCode, "isRedeemed">): string {
        return add(this.codes, { ...code, isRedeemed: false });
    }

    addDeviceCode(code: DeviceCode): string {
        return add(this.deviceCodes, code);
    }

    addRefreshToken(signedIn: RefreshToken): string {
        return add(this.refreshTokens, signedIn);
    }
}

function add<T>(map: Map<string, T>, value: T): string {
    const key = `1.${randomBytes(48).toString("base64url")}`;
    map.set(key, value);
    return key;
}
