// Forces a process to use a proxy for everything. A preload of this file prevents the process from resolving names and
// from connecting to any port except the proxy's.
const net = require("node:net");

function refusal(host, port) {
    const isName = net.isIP(host) === 0;
    const message = isName ? `getaddrinfo ENOTFOUND ${host}` : `connect ECONNREFUSED ${host}:${port}`;
    return Object.assign(new Error(message), { code: isName ? "ENOTFOUND" : "ECONNREFUSED" });
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    const { port = options, host = "localhost", path } = options;
    if (path !== undefined || String(port) === process.env.TEST_PROXY_PORT) return connect.apply(this, args);
    process.nextTick(() => this.destroy(refusal(host, port)));
    return this;
};
