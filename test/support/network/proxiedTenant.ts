// Runs a tenant whose hosts only a proxy can resolve. A hooks process with the variables `onlyWay` of the proxy
// resolves no name, so it must use the proxy.
import type { PortalServer } from "../../../emulator";
import { HooksProcess, type HooksOptions } from "../hooks/hooksProcess";
import { HooksTenant } from "../hooks/hooksTenant";
import { ConnectProxy, type ProxyOptions } from "./connectProxy";

/**
 * The provider reads the endpoints of Entra and Graph from this host. The endpoints are on localhost. A hooks process
 * with `onlyWay` can resolve neither this host nor localhost.
 */
export const LOGIN = "login.microsoftonline.com";
export const PASSWORD = "p@ss %/word";

export class ProxiedTenant {
    private readonly started: (ConnectProxy | HooksProcess)[] = [];

    private constructor(
        readonly world: HooksTenant,
        readonly server: PortalServer,
    ) {}

    static async start(): Promise<ProxiedTenant> {
        const world = await HooksTenant.start();
        world.keep();
        return new ProxiedTenant(world, await world.tenant.emulator.startPortalServer());
    }

    /** The hosts to which the proxy connects during a deployment. */
    get hosts(): string[] {
        return [`localhost:${new URL(this.world.tenant.emulator.url).port}`, `${LOGIN}:443`];
    }

    async proxy(options: ProxyOptions = {}): Promise<ConnectProxy> {
        const [port, serverPort] = [this.world.tenant.emulator.url, this.server.url].map((url) => new URL(url).port);
        const hosts = { [LOGIN]: Number(port), "portal.abc.com": Number(serverPort) };
        const one = await ConnectProxy.start({ hosts, ...options });
        this.started.push(one);
        return one;
    }

    /**
     * Starts a hooks process that lasts until the test ends. Its clock is simulated, so the pauses before the provider
     * retries a lost connection take no real time.
     */
    hooks(env: Record<string, string>, options: HooksOptions = {}): HooksProcess {
        const onSleep = (ms: number) => this.world.control.advanceClock(ms);
        const all = { ...this.world.tenant.env, ARM_METADATA_HOSTNAME: LOGIN, ...env };
        const hooks = new HooksProcess(all, { onSleep, ...options });
        this.started.push(hooks);
        return hooks;
    }

    async reset(): Promise<void> {
        for (const one of this.started.splice(0)) await ("close" in one ? one.close() : one.kill());
        this.world.reset();
    }

    close(): Promise<void> {
        return this.world.close();
    }
}
