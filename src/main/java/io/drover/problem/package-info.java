/** What a client is told about a fault: one value and one document (RFC 9457) for every entrance. */
@org.jspecify.annotations.NullMarked
package io.drover.problem;
