/** The start of the process: what must be there, and one clear sentence when it is not. */
@org.jspecify.annotations.NullMarked
package io.drover.start;
