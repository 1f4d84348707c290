/**
 * Text and JSON from outside: one reader of text, one door for JSON with limits, one form of a value, and schemas that are
 * checked within bounds. Knows nothing of Drover.
 */
@org.jspecify.annotations.NullMarked
package io.drover.json;
