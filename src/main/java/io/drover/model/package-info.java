/**
 * Language models: which there are, how they are called over HTTP, what a call costs and who pays for it.
 *
 * <p>A model is called like a tool, {@code model.<name>}, behind the same guard and recorded in the same journal
 * ({@link io.drover.model.ModelTools}).
 */
@org.jspecify.annotations.NullMarked
package io.drover.model;
