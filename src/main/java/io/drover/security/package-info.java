/**
 * Who may do what: users from configuration, HTTP Basic, closed by default.
 * A process without users does not start.
 * Everything but the two health probes needs a user.
 */
@org.jspecify.annotations.NullMarked
package io.drover.security;
