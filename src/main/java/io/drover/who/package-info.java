/** Who acts, and what they may do: one value for every entrance. */
@org.jspecify.annotations.NullMarked
package io.drover.who;
