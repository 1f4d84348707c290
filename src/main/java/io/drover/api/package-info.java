/**
 * The HTTP API.
 * The answer is always a result, or an RFC 9457 problem that names the field, what is wrong with its value, and what
 * is accepted.
 * A waiting call holds no platform thread and no connection.
 */
@org.jspecify.annotations.NullMarked
package io.drover.api;
