// What a read of many customers' tenants costs. Up to a hundred; a thousand: customers.deep.test.ts.
import { expectOneRequestEach } from "../support/consent/costOfCustomers";

jest.setTimeout(300_000);

test.each([1, 100])("%i customers: one request each, beside two at most to the token service", expectOneRequestEach);
