// Counts the requests for reading a thousand customers' tenants. customers.test.ts reads fewer.
import { expectOneRequestEach } from "../support/consent/costOfCustomers";

jest.setTimeout(300_000);

test.each([1000])("%i customers: one request each, and at most two to the token service", expectOneRequestEach);
