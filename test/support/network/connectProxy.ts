// Runs a CONNECT proxy such as companies use, but on loopback. Only this proxy can resolve certain hosts.
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";

export interface ProxyOptions {
    /** Host names that only this proxy can resolve, and the local port behind each. */
    readonly hosts?: Readonly<Record<string, number>>;
    readonly user?: string;
    readonly password?: string;
    /** The status, such as `403 Forbidden`, with which the proxy refuses each CONNECT. A wrong login gets 407. */
    readonly refusal?: string;
}

const NO_OTHER_WAY = join(__dirname, "onlyThroughProxy.cjs");

export class ConnectProxy {
    /** `host:port` of each CONNECT, including refused ones. */
    readonly connects: string[] = [];
    private readonly sockets = new Set<Socket>();

    private constructor(
        private readonly server: Server,
        private readonly options: ProxyOptions,
    ) {
        server.on("connect", (request: IncomingMessage, client: Socket) => this.tunnel(request, client));
    }

    static async start(options: ProxyOptions = {}): Promise<ConnectProxy> {
        const server = createServer();
        const proxy = new ConnectProxy(server, options);
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        return proxy;
    }

    get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    get host(): string {
        return `127.0.0.1:${this.port}`;
    }

    /** The proxy's URL, with user and password if it requires them. */
    get url(): string {
        const { user, password } = this.options;
        const login = user === undefined ? "" : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? "")}@`;
        return `http://${login}${this.host}`;
    }

    /** The environment variables with which a process cannot resolve any name, and can connect only to this proxy. */
    get onlyWay(): Record<string, string> {
        return { NODE_OPTIONS: `--require ${NO_OTHER_WAY}`, TEST_PROXY_PORT: String(this.port) };
    }

    /** Returns `host:port` of all CONNECTs, including refused ones, without repetitions. */
    hosts(): string[] {
        return [...new Set(this.connects)].sort();
    }

    async close(): Promise<void> {
        for (const socket of this.sockets) socket.destroy();
        await new Promise((done) => this.server.close(done));
    }

    private tunnel(request: IncomingMessage, client: Socket): void {
        const target = request.url ?? "";
        this.connects.push(target);
        this.sockets.add(client);
        client.on("error", () => undefined);
        const [host = "", port = ""] = target.split(":");
        const local = this.options.hosts?.[host] ?? (host === "localhost" ? Number(port) : undefined);
        const refusal = this.refusalOf(request, local);
        if (refusal !== undefined) {
            client.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
            return;
        }
        const upstream = connect(local ?? 0, "127.0.0.1", () => {
            client.write("HTTP/1.1 200 Connection established\r\n\r\n");
            upstream.pipe(client);
            client.pipe(upstream);
        });
        this.sockets.add(upstream);
        upstream.on("error", () => client.destroy());
        client.on("close", () => upstream.destroy());
    }

    private refusalOf({ headers }: IncomingMessage, local: number | undefined): string | undefined {
        const { user, password, refusal } = this.options;
        const login = `Basic ${Buffer.from(`${user ?? ""}:${password ?? ""}`).toString("base64")}`;
        if (user !== undefined && headers["proxy-authorization"] !== login) return "407 Proxy Authentication Required";
        return refusal ?? (local === undefined ? "502 Bad Gateway" : undefined);
    }
}
