/** What a client is told of a fault: one value, one document (RFC 9457), whichever way the request came in. */
@org.jspecify.annotations.NullMarked
package io.drover.problem;
