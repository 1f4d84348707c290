/** What Drover adds to Camel's Simple language. */
@org.jspecify.annotations.NullMarked
package io.drover.camel.simple;
