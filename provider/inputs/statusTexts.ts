// The texts by which inputs and their live counterparts are compared. State keeps them, so they never change. Pure.

/** Literal texts that check fills in and that stand for "as a working portal needs it". */
export const PRESENT = "present";
export const ENABLED = "enabled";
export const APPLICATION_ID_URI = "api://<applicationId>";
/** Says that only users assigned to the enterprise application may sign in. */
export const ASSIGNMENT_REQUIRED = "assignment required";
/** Live counterpart of a certificate or web address that somebody took away. */
export const NOT_REGISTERED = "not registered";
/** The program writes "enabled" for an application that it adopts: all users may sign in, whatever its owner sets. */
export const ALL_USERS = "enabled for all users";
