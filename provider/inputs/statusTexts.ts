// The texts by which an input is compared with its live value. State keeps them, so they never change. Pure.

/** Check fills these in. Each means: as a working portal needs it. */
export const PRESENT = "present";
export const ENABLED = "enabled";
export const APPLICATION_ID_URI = "api://<applicationId>";
/** Only users that are assigned to the enterprise application may sign in. */
export const ASSIGNMENT_REQUIRED = "assignment required";
/** Live value of a certificate or web address that is no longer on the application. */
export const NOT_REGISTERED = "not registered";
/** The program writes "enabled" for an application that it adopts: all users may sign in, whatever its owner sets. */
export const ALL_USERS = "enabled for all users";
