// Replaces the API of GitLab: the issues of a project and the notes of a merge request.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const GITLAB_TOKEN = "project-access-token";

interface Entry {
    readonly id: number;
    readonly iid: number;
    readonly labels?: string;
    title?: string;
    /** The description of an issue, or the text of a note. */
    body: string;
    isOpen: boolean;
}

export class GitlabApi {
    readonly issues: Entry[] = [];
    readonly notes: Entry[] = [];
    private readonly server: Server;

    private constructor() {
        this.server = createServer((request, answer) => {
            void this.answer(request).then(([status, body]) => {
                answer.statusCode = status;
                answer.setHeader("Content-Type", "application/json");
                answer.end(JSON.stringify(body));
            });
        });
    }

    static async start(): Promise<GitlabApi> {
        const api = new GitlabApi();
        await new Promise<void>((done) => api.server.listen(0, "127.0.0.1", done));
        return api;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/v4`;
    }

    private async answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
        if (request.headers["private-token"] !== GITLAB_TOKEN) return [401, { message: "401 Unauthorized" }];
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const { pathname, searchParams } = new URL(request.url ?? "", this.url);
        const [, kind = "", id] =
            /^\/api\/v4\/projects\/1\/(?:merge_requests\/5\/)?(issues|notes)(?:\/(\d+))?$/.exec(pathname) ?? [];
        if (kind === "") return [404, { message: "404 Not Found" }];
        const list = kind === "issues" ? this.issues : this.notes;
        if (request.method === "GET") {
            const label = searchParams.get("labels");
            return [200, list.filter((one) => one.isOpen && (label === null || one.labels === label))];
        }
        const entry = request.method === "POST" ? added(list, form) : list.find((one) => String(one.iid) === id);
        if (entry) change(entry, form);
        return entry ? [200, entry] : [404, { message: "404 Not Found" }];
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
}

function added(list: Entry[], form: URLSearchParams): Entry {
    const number = list.length + 1;
    const labels = form.get("labels");
    const entry = { id: number, iid: number, body: "", isOpen: true, ...(labels === null ? {} : { labels }) };
    list.push(entry);
    return entry;
}

function change(entry: Entry, form: URLSearchParams): void {
    const title = form.get("title");
    if (title !== null) entry.title = title;
    entry.body = form.get("description") ?? form.get("body") ?? entry.body;
    if (form.get("state_event") === "close") entry.isOpen = false;
}
