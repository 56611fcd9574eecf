// What a read of many customers' tenants costs. A thousand; fewer: customers.test.ts.
import { expectOneRequestEach } from "../support/consent/costOfCustomers";

jest.setTimeout(300_000);

test.each([1000])("%i customers: one request each, beside two at most to the token service", expectOneRequestEach);
