/** Erases what is kept about a person, and says what it could not reach. */
@org.jspecify.annotations.NullMarked
package io.drover.erasure;
