/** Where Drover starts: its main class and what all packages share. */
@org.jspecify.annotations.NullMarked
package io.drover;
