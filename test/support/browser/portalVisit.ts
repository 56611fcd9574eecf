// A user's visit to the portal with the browser: what they end up seeing.
import type { Page } from "playwright-core";

import { PORTAL_URL } from "../tenant/portals";
import type { TestBrowser } from "./chromium";

export interface Seen {
    /** Whether the page is the portal's, or the sign-in host's own. */
    readonly page: "portal" | "sign-in host";
    readonly title: string;
    readonly text: string;
    /** Behind AADSTS. */
    readonly code: number | undefined;
}

export interface Visit {
    readonly asked?: { readonly prompt?: "none"; readonly authority?: string } | undefined;
    /** Whom to pick where the sign-in host asks. */
    readonly account?: string;
    /** File for what is seen at the end. */
    readonly screenshot?: string;
}

/** In a window of its own, as somebody who comes for the first time. */
export async function visit({ browser }: TestBrowser, options: Visit = {}): Promise<Seen> {
    const { asked, account, screenshot } = options;
    const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
    try {
        const page = await context.newPage();
        await page.goto(`${PORTAL_URL}/?${new URLSearchParams(asked).toString()}`);
        await page.click("button");
        if (account !== undefined) await page.click(`button:has-text("${account}")`);
        const seen = await endOf(page);
        if (screenshot !== undefined) await page.screenshot({ path: screenshot });
        return seen;
    } finally {
        await context.close();
    }
}

async function endOf(page: Page): Promise<Seen> {
    await page.waitForSelector("[data-state=signed-in], [data-state=failed], main:not([data-state]) h1");
    const title = await page.innerText("h1");
    const text = await page.innerText("main");
    const number = /AADSTS(\d+)/.exec(text)?.[1];
    const isPortal = page.url().startsWith(PORTAL_URL);
    return {
        page: isPortal ? "portal" : "sign-in host",
        title,
        text,
        code: number === undefined ? undefined : Number(number),
    };
}
