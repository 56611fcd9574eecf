// Counts the requests for reading up to a hundred customers' tenants. customers.deep.test.ts reads a thousand.
import { expectOneRequestEach } from "../support/consent/costOfCustomers";

jest.setTimeout(300_000);

test.each([1, 100])("%i customers: one request each, and at most two to the token service", expectOneRequestEach);
