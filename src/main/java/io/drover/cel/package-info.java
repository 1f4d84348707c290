/** Conditions in CEL, the Common Expression Language, over values that come from tasks. */
@org.jspecify.annotations.NullMarked
package io.drover.cel;
