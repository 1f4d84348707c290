/**
 * The HTTP API. Whatever is sent, the answer is a result or an RFC 9457 problem that names the field, what is wrong with
 * its value, and what is accepted. No call holds a thread of the platform or a connection while it waits.
 */
@org.jspecify.annotations.NullMarked
package io.drover.api;
