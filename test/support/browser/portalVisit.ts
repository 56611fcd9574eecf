// Visits the portal in the browser as a user, and returns the last page of the visit.
import type { Page } from "playwright-core";

import { PORTAL_URL } from "../tenant/portals";
import type { TestBrowser } from "./chromium";

export interface FinalPage {
    /** The host of the final page. */
    readonly page: "portal" | "sign-in host";
    readonly title: string;
    readonly text: string;
    /** The AADSTS number on the final page. `undefined`: the page shows none. */
    readonly code: number | undefined;
}

export interface Visit {
    readonly parameters?: { readonly prompt?: "none"; readonly authority?: string } | undefined;
    /** The account that the user picks on the sign-in page. */
    readonly account?: string;
    /** The file for a screenshot of the final page. */
    readonly screenshot?: string;
}

/** Opens the portal in a new window without cookies, as on a first visit. */
export async function visit({ browser }: TestBrowser, options: Visit = {}): Promise<FinalPage> {
    const { parameters, account, screenshot } = options;
    const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
    try {
        const page = await context.newPage();
        await page.goto(`${PORTAL_URL}/?${new URLSearchParams(parameters).toString()}`);
        await page.click("button");
        if (account !== undefined) await page.click(`button:has-text("${account}")`);
        const finalPage = await finalPageOf(page);
        if (screenshot !== undefined) await page.screenshot({ path: screenshot });
        return finalPage;
    } finally {
        await context.close();
    }
}

async function finalPageOf(page: Page): Promise<FinalPage> {
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
