/** Who acts, and what he may do: one value for every entrance. */
@org.jspecify.annotations.NullMarked
package io.drover.who;
