// Preloaded into a process that must reach everything through a proxy: it resolves no name, and connects to no other port.
const dns = require("node:dns");
const net = require("node:net");

const failure = (code, what) => Object.assign(new Error(`${what} ${code}`), { code });

dns.lookup = (hostname, ...rest) => {
    const callback = rest.at(-1);
    process.nextTick(() => callback(failure("ENOTFOUND", `getaddrinfo ${hostname}`)));
};

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    const port = String(options?.port ?? options);
    if (options?.path !== undefined || port === process.env.TEST_PROXY_PORT) return connect.apply(this, args);
    process.nextTick(() => this.destroy(failure("ECONNREFUSED", `connect ${options?.host ?? ""}:${port}`)));
    return this;
};
